import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import {
  type ClusterSource,
  createPegasusHandler,
  type HandlerOptions,
  memoryCluster,
  type PegasusRequest,
  type RequestErrorEvent,
  type RequestEvent,
  type ResponseEvent,
  type SourceCallEvent,
} from '../../lib/index.js';
import { IDLE_PROFILER, ONEBOX } from '../support/fixtures.js';
import { clientOf, listening } from '../support/http.js';
import { rawRequest } from '../support/raw.js';

const CHANNELS = ['request', 'source-call', 'error', 'response'] as const;
type Seen =
  | { readonly channel: 'request'; readonly event: RequestEvent }
  | { readonly channel: 'source-call'; readonly event: SourceCallEvent }
  | { readonly channel: 'error'; readonly event: RequestErrorEvent }
  | { readonly channel: 'response'; readonly event: ResponseEvent };

/** All events from now on. */
function listen(): Seen[] {
  const seen: Seen[] = [];
  for (const channel of CHANNELS) {
    const note = (event: unknown) => void seen.push({ channel, event } as Seen);
    subscribe(`pegasus-http:${channel}`, note);
    onTestFinished(() => void unsubscribe(`pegasus-http:${channel}`, note));
  }
  return seen;
}

const onebox = memoryCluster(ONEBOX);

async function host(source: ClusterSource, options: HandlerOptions = {}) {
  const handler = createPegasusHandler(source, options);
  const requests: PegasusRequest[] = [];
  const server = createServer((req, res) => {
    requests.push(req);
    handler(req, res);
  });
  const origin = await listening(server);
  return { ...clientOf(origin), origin, handler, requests };
}

/** What happened, in short. */
function told(seen: readonly Seen[]): string[] {
  return seen.map(({ channel, event }) => {
    const path = event.endpoint?.path ?? 'none';
    switch (channel) {
      case 'source-call':
        return `source-call ${path} ${event.part}.${event.method}${event.coalesced ? ' shared' : ''}${event.error ? ` ${event.error.name}` : ''}`;
      case 'error':
        return `error ${path} ${event.error.code}`;
      case 'response':
        return `response ${path} ${event.status}`;
      default:
        return `request ${path}`;
    }
  });
}

const thrower = () => {
  throw new Error('broken');
};
const later = async <T>(value: T) => value;
const { metaState } = onebox;

