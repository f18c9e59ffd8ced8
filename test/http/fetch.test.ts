import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createServer } from 'node:http';
import { Hono } from 'hono';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  configRegistry,
  createPegasusFetch,
  createPegasusHandler,
  type FetchOptions,
  memoryCluster,
  openApiDocument,
  type PegasusFetch,
  type RequestEvent,
  type ResponseEvent,
  requestCounters,
} from '../../lib/index.js';
import { fetchClientOf } from '../support/fetch-mounts.js';
import { IDLE_PROFILER, ONEBOX } from '../support/fixtures.js';
import { clientOf, listening } from '../support/http.js';

const ORIGIN = 'http://127.0.0.1:34609';
const PATIENCE = { timeout: 10_000 };
const onebox = memoryCluster(ONEBOX, { profiler: IDLE_PROFILER });
const { metaState } = onebox;

const request = (target: string, init?: RequestInit & { duplex?: 'half' }) =>
  new Request(ORIGIN + target, init);

/** A body that arrives as it is written. */
function openBody() {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  const cancel = vi.fn();
  const body = new ReadableStream<Uint8Array>({
    start(started) {
      controller = started;
    },
    cancel,
  });
  const write = (text: string) => controller?.enqueue(new TextEncoder().encode(text));
  return { body, cancel, write, end: () => controller?.close() };
}

/** A table whose response is rendered once and sent in many pieces. */
function largeFetch(options?: FetchOptions): PegasusFetch {
  const nodes = ['127.0.0.1:34801', '127.0.0.1:34802'];
  return createPegasusFetch(
    memoryCluster({ nodes, apps: [{ appName: 'temp', partitionCount: 20_000 }] }),
    options,
  );
}
const LARGE = '/meta/app?name=temp&detail';

/** What is published on a channel from now on. */
function published<Event>(channel: string): Event[] {
  const events: Event[] = [];
  const listener = (event: unknown) => void events.push(event as Event);
  subscribe(channel, listener);
  onTestFinished(() => void unsubscribe(channel, listener));
  return events;
}

describe('the response is that of the Node handler', () => {
  const etag = { 'if-none-match': '*' };
  const json = { 'content-type': 'application/json' };
  const flags = () =>
    configRegistry({
      threads: { type: 'int32', default: 4, isMutable: true, section: 'a', description: '' },
    });
  it.each<[method: string, target: string, headers?: Record<string, string>, body?: string]>([
    ['GET', '/'],
    ['GET', '/openapi.json'],
    ['GET', '/meta/apps?detail'],
    ['GET', '/meta/apps?detail', etag],
    ['GET', '/meta/apps?detail', { 'if-match': '"x"' }],
    ['GET', '/meta/apps?detail', { 'accept-encoding': 'gzip' }],
    ['GET', '/meta/apps?detail', { 'accept-encoding': 'br, gzip' }],
    ['HEAD', '/meta/apps?detail'],
    ['HEAD', '/perfCounter?name=none'],
    ['POST', '/meta/apps'],
    ['PUT', '/pprof/symbol'],
    ['GET', '/meta/app'],
    ['GET', '/meta/app?name=none'],
    ['GET', '/meta/app?name=a%23b&detail#c'],
    ['GET', '/nope'],
    ['GET', `/meta/app?name=${'a'.repeat(90)}`],
    ['GET', '/pprof/symbol'],
    ['GET', '/pprof/cmdline'],
    ['GET', '/pprof/nope', { 'user-agent': 'Go-http-client/1.1' }],
    ['POST', '/pprof/symbol', {}, '0x1+0x2'],
    ['POST', '/pprof/symbol', json, '["0x1"]'],
    ['POST', '/pprof/symbol', {}, 'x'.repeat(9_000_000)],
    ['GET', '/updateConfig?threads=8'],
    ['GET', '/config?name=threads'],
    ['GET', '/config?name=threads', { 'sec-fetch-site': 'cross-site' }],
    ['GET', '/updateConfig?threads=8', { 'sec-fetch-site': 'cross-site' }],
  ])('%s %s %j', async (method, target, headers = {}, body) => {
    for (const authorize of [undefined, () => 'allow' as const, () => ({ challenge: 'Basic realm="p"' })]) {
      const options = { maxUrlLength: 80, ...(authorize && { authorize }) };
      const source = { ...onebox, config: flags() };
      const fetched = fetchClientOf(createPegasusFetch(source, options));
      const node = clientOf(await listening(createServer(createPegasusHandler(source, options))));
      const [actual, expected] = [
        await fetched.send(method, target, headers, body),
        await node.send(method, target, headers, body),
      ];
      const { date: _, connection: __, 'keep-alive': ___, ...expectedHeaders } = expected.headers;
      expect(actual.status).toBe(expected.status);
      expect(actual.headers).toEqual(expectedHeaders);
      expect(actual.body).toBe(expected.body);
    }
  });
});

