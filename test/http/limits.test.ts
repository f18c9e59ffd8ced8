import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { connect as connectHttp2, createServer as createHttp2Server } from 'node:http2';
import { type AddressInfo, connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  type ClusterSource,
  createPegasusHandler,
  type HandlerOptions,
  memoryCluster,
  type Profiler,
} from '../../lib/index.js';
import { ONEBOX } from '../support/fixtures.js';
import { listening, serve } from '../support/http.js';
import { rawRequest, sendRaw } from '../support/raw.js';

const onebox = memoryCluster(ONEBOX);
const hanging = () => new Promise<never>(() => {});

describe('a request target', () => {
  it.each([
    ['/version?', 100, 200],
    ['/version?', 101, 414],
    ['/meta/apps?detail=', 100, 200],
    ['/meta/apps?detail=', 101, 414],
    ['/nope?', 100, 404],
    ['/nope?', 101, 414],
  ])('%s of %d bytes is %d where 100 are the most', async (start, length, status) => {
    const { get } = await serve(onebox, { maxUrlLength: 100 });
    const answer = await get(start.padEnd(length, 'x'));
    expect(answer.status).toBe(status);
    if (status !== 414) return;
    const message = 'the request target may have 100 bytes at most';
    expect(answer.json()).toEqual({ error: 'ERR_INVALID_PARAMETERS', message });
  });

  it('may have 8192 bytes where nothing else is said', async () => {
    const { get } = await serve(onebox);
    expect((await get('/version?'.padEnd(8192, 'x'))).status).toBe(200);
    expect((await get('/version?'.padEnd(8193, 'x'))).status).toBe(414);
  });

  it('is counted as it came: absolute, escaped', async () => {
    const { origin } = await serve(onebox, { maxUrlLength: 40 });
    const absolute = await sendRaw(origin, rawRequest('GET', `http://${'a'.repeat(40)}/version`));
    expect(absolute.status).toBe(414);
    expect(
      (await sendRaw(origin, rawRequest('GET', '/version?%20%20%20%20%20%20%20%20%20%20%20'))).status,
    ).toBe(414);
  });

  it('is no limit to what goes to next', async () => {
    const handler = createPegasusHandler(onebox, { maxUrlLength: 10 });
    const origin = await listening(createServer((req, res) => handler(req, res, () => res.end('next'))));
    expect((await sendRaw(origin, rawRequest('GET', '/elsewhere/and/further'))).body).toContain('next');
    expect((await sendRaw(origin, rawRequest('GET', '/version?and=further'))).status).toBe(414);
  });
});

describe('parameters', () => {
  const query = (count: number) => Array.from({ length: count }, (_, i) => `p${i}=${i}`).join('&');

  it.each([
    ['/version', 100, 200],
    ['/version', 101, 400],
    ['/meta/cluster', 101, 400],
    ['/meta/apps', 101, 400],
  ])('%s with %d is %d', async (path, count, status) => {
    const { get } = await serve(onebox);
    const answer = await get(`${path}?${query(count)}`);
    expect(answer.status).toBe(status);
    if (status === 400)
      expect(answer.json()).toEqual({
        error: 'ERR_INVALID_PARAMETERS',
        message: 'too many parameters: at most 100',
      });
  });

  it('may be fewer', async () => {
    const { get } = await serve(onebox, { maxQueryParams: 1 });
    expect((await get('/meta/app?name=stat')).status).toBe(200);
    expect((await get('/meta/app?name=stat&detail')).status).toBe(400);
    expect((await get('/meta/app?&&name=stat&&')).status).toBe(200);
  });

  it('ten thousand of the same name are refused as the second comes', async () => {
    const { get } = await serve(onebox);
    const answer = await get(`/version?${'a=1&'.repeat(2_000)}`);
    expect(answer.json()).toMatchObject({ message: 'duplicate parameter: "a"' });
  });
});