describe('the events of a request', () => {
  it.each<[what: string, target: string, source: ClusterSource, options: HandlerOptions, events: string[]]>([
    [
      'a table',
      '/meta/app?name=stat',
      onebox,
      {},
      [
        'request /meta/app',
        'source-call /meta/app metaState.role',
        'source-call /meta/app metaState.app',
        'response /meta/app 200',
      ],
    ],
    [
      'by promises',
      '/meta/apps',
      { metaState: { ...metaState, cluster: () => later(metaState.cluster()) } },
      {},
      [
        'request /meta/apps',
        'source-call /meta/apps metaState.role',
        'source-call /meta/apps metaState.cluster',
        'response /meta/apps 200',
      ],
    ],
    [
      'of a stale cluster',
      '/meta/nodes',
      { metaState: { ...metaState, staleSince: () => 1 } },
      {},
      [
        'request /meta/nodes',
        'source-call /meta/nodes metaState.role',
        'source-call /meta/nodes metaState.cluster',
        'source-call /meta/nodes metaState.staleSince',
        'response /meta/nodes 200',
      ],
    ],
    [
      'a redirect',
      '/meta/apps',
      { metaState: { ...metaState, role: () => ({ role: 'backup', primaryUrl: 'http://10.0.0.1:1' }) } },
      {},
      ['request /meta/apps', 'source-call /meta/apps metaState.role', 'response /meta/apps 307'],
    ],
    [
      'a counter',
      '/perfCounter?name=none',
      onebox,
      {},
      ['request /perfCounter', 'source-call /perfCounter perfCounters.read', 'response /perfCounter 404'],
    ],
    [
      'the version',
      '/version',
      onebox,
      {},
      ['request /version', 'source-call /version processInfo.version', 'response /version 200'],
    ],
    ['the listing, for which no source is asked', '/', onebox, {}, ['request /', 'response / 200']],
    ['no endpoint', '/nope', onebox, {}, ['request none', 'response none 404']],
    ['a bad argument', '/meta/app', onebox, {}, ['request /meta/app', 'response /meta/app 400']],
    [
      'turned away',
      '/version',
      onebox,
      { authorize: () => 'deny' },
      ['request /version', 'response /version 403'],
    ],
    [
      'turned away by a guard that fails',
      '/version',
      onebox,
      { authorize: thrower },
      ['request /version', 'error /version ERR_ACL_DENY', 'response /version 403'],
    ],
    [
      'a source that throws',
      '/meta/apps',
      { metaState: { ...metaState, cluster: thrower } },
      {},
      [
        'request /meta/apps',
        'source-call /meta/apps metaState.role',
        'source-call /meta/apps metaState.cluster PegasusError',
        'error /meta/apps ERR_UNKNOWN',
        'response /meta/apps 500',
      ],
    ],
    [
      'a source that rejects',
      '/version',
      { processInfo: { version: async () => thrower(), startSecond: () => 1 } },
      {},
      [
        'request /version',
        'source-call /version processInfo.version PegasusError',
        'error /version ERR_UNKNOWN',
        'response /version 500',
      ],
    ],
    [
      'a source that takes too long',
      '/version',
      { processInfo: { version: () => new Promise(() => {}), startSecond: () => 1 } },
      { timeoutMs: 20 },
      [
        'request /version',
        'source-call /version processInfo.version PegasusError',
        'error /version ERR_TIMEOUT',
        'response /version 504',
      ],
    ],
    [
      'garbage',
      '/version',
      { processInfo: { version: () => 7 as never, startSecond: () => 1 } },
      {},
      [
        'request /version',
        'source-call /version processInfo.version',
        'error /version ERR_UNKNOWN',
        'response /version 500',
      ],
    ],
  ])('%s', async (_, target, source, options, events) => {
    const seen = listen();
    const { get, handler, requests } = await host(source, options);
    await get(target);
    await expect.poll(() => told(seen)).toEqual(events);
    for (const { event } of seen) {
      expect(event.handler).toBe(handler);
      expect(event.req).toBe(requests[0]);
      expect(event.endpoint).toBe(seen[0]?.event.endpoint);
    }
    const durations = seen.flatMap(({ channel, event }) =>
      channel === 'source-call' ? [event.durationMs] : [],
    );
    const [total = 0] = seen.flatMap(({ channel, event }) =>
      channel === 'response' ? [event.durationMs] : [],
    );
    for (const duration of durations) expect(duration).toBeGreaterThanOrEqual(0);
    expect(durations.reduce((sum, duration) => sum + duration, 0)).toBeLessThanOrEqual(total);
  });

  it('report the arguments of a profile', async () => {
    const seen = listen();
    const profiler = { ...IDLE_PROFILER, cpu: () => Promise.reject(new Error('no profiler here')) };
    const { get, send } = await host({ processInfo: { ...onebox.processInfo, profiler } });
    await get('/pprof/profile?seconds=1');
    await get('/pprof/heap');
    await send('POST', '/pprof/symbol', {}, '0x1');
    await expect
      .poll(() => told(seen).filter((line) => line.startsWith('source-call')))
      .toEqual([
        'source-call /pprof/profile processInfo.profiler.cpu PegasusError',
        'source-call /pprof/heap processInfo.profiler.heap',
        'source-call /pprof/symbol processInfo.profiler.symbols',
      ]);
  });

  it('have the error that onError gets, with its cause', async () => {
    const seen = listen();
    const errors: unknown[] = [];
    const source = { metaState: { ...metaState, cluster: thrower } };
    const { get } = await host(source, { onError: (...args) => errors.push(args) });
    await get('/meta/apps');
    const event = seen.find(({ channel }) => channel === 'error')?.event as RequestErrorEvent;
    expect(errors).toEqual([[event.error, event.req, event.endpoint]]);
    expect(event.error.cause).toEqual(new Error('broken'));
    const asked = seen.find(({ channel, event: { endpoint } }) => channel === 'source-call' && endpoint);
    expect(asked?.event).toMatchObject({ coalesced: false });
  });

  it('say who shares a call', async () => {
    const seen = listen();
    let answer: ((value: unknown) => void) | undefined;
    const cluster = () =>
      new Promise<never>((resolve) => {
        answer = resolve as never;
      });
    const { get, requests } = await host({ metaState: { ...metaState, cluster } });
    const first = get('/meta/apps');
    await expect.poll(() => requests.length).toBe(1);
    const second = get('/meta/nodes');
    await expect.poll(() => requests.length).toBe(2);
    answer?.(metaState.cluster());
    await Promise.all([first, second]);
    expect(told(seen).filter((line) => line.includes('cluster'))).toEqual([
      'source-call /meta/apps metaState.cluster',
      'source-call /meta/nodes metaState.cluster shared',
    ]);
  });

  it('end with the client, where that is what ends', async () => {
    const seen = listen();
    const { origin, requests } = await host({
      metaState: { ...metaState, cluster: () => new Promise(() => {}) },
    });
    const socket = connect(Number(new URL(origin).port), '127.0.0.1');
    socket.write(rawRequest('GET', '/meta/apps'));
    await expect.poll(() => requests.length).toBe(1);
    socket.destroy();
    await expect.poll(() => told(seen)).toContain('response /meta/apps undefined');
    await expect.poll(() => told(seen)).toContain('source-call /meta/apps metaState.cluster AbortError');
    expect(told(seen).filter((line) => line.startsWith('error'))).toEqual([]);
  });

  it('end with the client for each of its pipelined requests', async () => {
    const seen = listen();
    const { origin, requests } = await host({
      metaState: { ...metaState, cluster: () => new Promise(() => {}), app: () => new Promise(() => {}) },
    });
    const socket = connect(Number(new URL(origin).port), '127.0.0.1');
    for (const target of ['/meta/apps', '/meta/app?name=a']) {
      socket.write(`GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`);
    }
    await expect.poll(() => requests.length).toBe(2);
    socket.destroy();
    for (const [path, method] of [
      ['/meta/apps', 'cluster'],
      ['/meta/app', 'app'],
    ]) {
      await expect.poll(() => told(seen)).toContain(`response ${path} undefined`);
      await expect.poll(() => told(seen)).toContain(`source-call ${path} metaState.${method} AbortError`);
    }
  });

  it('are none where the request goes to next', async () => {
    const seen = listen();
    const handler = createPegasusHandler(onebox);
    const origin = await listening(createServer((req, res) => handler(req, res, () => res.end())));
    await clientOf(origin).get('/nope');
    expect(seen).toEqual([]);
  });

  it('have an error of next, all the same', async () => {
    const seen = listen();
    const handler = createPegasusHandler(onebox);
    const origin = await listening(createServer((req, res) => handler(req, res, thrower)));
    expect((await clientOf(origin).get('/nope')).status).toBe(500);
    expect(told(seen)).toEqual(['error none ERR_UNKNOWN']);
  });
});