describe('authorize', () => {
  it('gets the request, the endpoint and the address that the host knows', async () => {
    const authorize = vi.fn(() => 'allow' as const);
    const clientAddress = (_: Request, server: { requestIP(): string }) => server.requestIP();
    const pegasus = createPegasusFetch(onebox, { authorize, clientAddress });
    const sent = request('/version');
    expect((await pegasus(sent, { requestIP: () => '10.0.0.7' })).status).toBe(200);
    expect(authorize).toHaveBeenCalledExactlyOnceWith(
      sent,
      expect.objectContaining({ path: '/version', group: 'process' }),
      '10.0.0.7',
    );
  });

  it.each<[what: string, clientAddress: FetchOptions['clientAddress']]>([
    ['without the option', undefined],
    ['when the host knows none', () => undefined],
    ['when it is no text', () => 7 as never],
    [
      'when it throws',
      () => {
        throw new Error('no connection');
      },
    ],
  ])('gets no address, and never loopback, %s', async (_, clientAddress) => {
    const authorize = vi.fn(() => 'allow' as const);
    await createPegasusFetch(onebox, { authorize, clientAddress })(request('/version'));
    expect(authorize.mock.calls[0]?.at(2)).toBeUndefined();
  });

  it('fails closed, and onError gets the request', async () => {
    const onError = vi.fn();
    const authorize = () => Promise.reject(new Error('no directory'));
    const sent = request('/version');
    const response = await createPegasusFetch(onebox, { authorize, onError })(sent);
    expect(response.status).toBe(403);
    expect(onError.mock.calls[0]?.[1]).toBe(sent);
  });
});

it('checks the host that the request names, or else that of its URL', async () => {
  const pegasus = createPegasusFetch(onebox, { allowedHosts: ['127.0.0.1'] });
  expect((await pegasus(request('/version'))).status).toBe(200);
  expect((await pegasus(request('/version', { headers: { host: 'evil.example' } }))).status).toBe(403);
  expect((await pegasus(new Request('http://evil.example/version'))).status).toBe(403);
});