describe('requests that wait on a source', () => {
  async function crowd(options: HandlerOptions, source: Partial<ClusterSource['metaState']> = {}) {
    const answers: (() => void)[] = [];
    const asked: string[] = [];
    const app = (name: string) =>
      new Promise<undefined>((resolve) => {
        asked.push(name);
        answers.push(() => resolve(undefined));
      });
    const errors: unknown[] = [];
    const client = await serve(
      { ...onebox, metaState: { ...onebox.metaState, app, ...source } },
      { ...options, onError: (error) => errors.push(error) },
    );
    return { ...client, answers, asked, errors };
  }

  it('are limited, and the next gets a 503 immediately without a source call', async () => {
    const { get, answers, asked, errors } = await crowd({ maxPendingRequests: 3 });
    const waiting = ['a', 'b', 'c'].map((name) => get(`/meta/app?name=${name}`));
    await expect.poll(() => asked.length).toBe(3);
    for (const target of ['/meta/app?name=d', '/meta/app?name=a', '/meta/apps', '/meta/cluster']) {
      const busy = await get(target);
      expect([target, busy.status, busy.headers['retry-after']]).toEqual([target, 503, '1']);
      expect(busy.json()).toEqual({
        error: 'ERR_BUSY',
        message: 'too many requests wait on the meta state source',
      });
    }
    expect(asked).toEqual(['a', 'b', 'c']);
    // The other parts have their own.
    expect((await get('/version')).status).toBe(200);
    for (const answer of answers) answer();
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([404, 404, 404]);
    // It is well again at once, and it was no failure.
    expect((await get('/meta/apps')).status).toBe(200);
    expect(errors).toEqual([]);
  });

  it.each([
    ['their time is over', 504],
    ['their clients leave', 0],
  ])('count until %s', async (how, status) => {
    const { get, origin, asked } = await crowd({
      maxPendingRequests: 2,
      timeoutMs: how.includes('time') ? 300 : 60_000,
    });
    const sockets = ['a', 'b'].map((name) => {
      const socket = connect(Number(new URL(origin).port), '127.0.0.1');
      socket.on('error', () => {});
      socket.write(rawRequest('GET', `/meta/app?name=${name}`));
      return socket;
    });
    await expect.poll(() => asked.length).toBe(2);
    expect((await get('/meta/apps')).status).toBe(503);
    if (status === 0) for (const socket of sockets) socket.destroy();
    await expect.poll(async () => (await get('/meta/apps')).status).toBe(200);
    for (const socket of sockets) socket.destroy();
  });

  it('are not limited for a synchronous source', async () => {
    const { get } = await serve(onebox, { maxPendingRequests: 1 });
    const answers = await Promise.all(Array.from({ length: 50 }, () => get('/meta/apps')));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  });

  it('a thousand may, where nothing else is said', async () => {
    const { get, asked, answers } = await crowd({});
    const waiting = Array.from({ length: 1_000 }, (_, i) => get(`/meta/app?name=${i}`));
    await expect.poll(() => asked.length, { timeout: 10_000 }).toBe(1_000);
    expect((await get('/meta/app?name=x')).status).toBe(503);
    for (const answer of answers) answer();
    expect(new Set((await Promise.all(waiting)).map(({ status }) => status))).toEqual(new Set([404]));
  });
});

