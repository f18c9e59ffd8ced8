import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createServer, request } from 'node:http';
import http2 from 'node:http2';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  type ClusterSource,
  createPegasusHandler,
  memoryCluster,
  type PegasusHandler,
  type RequestCounters,
  type ResponseEvent,
  requestCounters,
} from '../../lib/index.js';
import { clientOf, listening } from '../support/http.js';

const CALL = { signal: new AbortController().signal };

/** Collects the events that are published until the test is over. */
function events(): ResponseEvent[] {
  const seen: ResponseEvent[] = [];
  const onResponse = (message: unknown) => void seen.push(message as ResponseEvent);
  subscribe('pegasus-http:response', onResponse);
  onTestFinished(() => void unsubscribe('pegasus-http:response', onResponse));
  return seen;
}

async function seenAll(seen: ResponseEvent[], count: number): Promise<void> {
  await expect.poll(() => seen.length).toBe(count);
}

const serving = (handler: PegasusHandler) =>
  listening(createServer(handler)).then((origin) => clientOf(origin));

/** A source whose version arrives when `answer` is called. */
function slow(): ClusterSource & { answer(): void } {
  let answer = () => {};
  const waiting = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const version = { version: '1', gitCommit: '2' };
  return { answer, processInfo: { version: () => waiting.then(() => version), startSecond: () => 0 } };
}

describe('pegasus-http:response', () => {
  it.each([
    ['GET', '/version', '/version', 200],
    ['HEAD', '//version/?x', '/version', 200],
    ['GET', '/', '/', 200],
    ['GET', '/meta/app?name=none', '/meta/app', 404],
    ['GET', '/meta/app', '/meta/app', 400],
    ['POST', '/meta/apps', '/meta/apps', 405],
    ['GET', '/nowhere', undefined, 404],
  ])('%s %s', async (method, target, endpoint, status) => {
    const seen = events();
    const handler = createPegasusHandler(memoryCluster());
    const { send } = await serving(handler);
    await send(method, target);
    await seenAll(seen, 1);
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({ handler, status, durationMs: expect.any(Number) });
    expect(seen[0]?.endpoint?.path).toBe(endpoint);
    expect(seen[0]?.durationMs).toBeGreaterThan(0);
  });

  it('says the endpoint without the base path', async () => {
    const seen = events();
    const { get } = await serving(createPegasusHandler(memoryCluster(), { basePath: '/ops' }));
    await get('/ops/version');
    await seenAll(seen, 1);
    expect(seen[0]?.endpoint?.path).toBe('/version');
  });

  it('is not published for a request that goes to next', async () => {
    const seen = events();
    const handler = createPegasusHandler(memoryCluster());
    const origin = await listening(createServer((req, res) => handler(req, res, () => res.end('other'))));
    const { get } = clientOf(origin);
    expect((await get('/other')).body).toBe('other');
    await get('/version');
    await seenAll(seen, 1);
    expect(seen[0]?.endpoint?.path).toBe('/version');
  });

  it('is published without a status when the client leaves, and measures until then', async () => {
    const seen = events();
    const origin = await listening(createServer(createPegasusHandler(slow())));
    const req = request(`${origin}/version`).on('error', () => {});
    req.end();
    await sleep(100);
    req.destroy();
    await seenAll(seen, 1);
    expect(seen[0]).toMatchObject({ endpoint: { path: '/version' }, status: undefined });
    expect(seen[0]?.durationMs).toBeGreaterThan(50);
  });

  it('is published over HTTP/2, for whole responses and for streams that are cut off', async () => {
    const seen = events();
    const server = http2.createServer(createPegasusHandler({ ...memoryCluster(), ...slow() }));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as import('node:net').AddressInfo;
    const client = http2.connect(`http://127.0.0.1:${port}`);
    onTestFinished(() => {
      client.destroy();
      server.close();
    });
    client.request({ ':path': '/meta/apps' }).resume();
    await seenAll(seen, 1);
    const cut = client.request({ ':path': '/version' });
    await sleep(100);
    cut.close(http2.constants.NGHTTP2_CANCEL);
    await seenAll(seen, 2);
    expect(seen.map(({ endpoint, status }) => [endpoint?.path, status])).toEqual([
      ['/meta/apps', 200],
      ['/version', undefined],
    ]);
  });
});