describe('a large body', () => {
  it('is made piece by piece, when the host asks for it', async () => {
    const events = published<ResponseEvent<Request>>('pegasus-http:response');
    const response = await largeFetch()(request(LARGE));
    const reader = response.body?.getReader();
    let bytes = 0;
    for (let pieces = 0; ; pieces += 1) {
      const { done, value } = (await reader?.read()) ?? { done: true };
      if (done) {
        expect(pieces).toBeGreaterThan(10);
        break;
      }
      expect(events).toEqual([]);
      expect(value?.length).toBeLessThanOrEqual(64 * 1024);
      bytes += value?.length ?? 0;
      // A host may do with its pieces what it wants.
      value?.fill(0);
    }
    expect(String(bytes)).toBe(response.headers.get('content-length'));
    expect(events).toMatchObject([{ status: 200 }]);
  });

  it('is not harmed by what a host does with the pieces', async () => {
    const pegasus = largeFetch();
    const first = await pegasus(request(LARGE));
    for await (const piece of first.body ?? []) structuredClone(piece, { transfer: [piece.buffer] });
    expect(await (await pegasus(request(LARGE))).json()).toMatchObject({ general: { app_name: 'temp' } });
  });

  it('that is cancelled ends, without a status in its event', async () => {
    const events = published<ResponseEvent<Request>>('pegasus-http:response');
    const response = await largeFetch()(request(LARGE));
    const reader = response.body?.getReader();
    await reader?.read();
    await reader?.cancel();
    expect(events).toMatchObject([{ status: undefined }]);
  });

  it('of which the host takes nothing fails after the time limit', async () => {
    const events = published<ResponseEvent<Request>>('pegasus-http:response');
    const response = await largeFetch({ timeoutMs: 40 })(request(LARGE));
    const reader = response.body?.getReader();
    await reader?.read();
    await vi.waitFor(() => expect(events).toMatchObject([{ status: undefined }]), PATIENCE);
    await expect(reader?.read()).rejects.toThrow('the client took nothing of the response within 40 ms');
  });

  it('fails when the signal of the request aborts', async () => {
    const abort = new AbortController();
    const response = await largeFetch()(request(LARGE, { signal: abort.signal }));
    const reader = response.body?.getReader();
    await reader?.read();
    abort.abort();
    await expect(reader?.read()).rejects.toThrow('the client has disconnected');
  });
});

describe('a client that disconnects', () => {
  it('ends the call of the source', async () => {
    const events = published<ResponseEvent<Request>>('pegasus-http:response');
    let signal: AbortSignal | undefined;
    const cpu = vi.fn((_: unknown, context: { signal: AbortSignal }) => {
      signal = context.signal;
      return new Promise<never>(() => {});
    });
    const pegasus = createPegasusFetch({
      processInfo: { ...onebox.processInfo, profiler: { ...IDLE_PROFILER, cpu: cpu as never } },
    });
    const abort = new AbortController();
    const answer = pegasus(request('/pprof/profile?seconds=60', { signal: abort.signal }));
    await vi.waitFor(() => expect(signal).toBeDefined(), PATIENCE);
    abort.abort();
    expect((await answer).status).toBe(499);
    expect(signal?.aborted).toBe(true);
    expect(events).toMatchObject([{ status: undefined }]);
  });

  it('leaves no listener at its signal', async () => {
    const abort = new AbortController();
    const add = vi.spyOn(abort.signal, 'addEventListener');
    const remove = vi.spyOn(abort.signal, 'removeEventListener');
    const app = async (name: string) => metaState.app(name);
    const pegasus = createPegasusFetch({ metaState: { ...metaState, app } });
    const sent = new Request(ORIGIN);
    const like = {
      url: `${ORIGIN}/meta/app?name=stat`,
      method: 'GET',
      headers: sent.headers,
      signal: abort.signal,
    };
    expect((await pegasus(like as Request)).status).toBe(200);
    expect(add).toHaveBeenCalledOnce();
    expect(remove).toHaveBeenCalledOnce();
  });
});