describe('the body of a POST', () => {
  const profiler = {
    cpu: hanging,
    heap: hanging,
    growth: hanging,
    symbolCount: () => 1,
    symbols: (addresses: readonly number[]) => addresses.map(() => 'main'),
    mappedLibraries: () => [],
    commandLine: () => ['node'],
  } as unknown as Profiler;
  const source = { processInfo: { ...onebox.processInfo, profiler } };
  const post = (length: number | string, rest = '') =>
    `POST /pprof/symbol HTTP/1.1\r\nHost: a\r\n${typeof length === 'number' ? `Content-Length: ${length}` : length}\r\n\r\n${rest}`;

  /** A host that keeps the last request, to look at what is left on it. */
  async function host(options: HandlerOptions) {
    const handler = createPegasusHandler(source, options);
    const seen: IncomingMessage[] = [];
    const server = createServer((req, res) => {
      seen.push(req);
      handler(req, res);
    });
    return { origin: await listening(server), seen, server };
  }

  it.each([
    ['never comes', post(10)],
    ['comes in part', post(10, '0x1')],
    ['is chunked, and has no end', post('Transfer-Encoding: chunked', '3\r\n0x1\r\n')],
  ])('that %s is 408, and all that was held is let go', async (_, bytes) => {
    const { origin, seen, server } = await host({ timeoutMs: 50 });
    // The connection is not asked to end: it does so by itself, for the rest of the body would be taken for a request.
    const { status, head, body } = await sendRaw(origin, bytes);
    expect(status).toBe(408);
    expect(head).toContain('connection: close');
    expect(JSON.parse(body)).toEqual({
      error: 'ERR_TIMEOUT',
      message: 'the body did not arrive within 50 ms',
    });
    for (const event of ['data', 'error', 'close']) expect(seen[0]?.listenerCount(event)).toBe(0);
    await expect.poll(() => new Promise((done) => server.getConnections((__, count) => done(count)))).toBe(0);
  });

  it('is dropped byte by byte, too: the time is for all of it', async () => {
    const { origin } = await host({ timeoutMs: 200 });
    const socket = connect(Number(new URL(origin).port), '127.0.0.1');
    socket.on('error', () => {});
    let received = '';
    socket.on('data', (chunk) => {
      received += chunk;
    });
    socket.write(post(1_000));
    const drip = setInterval(() => socket.write('1'), 20);
    await once(socket, 'close');
    clearInterval(drip);
    expect(received).toMatch(/^HTTP\/1.1 408 /);
  });

  it('is 408 on HTTP/2, where the stream ends and the connection goes on', async () => {
    const server = createHttp2Server(createPegasusHandler(source, { timeoutMs: 50 }));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const session = connectHttp2(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    onTestFinished(() => {
      session.destroy();
      server.close();
    });
    const warnings: unknown[] = [];
    process.on('warning', (warning) => warnings.push(warning));
    const ask = async (method: string, path: string, end: boolean) => {
      const stream = session.request({ ':method': method, ':path': path }, { endStream: end });
      stream.on('error', () => {});
      if (!end) stream.write('0x1');
      let body = '';
      stream.on('data', (chunk) => {
        body += chunk;
      });
      const [headers] = await once(stream, 'response');
      await once(stream, 'close');
      return { status: headers[':status'], body };
    };
    expect(await ask('POST', '/pprof/symbol', false)).toMatchObject({
      status: 408,
      body: expect.stringContaining('ERR_TIMEOUT'),
    });
    expect(await ask('GET', '/version', true)).toMatchObject({ status: 200 });
    expect(warnings).toEqual([]);
  });

  it('that ends early ends it for the handler, too', async () => {
    const errors: unknown[] = [];
    const { origin, seen } = await host({ onError: (error) => errors.push(error) });
    const socket = connect(Number(new URL(origin).port), '127.0.0.1');
    socket.write(post(10, '0x1'));
    await expect.poll(() => seen[0]?.listenerCount('data')).toBe(1);
    socket.destroy();
    await expect.poll(() => seen[0]?.listenerCount('data')).toBe(0);
    expect(errors).toEqual([]);
  });

  it.each([1, 7, 4096])('is the same in chunks of %d', async (size) => {
    const addresses = Array.from({ length: 4_000 }, (_, i) => `0x${i.toString(16).padStart(8, '0')}`);
    const text = addresses.join('+');
    const chunks = text.match(new RegExp(`.{1,${size}}`, 'gs')) ?? [];
    const encoded = chunks.map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join('');
    const { origin } = await host({});
    const bytes = `${post('Connection: close\r\nTransfer-Encoding: chunked', encoded)}0\r\n\r\n`;
    const { status, body } = await sendRaw(origin, bytes);
    expect(status).toBe(200);
    expect(body).toBe(addresses.map((address) => `${address}\tmain\n`).join(''));
  });

  /** Sockets that each announce a body and send a part of it. */
  function unfinished(origin: string, count: number, announced: number, part: string) {
    return Array.from({ length: count }, () => {
      const socket = connect(Number(new URL(origin).port), '127.0.0.1');
      socket.on('error', () => {});
      socket.write(post(announced, part));
      return socket;
    });
  }

  it('blocks no other client while it is announced and not sent', async () => {
    const { origin, seen } = await host({ timeoutMs: 60_000 });
    const sockets = [
      ...unfinished(origin, 40, 100, ''),
      ...unfinished(origin, 40, 4 * 1024 * 1024, ''),
      ...unfinished(origin, 40, 100, '0x1'),
    ];
    await expect.poll(() => seen.filter((req) => req.listenerCount('data') > 0).length).toBe(120);
    const { status } = await sendRaw(origin, post(`Content-Length: 3\r\nConnection: close`, '0x1'));
    expect(status).toBe(200);
    for (const socket of sockets) socket.destroy();
  });

  it('is held up to 64 MiB of all together: what goes beyond gets 503', async () => {
    const { origin } = await host({ timeoutMs: 60_000 });
    const sockets = unfinished(origin, 20, 4 * 1024 * 1024, '0'.repeat(4 * 1024 * 1024 - 1));
    let answers = '';
    for (const socket of sockets) socket.on('data', (data) => (answers += data));
    await expect.poll(() => answers, { timeout: 15_000 }).toMatch(/^HTTP\/1.1 503 [\s\S]*"ERR_BUSY"/);
    for (const socket of sockets) socket.destroy();
    const { status } = await sendRaw(origin, post(`Content-Length: 3\r\nConnection: close`, '0x1'));
    expect(status).toBe(200);
  });
});

it.each<[options: HandlerOptions, message: string]>([
  [{ maxUrlLength: 0 }, 'maxUrlLength must be an integer from 1, not 0'],
  [{ maxUrlLength: Number.POSITIVE_INFINITY }, 'maxUrlLength must be an integer from 1, not Infinity'],
  [{ maxUrlLength: '8192' as never }, 'maxUrlLength must be an integer from 1, not "8192"'],
  [{ maxQueryParams: -1 }, 'maxQueryParams must be an integer from 1, not -1'],
  [{ maxQueryParams: 1.5 }, 'maxQueryParams must be an integer from 1, not 1.5'],
  [{ maxQueryParams: null as never }, 'maxQueryParams must be an integer from 1, not null'],
  [{ maxPendingRequests: 0 }, 'maxPendingRequests must be an integer from 1, not 0'],
  [{ maxPendingRequests: Number.NaN }, 'maxPendingRequests must be an integer from 1, not NaN'],
])('%j are refused', (options, message) => {
  expect(() => createPegasusHandler(onebox, options)).toThrow(
    new TypeError(`createPegasusHandler: ${message}`),
  );
});
