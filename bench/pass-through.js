// Runs a proxy that passes each request on, over kept connections: `pass-through.js PORT`. It sends its port to the parent.
import { Agent, createServer } from 'node:http';
import { createProxyServer } from 'http-proxy-3';

const [port = ''] = process.argv.slice(2);
const proxy = createProxyServer({
  target: `http://127.0.0.1:${port}`,
  agent: new Agent({ keepAlive: true }),
});
proxy.on('error', (_error, _req, res) => res.destroy());

const server = createServer((req, res) => proxy.web(req, res));
server.listen(0, '127.0.0.1', () => {
  const { port: actual } = /** @type {import('node:net').AddressInfo} */ (server.address());
  process.send?.({ port: actual });
});
process.on('message', () => process.send?.({ cpu: process.cpuUsage() }));
process.on('disconnect', () => process.exit());