describe("a handler's metrics", () => {
  async function read(counters: RequestCounters, what: string): Promise<number> {
    const counter = await counters.read(what, CALL);
    if (counter === undefined) throw new Error(`no ${what}`);
    return counter.type === 'PERCENTILE' ? counter.p99 : counter.value;
  }

  function observing(source: ClusterSource = memoryCluster()) {
    const counters = requestCounters();
    onTestFinished(counters.close);
    const handler = createPegasusHandler(source);
    counters.observe(handler);
    return { counters, handler };
  }

  it('exist for all requests, and for each endpoint that the handler has', () => {
    const counters = requestCounters({ app: 'meta' });
    onTestFinished(counters.close);
    expect(counters.names()).toEqual([
      'meta*http*qps@_all_',
      'meta*http*latency(ms)@_all_',
      'meta*http*recent.client.error.count@_all_',
      'meta*http*recent.server.error.count@_all_',
      'meta*http*recent.abort.count@_all_',
    ]);
    counters.observe(createPegasusHandler({ processInfo: slow().processInfo }));
    const rates = counters.names().filter((name) => name.includes('qps'));
    expect(rates.map((name) => name.split('@')[1])).toEqual([
      '_all_',
      '/',
      '/openapi.json',
      '/recentStartTime',
      '/version',
    ]);
  });

  it('count every request once, by its endpoint and its outcome', async () => {
    const seen = events();
    const failing = {
      read() {
        throw new Error('no disk');
      },
    };
    const { counters, handler } = observing({ ...memoryCluster(), perfCounters: failing });
    const { get } = await serving(handler);
    const targets = ['/version', '/version', '/meta/app?name=a', '/perfCounter?name=a*b*c', '/nowhere'];
    for (const target of targets) await get(target);
    await seenAll(seen, targets.length);
    const errors = (kind: string, endpoint: string) =>
      read(counters, `replica*http*recent.${kind}.error.count@${endpoint}`);
    expect(await errors('client', '_all_')).toBe(2);
    expect(await errors('client', '_all_')).toBe(0);
    expect(await errors('client', '/meta/app')).toBe(1);
    expect(await errors('client', '/version')).toBe(0);
    expect(await errors('server', '_all_')).toBe(1);
    expect(await errors('server', '/perfCounter')).toBe(1);
    const rate = async (endpoint: string) => (await read(counters, `replica*http*qps@${endpoint}`)) > 0;
    expect(await Promise.all(['_all_', '/version', '/meta/app', '/meta/apps'].map(rate))).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  it('measure the slowest request', async () => {
    const seen = events();
    const source = slow();
    const { counters, handler } = observing(source);
    const { get } = await serving(handler);
    const answer = get('/version');
    await sleep(150);
    source.answer();
    await answer;
    await seenAll(seen, 1);
    const durationMs = seen[0]?.durationMs ?? 0;
    const latency = await read(counters, 'replica*http*latency(ms)@/version');
    expect(durationMs).toBeGreaterThan(100);
    expect(latency).toBeGreaterThan(durationMs * 0.99);
    expect(latency).toBeLessThan(durationMs * 1.02);
  });

  it('count clients that disconnect, without a latency', async () => {
    const seen = events();
    const { counters, handler } = observing(slow());
    const origin = await listening(createServer(handler));
    const req = request(`${origin}/version`).on('error', () => {});
    req.end();
    await sleep(100);
    req.destroy();
    await seenAll(seen, 1);
    expect(await read(counters, 'replica*http*recent.abort.count@/version')).toBe(1);
    expect(await read(counters, 'replica*http*latency(ms)@/version')).toBe(0);
  });

  it('count only the observed handlers of a process', async () => {
    const seen = events();
    const [one, two, unobserved] = [observing(), observing(), createPegasusHandler(memoryCluster())];
    one.counters.observe(one.handler);
    for (const handler of [one.handler, one.handler, two.handler, unobserved]) {
      await (await serving(handler)).get('/nowhere');
    }
    await seenAll(seen, 4);
    const errors = 'replica*http*recent.client.error.count@_all_';
    expect(await read(one.counters, errors)).toBe(2);
    expect(await read(two.counters, errors)).toBe(1);
    one.counters.observe(unobserved);
    await (await serving(unobserved)).get('/nowhere');
    await seenAll(seen, 5);
    expect(await read(one.counters, errors)).toBe(1);
  });

  it('are removed by close, which also unsubscribes', async () => {
    const { counters, handler } = observing();
    const seen = events();
    counters.close();
    counters.close();
    counters.observe(handler);
    await (await serving(handler)).get('/version');
    await seenAll(seen, 1);
    expect(counters.names()).toEqual([]);
    expect(await counters.read('replica*http*qps@_all_', CALL)).toBeUndefined();
  });

  it.each([[undefined], [() => {}], [{}]])('refuse to observe %o', (handler) => {
    expect(() => requestCounters().observe(handler as unknown as PegasusHandler)).toThrow(
      /^requestCounters: observe takes a handler that createPegasusHandler or createPegasusFetch returned, not /,
    );
  });

  it.each(['', 'a*b', 5])('refuse the app %s', (app) => {
    expect(() => requestCounters({ app: app as string })).toThrow(/^requestCounters: app must be/);
  });
});