describe('a subscriber that throws', () => {
  const uncaught: unknown[] = [];
  const note = (error: unknown) => uncaught.push(error);
  // Node makes uncaught exceptions of what subscribers throw; vitest would take them for a failed test.
  const before = process.listeners('uncaughtException');
  afterEach(() => {
    process.removeAllListeners('uncaughtException');
    for (const listener of before) process.on('uncaughtException', listener);
    uncaught.length = 0;
  });

  it.each(CHANNELS)('does not reach the request: %s', async (channel) => {
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', note);
    subscribe(`pegasus-http:${channel}`, thrower);
    onTestFinished(() => void unsubscribe(`pegasus-http:${channel}`, thrower));
    const broken = { ...onebox, metaState: { ...metaState, cluster: thrower } };
    const { get } = await host(broken);
    expect((await get('/version')).status).toBe(200);
    expect((await get('/meta/apps')).status).toBe(500);
    await expect.poll(() => uncaught.length).toBeGreaterThan(0);
    expect(uncaught[0]).toEqual(new Error('broken'));
  });
});

it('measures nothing without subscribers', async () => {
  const { get } = await host(onebox);
  const { now } = performance;
  let looked = 0;
  performance.now = () => {
    looked += 1;
    return now.call(performance);
  };
  onTestFinished(() => {
    performance.now = now;
  });
  await get('/version');
  expect(looked).toBe(0);
});
