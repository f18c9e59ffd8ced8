// Loaded before a program of a guide, so that it can run unchanged: a server that listens on a fixed port gets a free one and writes it
// to a file, and a client that connects to a fixed port or to an address of the guide is redirected to that port.
import { appendFileSync, readFileSync } from 'node:fs';
import { Server, Socket } from 'node:net';

const file = process.env['GUIDE_PORTS'] ?? '';

/** The free ports that this process has got. A server that listens on one of them again keeps it. */
const own = new Set();

const { listen } = Server.prototype;
/** @this {Server} @param {any[]} args */
Server.prototype.listen = function listenOnFree(...args) {
  const [first] = args;
  const port = Number(typeof first === 'object' && first !== null ? first.port : first);
  if (own.has(port)) return Reflect.apply(listen, this, args);
  if (!(port > 0)) {
    this.once('listening', () => {
      const address = this.address();
      if (typeof address === 'object' && address !== null) own.add(address.port);
    });
    return Reflect.apply(listen, this, args);
  }
  args[0] = typeof first === 'object' ? { ...first, port: 0 } : 0;
  this.once('listening', () => {
    const { port: actual } = /** @type {import('node:net').AddressInfo} */ (this.address());
    appendFileSync(file, `127.0.0.1:${port} 127.0.0.1:${actual}\n`);
  });
  return Reflect.apply(listen, this, args);
};

const { connect } = Socket.prototype;
/** @this {Socket} @param {any[]} args */
Socket.prototype.connect = function connectWhereItIs(...args) {
  const list = Array.isArray(args[0]) ? args[0] : args;
  const [options] = list;
  if (typeof options === 'object' && options?.port !== undefined) {
    const asked = `${(options.host ?? '127.0.0.1').replace('localhost', '127.0.0.1')}:${options.port}`;
    const known = readFileSync(file, 'utf8')
      .split('\n')
      .map((line) => line.split(' '))
      .findLast(([from]) => from === asked);
    if (known?.[1] !== undefined) {
      const [host, port] = known[1].split(':');
      list[0] = { ...options, host, port: Number(port) };
    }
  }
  return Reflect.apply(connect, this, args);
};