describe('the body of a POST', () => {
  const post = (body: ReadableStream | string) =>
    request('/pprof/symbol', { method: 'POST', body, duplex: 'half' });

  it('may arrive in pieces', async () => {
    const { body, write, end } = openBody();
    const answer = createPegasusFetch(onebox)(post(body));
    for (const text of ['0x', '1+', '0x2']) write(text);
    end();
    expect(await (await answer).text()).toMatch(/^0x0*1\t.*\n0x0*2\t.*\n$/);
  });

  it('that does not arrive is 408 after the time limit, and cancelled', async () => {
    const { body, cancel, write } = openBody();
    const answer = createPegasusFetch(onebox, { timeoutMs: 40 })(post(body));
    write('0x1');
    expect((await answer).status).toBe(408);
    expect(cancel).toHaveBeenCalledOnce();
  });

  it('that is too large is 413, and cancelled', async () => {
    const { body, cancel, write } = openBody();
    const answer = createPegasusFetch(onebox)(post(body));
    write('1+'.repeat(5_000_000));
    expect((await answer).status).toBe(413);
    expect(cancel).toHaveBeenCalledOnce();
  });

  it('that other code has read is 500 and says so', async () => {
    const onError = vi.fn();
    const sent = post('0x1');
    await sent.text();
    expect((await createPegasusFetch(onebox, { onError })(sent)).status).toBe(500);
    expect(onError.mock.calls[0]?.[0].message).toContain('pass the request on before its body is read');
  });
});

it('publishes the request of the application with every event', async () => {
  const [requests, responses] = [
    published<RequestEvent<Request>>('pegasus-http:request'),
    published<ResponseEvent<Request>>('pegasus-http:response'),
  ];
  const pegasus = createPegasusFetch(onebox);
  const sent = request('/version');
  await pegasus(sent);
  expect(requests[0]?.req).toBe(sent);
  expect(responses[0]).toMatchObject({ status: 200, handler: pegasus, req: sent });
});

it('is counted and described like any other handler', async () => {
  const counters = requestCounters();
  onTestFinished(() => counters.close());
  const pegasus = createPegasusFetch(onebox);
  counters.observe(pegasus);
  await pegasus(request('/nope'));
  const { get } = fetchClientOf(createPegasusFetch({ perfCounters: counters }));
  const name = 'replica*http*recent.client.error.count@_all_';
  expect((await get(`/perfCounter?name=${name}`)).json()).toMatchObject({ value: '1.00' });
  expect(openApiDocument(pegasus)).toEqual(openApiDocument(createPegasusHandler(onebox)));
  expect(pegasus.endpoints).toEqual(createPegasusHandler(onebox).endpoints);
});

describe('a handler mounted wrongly', () => {
  // What TypeScript would refuse, and JavaScript lets pass.
  // biome-ignore lint/suspicious/noExplicitAny: every call below is a mistake of types
  const untyped = (value: unknown) => value as any;

  it('of fetch, under hono as a route', async () => {
    const app = new Hono();
    const errors: Error[] = [];
    app.onError((error, c) => {
      errors.push(error);
      return c.text('', 500);
    });
    app.all('/*', untyped(createPegasusFetch(onebox)));
    expect((await app.request('/version')).status).toBe(500);
    expect(errors[0]?.message).toContain("under hono mount it with app.mount('/pegasus', handler)");
  });

  it('of fetch, in a server of Node', async () => {
    const pegasus = untyped(createPegasusFetch(onebox));
    await expect(pegasus({ url: '/', headers: {} }, {})).rejects.toThrow('use createPegasusHandler');
    await expect(pegasus()).rejects.toThrow(TypeError);
  });

  it('of Node, in a fetch host', () => {
    const handler = untyped(createPegasusHandler(onebox));
    expect(() => handler(request('/version'))).toThrow('create it with createPegasusFetch');
  });

  it.each<[what: string, call: () => unknown, message: string]>([
    ['no source', () => untyped(createPegasusFetch)(), 'createPegasusFetch: source must be an object'],
    ['a class', () => new (untyped(createPegasusFetch))(onebox), 'call it without new'],
    [
      'an unknown option',
      () => createPegasusFetch(onebox, untyped({ clientAdress: () => '' })),
      'createPegasusFetch: unknown option "clientAdress", did you mean "clientAddress"?',
    ],
    [
      'an address for a function',
      () => createPegasusFetch(onebox, untyped({ clientAddress: '10.0.0.7' })),
      'clientAddress must be a function, not "10.0.0.7"',
    ],
  ])('%s', (_, call, message) => {
    expect(call).toThrow(message);
  });
});
