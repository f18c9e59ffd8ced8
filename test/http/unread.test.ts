import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { createServer, ServerResponse } from 'node:http';
import { connect as connectHttp2, constants, createServer as createHttp2Server } from 'node:http2';
import { type AddressInfo, connect } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  createPegasusHandler,
  type HandlerOptions,
  memoryCluster,
  type ResponseEvent,
} from '../../lib/index.js';
import { listening } from '../support/http.js';

const LARGE = '/meta/app?name=temp&detail';
const PATIENCE = { timeout: 10_000 };

/** A handler of a large response that is rendered for each request, and how often that was. */
function largeSource(options: HandlerOptions, partitionCount = 20_000) {
  const { metaState } = memoryCluster({
    nodes: ['127.0.0.1:34801', '127.0.0.1:34802'],
    apps: [{ appName: 'temp', partitionCount }],
  });
  const app = vi.fn((name: string) => {
    const found = metaState.app(name);
    return found && { ...found, partitions: found.partitions.map((partition) => ({ ...partition })) };
  });
  const source = { metaState: { ...metaState, app } };
  return { app, handler: createPegasusHandler(source, options) };
}

/** A client of HTTP/1.1 that reads only when it is told to. */
function pausedClient(origin: string, requests: number) {
  const socket = connect(Number(new URL(origin).port), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => {});
  socket.pause();
  socket.write(`GET ${LARGE} HTTP/1.1\r\nHost: a\r\n\r\n`.repeat(requests));
  return socket;
}

/** The statuses of the response events. */
function responseStatuses(): (number | undefined)[] {
  const statuses: (number | undefined)[] = [];
  const listener = (event: unknown) => statuses.push((event as ResponseEvent).status);
  subscribe('pegasus-http:response', listener);
  onTestFinished(() => void unsubscribe('pegasus-http:response', listener));
  return statuses;
}

/** The frames of an HTTP/2 client that gives its streams and its connection the largest windows. */
function http2Requests(target: string, requests: number): Buffer {
  function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
    const head = Buffer.alloc(9);
    head.writeUIntBE(payload.length, 0, 3);
    head[3] = type;
    head[4] = flags;
    head.writeUInt32BE(stream, 5);
    return Buffer.concat([head, payload]);
  }
  const headers = { ':method': 'GET', ':path': target, ':scheme': 'http', ':authority': 'a' };
  const block = Object.entries(headers).map(
    ([name, value]) =>
      `\0${String.fromCharCode(name.length)}${name}${String.fromCharCode(value.length)}${value}`,
  );
  return Buffer.concat([
    Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
    frame(4, 0, 0, Buffer.from('00047fffffff', 'hex')),
    frame(8, 0, 0, Buffer.from('7fff0000', 'hex')),
    frame(4, 1, 0, Buffer.alloc(0)),
    ...Array.from({ length: requests }, (_, i) => frame(1, 5, 2 * i + 1, Buffer.from(block.join('')))),
  ]);
}

/** A client of HTTP/2 whose streams have a window of zero. */
async function zeroWindowClient(options: HandlerOptions) {
  const { app, handler } = largeSource(options);
  const server = createHttp2Server(handler).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const session = connectHttp2(`http://127.0.0.1:${port}`, { settings: { initialWindowSize: 0 } });
  session.on('error', () => {});
  await once(session, 'remoteSettings');
  onTestFinished(async () => {
    session.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  function open(target: string) {
    const stream = session.request({ ':path': target });
    stream.on('error', () => {});
    stream.end();
    return stream;
  }
  return { app, open };
}

describe('a response that the client does not read', () => {
  // 2.4 MB are written in pieces, 120 KB at once. Eight are handled at a time, besides those that fill the buffers of the kernel.
  it.each([
    { requests: 30, partitionCount: 20_000, maxRendered: 20 },
    { requests: 100, partitionCount: 20_000, maxRendered: 20 },
    { requests: 500, partitionCount: 1_000, maxRendered: 150 },
  ])(
    'closes the connection after timeoutMs ($requests pipelined of $partitionCount partitions)',
    async ({ requests, partitionCount, maxRendered }) => {
      const statuses = responseStatuses();
      const { app, handler } = largeSource({ timeoutMs: 300 }, partitionCount);
      const server = createServer(handler);
      const origin = await listening(server);
      const accepted = once(server, 'connection');
      pausedClient(origin, requests);
      const [socket] = await accepted;
      await vi.waitFor(() => expect(socket.destroyed).toBe(true), PATIENCE);
      expect(app.mock.calls.length).toBeLessThan(maxRendered);
      await vi.waitFor(() => expect(statuses).toHaveLength(requests), PATIENCE);
      expect(statuses.filter((status) => status === 200).length).toBeLessThan(maxRendered - 8);
    },
  );

  it.each([LARGE, '/version', '/meta/apps'])(
    'resets the stream of HTTP/2 after timeoutMs: %s',
    async (target) => {
      const statuses = responseStatuses();
      const { open } = await zeroWindowClient({ timeoutMs: 300 });
      const stream = open(target);
      await vi.waitFor(() => expect(stream.closed).toBe(true), PATIENCE);
      expect(stream.rstCode).toBe(constants.NGHTTP2_INTERNAL_ERROR);
      await vi.waitFor(() => expect(statuses).toEqual([undefined]), PATIENCE);
    },
  );

  it.each([
    { target: LARGE, requests: 500 },
    { target: '/meta/apps', requests: 10_000 },
  ])('closes an HTTP/2 connection that is not read at all: $target', async ({ target, requests }) => {
    const { app, handler } = largeSource({ timeoutMs: 300 });
    const server = createHttp2Server(handler).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const connected = once(server, 'session');
    const socket = pausedClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 0);
    socket.write(http2Requests(target, requests));
    const [session] = await connected;
    session.on('error', () => {});
    await vi.waitFor(() => expect(session.destroyed).toBe(true), { timeout: 30_000 });
    expect(app.mock.calls.length).toBeLessThanOrEqual(8);
  });

  it('keeps other responses of its HTTP/2 connection from being rendered', async () => {
    const { app, open } = await zeroWindowClient({ timeoutMs: 60_000 });
    const streams = Array.from({ length: 50 }, () => open(LARGE));
    await Promise.all(streams.slice(0, 8).map((stream) => once(stream, 'response')));
    expect(app).toHaveBeenCalledTimes(8);
    streams[0]?.close(constants.NGHTTP2_CANCEL);
    await vi.waitFor(() => expect(app).toHaveBeenCalledTimes(9), PATIENCE);
  });
});

it('a large response behind one that was sent at once is written no faster than the client reads', async () => {
  const apps = [{ appName: 'temp', partitionCount: 100_000 }];
  const handler = createPegasusHandler(memoryCluster({ nodes: ['127.0.0.1:34801'], apps }));
  const server = createServer(handler);
  const origin = await listening(server);
  // Rendered before, so that both requests are handled in one turn of the event loop.
  const bytes = (await (await fetch(origin + LARGE)).arrayBuffer()).byteLength;
  expect(bytes).toBeGreaterThan(8_000_000);
  const accepted = once(server, 'connection');
  const socket = pausedClient(origin, 0);
  const [served] = await accepted;
  const written = vi.spyOn(ServerResponse.prototype, 'write');
  onTestFinished(() => written.mockRestore());
  socket.write(['/version', LARGE].map((target) => `GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`).join(''));
  await vi.waitFor(() => expect(served.writableLength).toBeGreaterThan(0), PATIENCE);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(served.writableLength).toBeLessThan(1_000_000);
  const taken = written.mock.calls.reduce((sum, [piece]) => sum + piece.length, 0);
  expect(taken).toBeLessThan(bytes);
});

it('two pipelined requests call the source at once', async () => {
  const read = vi.fn(() => new Promise<never>(() => {}));
  const origin = await listening(createServer(createPegasusHandler({ perfCounters: { read } })));
  const socket = pausedClient(origin, 0);
  for (const name of ['a', 'b']) socket.write(`GET /perfCounter?name=${name} HTTP/1.1\r\nHost: a\r\n\r\n`);
  await vi.waitFor(() => expect(read).toHaveBeenCalledTimes(2), PATIENCE);
});

it('a client that reads slowly gets the whole response', async () => {
  const { handler } = largeSource({ timeoutMs: 3_000 });
  const origin = await listening(createServer(handler));
  const socket = pausedClient(origin, 3);
  let received = '';
  const timer = setInterval(() => {
    // The whole takes longer than timeoutMs. Linux reports progress in steps of up to a third of its send buffer, about 1 MB.
    for (let i = 0; i < 4; i += 1) received += socket.read(65_536) ?? socket.read() ?? '';
  }, 50);
  onTestFinished(() => clearInterval(timer));
  await vi.waitFor(
    () => {
      const lengths = [...received.matchAll(/content-length: (\d+)/g)].map(([, length]) => Number(length));
      expect(lengths).toHaveLength(3);
      const heads = [...received.matchAll(/HTTP\/1\.1 200 OK\r\n.*?\r\n\r\n/gs)].map(([head]) => head.length);
      expect(received.length).toBe([...lengths, ...heads].reduce((sum, length) => sum + length, 0));
    },
    { timeout: 60_000, interval: 500 },
  );
}, 90_000);

it('a response that never gets a socket waits for no other and gets the whole body', async () => {
  const { handler } = largeSource({});
  const origin = await listening(
    createServer((req, res) => {
      const detached = new ServerResponse(req);
      const end = vi.spyOn(detached, 'end');
      handler(req, detached);
      vi.waitFor(() => expect(end).toHaveBeenCalled(), PATIENCE).then(
        () => res.end('answered'),
        () => res.destroy(),
      );
    }),
  );
  const socket = pausedClient(origin, 3);
  let received = '';
  socket.on('data', (chunk) => {
    received += chunk;
  });
  socket.resume();
  await vi.waitFor(() => expect(received.match(/answered/g)).toHaveLength(3), PATIENCE);
});
