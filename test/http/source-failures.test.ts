import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { promisify } from 'node:util';
import express from 'express';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type App,
  type Cluster,
  type ClusterSource,
  createPegasusHandler,
  type HandlerOptions,
  type MetaStateSource,
  memoryCluster,
  PegasusError,
  type PegasusErrorCode,
} from '../../lib/index.js';
import { ONEBOX } from '../support/fixtures.js';
import { clientOf, listening, serve } from '../support/http.js';

// Whatever a source does, nothing may reach the process.
const escaped: unknown[] = [];
const note = (error: unknown) => escaped.push(error);
beforeEach(() => {
  escaped.length = 0;
  process.on('unhandledRejection', note);
  process.on('uncaughtException', note);
});
afterEach(async () => {
  await new Promise((resolve) => setTimeout(resolve, 20));
  process.off('unhandledRejection', note);
  process.off('uncaughtException', note);
  expect(escaped).toEqual([]);
});

/** A source that is good but for one function. */
function withMetaState(overrides: Partial<MetaStateSource>): ClusterSource {
  return { ...memoryCluster(ONEBOX), metaState: { ...memoryCluster(ONEBOX).metaState, ...overrides } };
}

async function ask(source: ClusterSource, target: string, options: HandlerOptions = {}) {
  const errors: PegasusError[] = [];
  const { get } = await serve(source, { ...options, onError: (error) => void errors.push(error) });
  const answer = await get(target);
  return { answer, errors, error: answer.json() as { error: string; message: string } };
}

const SECRET = 'postgres://admin:hunter2@10.0.0.7/pegasus';

const thrower = () => {
  throw new Error(SECRET);
};

describe('a source that fails', () => {
  const failures: readonly (readonly [how: string, fail: () => never])[] = [
    [
      'throws',
      () => {
        throw new Error(SECRET);
      },
    ],
    ['rejects', () => Promise.reject(new Error(SECRET)) as never],
    [
      'throws no error at all',
      () => {
        throw SECRET;
      },
    ],
    [
      'throws undefined',
      () => {
        throw undefined;
      },
    ],
    ['rejects with undefined', () => Promise.reject() as never],
    [
      'throws an error with the code of something else',
      () => {
        throw Object.assign(new Error(SECRET), { code: 'ERR_OBJECT_NOT_FOUND' });
      },
    ],
    ['gives a thenable that throws', () => Object.fromEntries([['then', thrower]]) as never],
  ];

  it.each(failures)('%s: 500, without saying how', async (_, fail) => {
    const { answer, errors, error } = await ask(withMetaState({ cluster: fail }), '/meta/apps');
    expect(answer.status).toBe(500);
    expect(error).toEqual({ error: 'ERR_UNKNOWN', message: 'the meta state source failed' });
    expect(errors).toHaveLength(1);
    expect(errors[0]).toBeInstanceOf(PegasusError);
    expect(errors[0]).toMatchObject({ code: 'ERR_UNKNOWN', message: 'the meta state source failed' });
    const { cause } = errors[0] as PegasusError;
    expect(cause === undefined || String(cause).includes(SECRET)).toBe(true);
  });

  it.each<[part: string, target: string, source: ClusterSource]>([
    ['meta state', '/meta/apps', withMetaState({ role: failures[0]?.[1] as never })],
    ['meta state', '/meta/app?name=stat', withMetaState({ app: failures[0]?.[1] as never })],
    ['meta state', '/meta/app_envs?name=stat', withMetaState({ app: failures[1]?.[1] as never })],
    ['meta state', '/meta/nodes', withMetaState({ cluster: failures[1]?.[1] as never })],
    ['meta state', '/meta/cluster', withMetaState({ cluster: failures[1]?.[1] as never })],
    ['perf counter', '/perfCounter?name=x', { perfCounters: { read: failures[0]?.[1] as never } }],
    [
      'process information',
      '/version',
      { processInfo: { version: failures[0]?.[1] as never, startSecond: () => 1 } },
    ],
    [
      'process information',
      '/recentStartTime',
      { processInfo: { startSecond: failures[1]?.[1] as never, version: failures[1]?.[1] as never } },
    ],
  ])('is named: the %s source at %s', async (part, target, source) => {
    const { answer, error } = await ask(source, target);
    expect(answer.status).toBe(500);
    expect(error.message).toBe(`the ${part} source failed`);
  });

  it.each<[code: PegasusErrorCode, status: number, message: string]>([
    ['ERR_NETWORK_FAILURE', 500, 'the meta state source failed'],
    ['ERR_ZOOKEEPER_OPERATION', 500, 'the meta state source failed'],
    ['ERR_INVALID_DATA', 500, 'the meta state source failed'],
    ['ERR_SERVICE_NOT_ACTIVE', 503, 'the meta state source is not ready yet'],
    ['ERR_BUSY', 503, 'the meta state source is busy'],
    ['ERR_BUSY_CREATING', 503, 'the meta state source is busy'],
    ['ERR_BUSY_DROPPING', 503, 'the meta state source is busy'],
    ['ERR_FORWARD_TO_OTHERS', 503, 'no primary meta server is known'],
    ['ERR_OBJECT_NOT_FOUND', 404, 'the meta state source has no such thing'],
    ['ERR_TIMEOUT', 504, 'the meta state source did not answer in time'],
    ['ERR_MADE_UP' as PegasusErrorCode, 500, 'the meta state source failed'],
    ['__proto__' as PegasusErrorCode, 500, 'the meta state source failed'],
  ])('chooses its code: %s is %d', async (code, status, message) => {
    const source = withMetaState({
      cluster: () => {
        throw new PegasusError(code, SECRET);
      },
    });
    const { answer, error, errors } = await ask(source, '/meta/apps');
    expect(answer.status).toBe(status);
    expect(error.message).toBe(message);
    expect(error.error).toBe(/MADE_UP|proto/.test(code) ? 'ERR_UNKNOWN' : code);
    expect(answer.headers['retry-after']).toBe(status === 503 ? '1' : undefined);
    expect(errors).toHaveLength(1);
  });
});

describe('a source that hands out garbage', () => {
  const app = memoryCluster(ONEBOX).metaState.app('stat') as App;
  const cluster = memoryCluster(ONEBOX).metaState.cluster();
  const [partition, ...others] = app.partitions as [App['partitions'][0]];
  const withPartition = (garbage: object): App => ({
    ...app,
    partitions: [{ ...partition, ...garbage }, ...others],
  });
  const bad = (value: unknown) => value as never;

  it.each<[what: string, target: string, overrides: Partial<MetaStateSource>, why: string]>([
    ['a string for a cluster', '/meta/apps', { cluster: () => bad('x') }, 'nodes must be an array'],
    [
      'a cluster without apps',
      '/meta/apps',
      { cluster: () => bad({ ...cluster, apps: undefined }) },
      'apps must be an array',
    ],
    ['nothing for a cluster', '/meta/nodes', { cluster: () => bad(undefined) }, ''],
    ['a number for an app', '/meta/app?name=stat', { app: () => bad(7) }, 'status must be one of'],
    [
      'an app without partitions',
      '/meta/app?name=stat&detail',
      { app: () => bad({ ...app, partitions: undefined }) },
      '',
    ],
    [
      'a partition without a primary',
      '/meta/app?name=stat&detail',
      { app: () => withPartition({ primary: undefined }) },
      'primary must be',
    ],
    [
      'not one table that can be printed',
      '/meta/apps?detail',
      { cluster: () => ({ ...cluster, apps: [withPartition({ primary: undefined })] }) },
      'primary must be',
    ],
    [
      'partitions out of order',
      '/meta/app?name=stat&detail',
      { app: () => ({ ...app, partitions: app.partitions.toReversed() }) },
      'pidx must ascend',
    ],
    [
      'a ballot that is text',
      '/meta/app?name=stat&detail',
      { app: () => withPartition({ ballot: '2' }) },
      'ballot must be',
    ],
    [
      'more partitions than there are',
      '/meta/app?name=stat&detail',
      { app: () => ({ ...app, partitionCount: 1, maxReplicaCount: 1 }) },
      'unhealthy must be',
    ],
    [
      'apps out of order',
      '/meta/apps',
      { cluster: () => ({ ...cluster, apps: cluster.apps.toReversed() }) },
      'appId must ascend',
    ],
    [
      'apps out of order, far behind',
      '/meta/apps',
      {
        cluster: () => ({
          ...cluster,
          apps: Array.from({ length: 65 }, (_, i) => ({ ...app, appId: i < 64 ? i + 2 : 1 })),
        }),
      },
      'appId must ascend, but 1 follows 65',
    ],
    [
      'a status of its own',
      '/meta/apps',
      { cluster: () => ({ ...cluster, apps: [{ ...app, status: bad('Available') }] }) },
      'status must be one of',
    ],
    [
      'a time that is none',
      '/meta/apps',
      { cluster: () => ({ ...cluster, apps: [{ ...app, createSecond: Number.NaN }] }) },
      'createSecond must be',
    ],
    [
      'a node in a state of its own',
      '/meta/nodes',
      { cluster: () => ({ ...cluster, nodes: [{ address: 'a:1', status: bad('DEAD') }] }) },
      'status must be one of',
    ],
    [
      'envs that are not text',
      '/meta/app_envs?name=stat',
      { app: () => ({ ...app, envs: { a: bad(1) } }) },
      'envs[a] must be a string',
    ],
    [
      'a level of its own',
      '/meta/cluster',
      { cluster: () => ({ ...cluster, metaFunctionLevel: bad('wild') }) },
      'metaFunctionLevel must be one of',
    ],
    [
      'counts that are none',
      '/meta/cluster',
      {
        cluster: () => ({
          ...cluster,
          balanceOperations: { movePrimary: -1, copyPrimary: 0, copySecondary: 0 },
        }),
      },
      'movePrimary must be',
    ],
    ['no role', '/meta/apps', { role: () => bad(null) }, ''],
    [
      'a role of its own',
      '/meta/apps',
      { role: () => bad({ role: 'leader' }) },
      'role must be "primary" or "backup"',
    ],
  ])('%s: %s is 500, and onError says why', async (_, target, overrides, why) => {
    const { answer, error, errors } = await ask(withMetaState(overrides), target);
    expect(answer.status).toBe(500);
    expect(error).toEqual({ error: 'ERR_UNKNOWN', message: 'the meta state source gave an unusable answer' });
    expect(errors).toHaveLength(1);
    expect(String(errors[0]?.cause)).toContain(why);
  });

  const endless = (of: unknown) => ({
    *[Symbol.iterator]() {
      for (;;) yield of;
    },
  });
  const absurd = (length: number) =>
    new Proxy([], { get: (_, key) => (key === 'length' ? length : undefined) });

  it.each<[what: string, target: string, overrides: Partial<MetaStateSource>, why: string]>([
    [
      'tables without end',
      '/meta/apps',
      { cluster: () => bad({ ...cluster, apps: endless(app) }) },
      'apps must be an array',
    ],
    [
      'tables that say they are many',
      '/meta/apps',
      { cluster: () => ({ ...cluster, apps: absurd(2 ** 53 - 1) }) },
      'apps must have 1000000 items at most',
    ],
    [
      'four billion holes',
      '/meta/cluster',
      { cluster: () => ({ ...cluster, apps: new Array(2 ** 32 - 1) }) },
      'apps must have',
    ],
    [
      'nodes without end',
      '/meta/nodes',
      { cluster: () => bad({ ...cluster, nodes: endless({}) }) },
      'nodes must be an array',
    ],
    [
      'nodes that say they are many',
      '/meta/nodes',
      { cluster: () => ({ ...cluster, nodes: absurd(1e9) }) },
      'nodes must have',
    ],
    [
      'meta servers without end',
      '/meta/cluster',
      { cluster: () => bad({ ...cluster, metaServers: endless('a:1') }) },
      'metaServers must be an array',
    ],
    [
      'partitions without end',
      '/meta/app?name=stat&detail',
      { app: () => bad({ ...app, partitions: endless(partition) }) },
      'partitions must be an array',
    ],
    [
      'partitions that say they are many',
      '/meta/app?name=stat&detail',
      { app: () => ({ ...app, partitions: absurd(2 ** 40) }) },
      'partitions must have',
    ],
    [
      'secondaries without end',
      '/meta/app?name=stat&detail',
      { app: () => withPartition({ secondaries: endless('a:1') }) },
      'secondaries must be an array',
    ],
    [
      'a getter that throws',
      '/meta/app?name=stat',
      {
        app: () =>
          bad({
            ...app,
            get appId() {
              throw new Error('from a getter');
            },
          }),
      },
      'from a getter',
    ],
    [
      'a getter that throws',
      '/meta/cluster',
      {
        cluster: () =>
          bad({
            ...cluster,
            get nodes() {
              throw new Error('from a getter');
            },
          }),
      },
      'from a getter',
    ],
    [
      'a getter that throws',
      '/meta/apps',
      {
        role: () =>
          bad({
            get role() {
              throw new Error('from a getter');
            },
          }),
      },
      'from a getter',
    ],
  ])('%s: %s is 500 and not a hang', async (_, target, overrides, why) => {
    const { answer, error, errors } = await ask(withMetaState(overrides), target);
    expect(answer.status).toBe(500);
    expect(error).toEqual({ error: 'ERR_UNKNOWN', message: 'the meta state source gave an unusable answer' });
    expect(errors).toHaveLength(1);
    expect(String(errors[0]?.cause)).toContain(why);
  });

  it('keeps the code that a getter of a role throws', async () => {
    const role = {
      get role(): never {
        throw new PegasusError('ERR_SERVICE_NOT_ACTIVE', 'not elected yet');
      },
    };
    const { answer, error } = await ask(withMetaState({ role: () => role }), '/meta/apps');
    expect(answer.status).toBe(503);
    expect(error.error).toBe('ERR_SERVICE_NOT_ACTIVE');
  });

  it('an error that is handed out, and not thrown, is no answer either, and its message stays here', async () => {
    for (const name of ['role', 'app', 'staleSince']) {
      const given = { [name]: () => bad(new PegasusError('ERR_OBJECT_NOT_FOUND', SECRET)) };
      const { answer, errors } = await ask(withMetaState(given), '/meta/app?name=stat');
      expect([name, answer.status]).toEqual([name, 500]);
      expect(answer.body).not.toContain('hunter2');
      expect(errors).toHaveLength(1);
    }
  });

  it.each<[what: string, target: string, source: ClusterSource]>([
    [
      'a counter of no type',
      '/perfCounter?name=x',
      { perfCounters: { read: () => bad({ name: 'x', description: '', value: 1 }) } },
    ],
    [
      'a value that is text',
      '/perfCounter?name=x',
      { perfCounters: { read: () => bad({ name: 'x', description: '', type: 'RATE', value: '1' }) } },
    ],
    ['a version that is none', '/version', { processInfo: { version: () => bad({}), startSecond: () => 1 } }],
    ['no version', '/version', { processInfo: { version: () => bad(undefined), startSecond: () => 1 } }],
    [
      'a start that is none',
      '/recentStartTime',
      { processInfo: { version: () => bad(1), startSecond: () => bad('now') } },
    ],
  ])('%s: %s is 500', async (_, target, source) => {
    const { answer, errors } = await ask(source, target);
    expect(answer.status).toBe(500);
    expect(errors).toHaveLength(1);
  });

  it('null for a table or a counter is a 404', async () => {
    expect((await ask(withMetaState({ app: () => bad(null) }), '/meta/app?name=x')).answer.status).toBe(404);
    expect(
      (await ask({ perfCounters: { read: () => bad(null) } }, '/perfCounter?name=x')).answer.status,
    ).toBe(404);
  });

  it('NaN and infinities are values of counters', async () => {
    const read = (name: string) => ({ name, type: 'NUMBER' as const, value: Number(name), description: '' });
    for (const [name, value] of [
      ['NaN', 'nan'],
      ['Infinity', 'inf'],
      ['-Infinity', '-inf'],
    ]) {
      expect((await ask({ perfCounters: { read } }, `/perfCounter?name=${name}`)).error).toMatchObject({
        value,
      });
    }
  });
});

describe('a source that takes long', () => {
  it('is waited for', async () => {
    const cluster = memoryCluster(ONEBOX).metaState.cluster();
    const later = <T>(value: T) => new Promise<T>((resolve) => setTimeout(resolve, 15, value));
    const source = withMetaState({ role: () => later({ role: 'primary' }), cluster: () => later(cluster) });
    expect((await ask(source, '/meta/apps')).answer.status).toBe(200);
  });

  it.each<[what: string, overrides: Partial<MetaStateSource>]>([
    ['role', { role: () => new Promise(() => {}) }],
    ['cluster', { cluster: () => new Promise(() => {}) }],
  ])('and never comes back: 504, and the signal of %s fires', async (_, overrides) => {
    const signals: AbortSignal[] = [];
    const spied = Object.fromEntries(
      Object.entries(overrides).map(([name, hang]) => [
        name,
        (call: { signal: AbortSignal }) => {
          signals.push(call.signal);
          return (hang as () => unknown)();
        },
      ]),
    );
    const { answer, errors, error } = await ask(withMetaState(spied), '/meta/apps', { timeoutMs: 30 });
    expect(answer.status).toBe(504);
    expect(error).toEqual({ error: 'ERR_TIMEOUT', message: 'the meta state source did not answer in time' });
    expect(errors).toHaveLength(1);
    expect(signals[0]?.aborted).toBe(true);
    expect(signals[0]).toHaveProperty('reason.name', 'TimeoutError');
  });

  it('has one deadline for all source calls of a request', async () => {
    const slow = <T>(value: T) => new Promise<T>((resolve) => setTimeout(resolve, 60, value));
    const source = withMetaState({
      role: () => slow({ role: 'primary' }),
      cluster: () => slow({} as Cluster),
    });
    expect((await ask(source, '/meta/apps', { timeoutMs: 90 })).answer.status).toBe(504);
  });

  it.each(['resolve', 'reject'] as const)('and settles after the time-out: %s does no harm', async (how) => {
    let settle: (() => void) | undefined;
    const cluster = () =>
      new Promise<Cluster>((resolve, reject) => {
        settle = () => (how === 'resolve' ? resolve({} as Cluster) : reject(new Error('late')));
      });
    const { answer, errors } = await ask(withMetaState({ cluster }), '/meta/apps', { timeoutMs: 20 });
    expect(answer.status).toBe(504);
    settle?.();
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(errors).toHaveLength(1);
  });

  it('gives the signal late: it has fired already', async () => {
    let call: { readonly signal: AbortSignal } | undefined;
    const source = withMetaState({
      cluster: (given) => {
        call = given;
        return new Promise(() => {});
      },
    });
    await ask(source, '/meta/apps', { timeoutMs: 20 });
    expect(call?.signal.aborted).toBe(true);
  });
});

describe('a source that flaps', () => {
  it('fails each request while it lasts, and recovers immediately', async () => {
    let asked = 0;
    const cluster = () => {
      asked += 1;
      if (asked % 3 === 0) throw new Error('flap');
      const answer = memoryCluster(ONEBOX).metaState.cluster();
      return asked % 3 === 1 ? answer : Promise.resolve(answer);
    };
    const errors: unknown[] = [];
    const { get } = await serve(withMetaState({ cluster }), { onError: (error) => errors.push(error) });
    const statuses: number[] = [];
    for (let i = 0; i < 9; i += 1) statuses.push((await get('/meta/apps')).status);
    expect(statuses).toEqual([200, 200, 500, 200, 200, 500, 200, 200, 500]);
    expect(errors).toHaveLength(3);
  });

  it('and hangs now and then delays only the requests of that moment', async () => {
    let asked = 0;
    const cluster = () => {
      asked += 1;
      return asked === 1
        ? new Promise<never>(() => {})
        : Promise.resolve(memoryCluster().metaState.cluster());
    };
    const { get } = await serve(withMetaState({ cluster }), { timeoutMs: 100 });
    expect((await get('/meta/apps')).status).toBe(504);
    expect((await get('/meta/apps')).status).toBe(200);
  });
});

describe('a thenable', () => {
  const cluster = memoryCluster(ONEBOX).metaState.cluster();
  const thenable = (then: (done: (value: unknown) => void, fail: (error: unknown) => void) => void) =>
    Object.fromEntries([['then', then]]) as never;

  it.each<[what: string, made: () => never, status: number]>([
    ['answers', () => thenable((done) => done(cluster)), 200],
    ['answers twice', () => thenable((done) => [done(cluster), done(undefined)]), 200],
    ['answers, then fails', () => thenable((done, fail) => [done(cluster), fail(new Error('late'))]), 200],
    ['fails, then answers', () => thenable((done, fail) => [fail(new Error('first')), done(cluster)]), 500],
    ['answers and throws', () => thenable((done) => [done(cluster), thrower()]), 200],
    ['throws', () => thenable(thrower), 500],
    ['throws where it is looked at', () => Object.defineProperty({}, 'then', { get: thrower }) as never, 500],
    ['never answers', () => thenable(() => {}), 504],
  ])('that %s', async (_, made, status) => {
    const { answer } = await ask(withMetaState({ cluster: made }), '/meta/apps', { timeoutMs: 100 });
    expect(answer.status).toBe(status);
  });
});

describe('a client that leaves', () => {
  it.each(['resolve', 'reject'] as const)('stops the source, and its answer is dropped: %s', async (how) => {
    let settle: (() => void) | undefined;
    let asked: (() => void) | undefined;
    const isAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const aborted = new Promise<unknown>((resolve) => {
      void (async () => {
        const errors: unknown[] = [];
        const source = withMetaState({
          cluster: ({ signal }) => {
            signal.addEventListener('abort', () => resolve({ reason: signal.reason, errors }));
            asked?.();
            return new Promise((done, fail) => {
              settle = () =>
                how === 'resolve' ? done(memoryCluster().metaState.cluster()) : fail(new Error('late'));
            });
          },
        });
        const { origin } = await serve(source, { onError: (error) => errors.push(error) });
        const socket = connect(Number(new URL(origin).port), '127.0.0.1');
        socket.write('GET /meta/apps HTTP/1.1\r\nHost: a\r\n\r\n');
        await isAsked;
        socket.destroy();
      })();
    });
    const { reason, errors } = (await aborted) as { reason: DOMException; errors: unknown[] };
    expect(reason.name).toBe('AbortError');
    settle?.();
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(errors).toEqual([]);
  });

  it('before the source is called prevents the call', async () => {
    let reason: unknown;
    const handler = createPegasusHandler(
      withMetaState({
        cluster: ({ signal }) => {
          signal.addEventListener('abort', () => {
            reason = signal.reason;
          });
          return new Promise(() => {});
        },
      }),
    );
    const server = createServer((req, res) => {
      res.on('close', () => handler(req, res));
      req.socket.destroy();
    });
    const origin = await listening(server);
    await expect(clientOf(origin).get('/meta/apps')).rejects.toThrow();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect((reason as DOMException).name).toBe('AbortError');
  });
});

describe('callbacks of the application', () => {
  const broken = withMetaState({
    cluster: () => {
      throw new Error('broken');
    },
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('from onError');
      },
    ],
    [
      'rejects',
      async () => {
        throw new Error('from onError');
      },
    ],
  ])('an onError that %s does no harm', async (_, onError) => {
    const { get } = await serve(broken, { onError });
    expect((await get('/meta/apps')).status).toBe(500);
  });

  it('onError gets the request and its endpoint', async () => {
    const told: unknown[] = [];
    const { get } = await serve(broken, {
      basePath: '/ops',
      onError: (_, req, endpoint) => told.push([req.url, endpoint]),
    });
    await get('//ops//meta/apps/?detail');
    expect(told).toEqual([
      [
        '//ops//meta/apps/?detail',
        {
          path: '/meta/apps',
          group: 'meta',
          access: 'read',
          summary: expect.any(String),
        },
      ],
    ]);
  });

  it('onError is not for what clients do wrong', async () => {
    const errors: unknown[] = [];
    const { get } = await serve(memoryCluster(ONEBOX), { onError: (error) => errors.push(error) });
    for (const target of ['/nope', '/meta/app', '/meta/app?name=x', '/version?%', '/meta/apps?x'])
      await get(target);
    expect(errors).toEqual([]);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error(SECRET);
      },
    ],
    [
      'rejects',
      async () => {
        throw new Error(SECRET);
      },
    ],
  ])('a next that %s ends in a 500', async (_, next) => {
    const errors: PegasusError[] = [];
    const handler = createPegasusHandler(memoryCluster(), { onError: (error) => errors.push(error) });
    const origin = await listening(createServer((req, res) => handler(req, res, next)));
    const answer = await clientOf(origin).get('/nope');
    expect(answer.status).toBe(500);
    expect(answer.json()).toEqual({ error: 'ERR_UNKNOWN', message: 'this request failed' });
    expect(String(errors[0]?.cause)).toContain(SECRET);
  });
});

describe('next', () => {
  it('leaves its errors to the framework: express', async () => {
    const errors: unknown[] = [];
    const app = express();
    app.use(createPegasusHandler(memoryCluster(), { onError: (error) => errors.push(error) }));
    app.use(thrower);
    app.use(((_error, _req, res, _next) => void res.status(418).end('mine')) as express.ErrorRequestHandler);
    const answer = await clientOf(await listening(createServer(app))).get('/nope');
    expect([answer.status, answer.body]).toEqual([418, 'mine']);
    expect(errors).toEqual([]);
  });

  it('that throws after it has answered does no harm to its answer', async () => {
    const errors: PegasusError[] = [];
    const handler = createPegasusHandler(memoryCluster(), { onError: (error) => errors.push(error) });
    const server = createServer((req, res) =>
      handler(req, res, () => {
        res.end('mine');
        thrower();
      }),
    );
    expect((await clientOf(await listening(server)).get('/nope')).body).toBe('mine');
    expect(errors.map(({ cause }) => String(cause))).toEqual([`Error: ${SECRET}`]);
  });
});

describe('a response that', () => {
  it('that has been answered already is left alone', async () => {
    const handler = createPegasusHandler(memoryCluster(ONEBOX));
    const server = createServer((req, res) => {
      res.end('mine');
      handler(req, res);
    });
    expect((await clientOf(await listening(server)).get('/version')).body).toBe('mine');
  });

  it('throws on writing closes the connection and calls onError', async () => {
    const errors: PegasusError[] = [];
    const handler = createPegasusHandler(memoryCluster(ONEBOX), { onError: (error) => errors.push(error) });
    const server = createServer((req, res) => {
      res.writeHead = () => {
        throw new Error('patched');
      };
      handler(req, res);
    });
    await expect(clientOf(await listening(server)).get('/version')).rejects.toThrow('socket hang up');
    expect(errors.map(({ cause }) => String(cause))).toContain('Error: patched');
  });
});

it.each([
  ['end', 1, '/version'],
  ['write', 2, '/meta/app?name=large&detail'],
  ['end', 1, '/meta/app?name=large&detail'],
] as const)('a response whose %s throws at call %d of %s is cut off', async (method, badCall, target) => {
  const errors: PegasusError[] = [];
  const source = memoryCluster({
    nodes: ['10.0.0.1:1'],
    apps: [{ appName: 'large', partitionCount: 8_000 }],
  });
  const handler = createPegasusHandler(source, { onError: (error) => errors.push(error) });
  const server = createServer((req, res) => {
    const original = res[method].bind(res) as (...args: unknown[]) => unknown;
    let calls = 0;
    Object.assign(res, {
      [method](...args: unknown[]) {
        calls += 1;
        if (calls === badCall) throw new Error('patched');
        return original(...args);
      },
    });
    handler(req, res);
  });
  await expect(clientOf(await listening(server)).get(target)).rejects.toThrow(/socket hang up|aborted/);
  expect(errors.map(({ cause }) => String(cause))).toEqual(['Error: patched']);
});

it.each(['GET', 'HEAD'])('a response that was created for another request ends: %s', async (method) => {
  const req = { method, url: '/meta/apps', headers: {}, socket: {} } as IncomingMessage;
  const res = new ServerResponse({ method } as IncomingMessage);
  const end = vi.spyOn(res, 'end');
  createPegasusHandler(memoryCluster(ONEBOX))(req, res);
  await vi.waitFor(() => expect(end).toHaveBeenCalledOnce(), { timeout: 10_000 });
  expect(res.statusCode).toBe(200);
});

it('a process ends by itself after every kind of failure', async () => {
  const program = `
    import { createServer, get } from 'node:http';
    import { createPegasusHandler, memoryCluster } from 'pegasus-http';
    const hang = () => new Promise(() => {});
    const { metaState } = memoryCluster();
    const source = { metaState: { ...metaState, cluster: hang } };
    const server = createServer(createPegasusHandler(source, { timeoutMs: 50 }));
    server.listen(0, '127.0.0.1', () => {
      get({ port: server.address().port, path: '/meta/apps', agent: false }, (res) => {
        console.log(res.statusCode);
        res.resume();
        server.close();
      });
      get({ port: server.address().port, path: '/meta/apps', agent: false }).on('error', () => {}).destroy();
    });`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
    timeout: 10_000,
  });
  expect(stdout).toBe('504\n');
});

it('an answer that was waited for leaves neither a timer nor a listener behind', async () => {
  const program = `
    import { createServer, get } from 'node:http';
    import { createPegasusHandler, memoryCluster } from 'pegasus-http';
    const { metaState } = memoryCluster();
    const source = { metaState: { ...metaState, cluster: async () => metaState.cluster() } };
    const handler = createPegasusHandler(source, { timeoutMs: 123_456 });
    const server = createServer((req, res) => {
      const before = res.listenerCount('close');
      const end = res.end;
      res.end = (...args) => {
        setImmediate(() => console.log(res.listenerCount('close') - before));
        return end.apply(res, args);
      };
      handler(req, res);
    });
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    server.listen(0, '127.0.0.1', () => {
      get({ port: server.address().port, path: '/meta/apps', agent: false }, (res) => {
        res.resume();
        res.on('close', () => {
          server.close();
          server.closeAllConnections();
          setImmediate(() => console.log(timers() - before));
        });
      });
    });`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
    timeout: 10_000,
  });
  expect(stdout).toBe('0\n0\n');
});

it('two handlers do not know of each other', async () => {
  const one = memoryCluster({ apps: [{ appName: 'one' }] });
  const two = memoryCluster({ apps: [{ appName: 'two' }] });
  const [first, second] = [await serve(one), await serve(two, { basePath: '/two' })];
  expect((await first.get('/meta/app?name=one')).status).toBe(200);
  expect((await first.get('/meta/app?name=two')).status).toBe(404);
  expect((await first.get('/two/meta/app?name=two')).status).toBe(404);
  expect((await second.get('/two/meta/app?name=two')).status).toBe(200);
  expect((await second.get('/meta/app?name=two')).status).toBe(404);
});

it('pipelined requests are answered in order', async () => {
  const { origin } = await serve(memoryCluster(ONEBOX));
  const socket = connect(Number(new URL(origin).port), '127.0.0.1');
  const targets = ['/version', '/nope', '/meta/app?name=stat', '/meta/app'];
  socket.write(targets.map((target) => `GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`).join(''));
  let received = '';
  socket.on('data', (chunk) => {
    received += chunk;
    if (received.includes('shouldn')) socket.end();
  });
  await once(socket, 'close');
  expect(received.match(/HTTP\/1\.1 \d+/g)).toEqual([
    'HTTP/1.1 200',
    'HTTP/1.1 404',
    'HTTP/1.1 200',
    'HTTP/1.1 400',
  ]);
});

describe('a 404 for a perf counter', () => {
  const read = () => undefined;
  const message = 'perf counter not found: "a*b*counte"';

  it.each([
    ['is there', () => ['a*b*counter'], ', did you mean "a*b*counter"?'],
    ['comes later', async () => ['a*b*counter'], ', did you mean "a*b*counter"?'],
    ['hangs', () => new Promise<never>(() => {}), ''],
    ['rejects', () => Promise.reject(new Error(SECRET)), ''],
    [
      'throws',
      () => {
        throw new Error(SECRET);
      },
      '',
    ],
    ['is no list', () => SECRET as never, ''],
  ])('waits for a list of names that %s only for a moment', async (_, names, suggestion) => {
    const source: ClusterSource = { perfCounters: { read, names } };
    const { answer, error } = await ask(source, '/perfCounter?name=a*b*counte', { timeoutMs: 60_000 });
    expect(answer.status).toBe(404);
    expect(error.message).toBe(message + suggestion);
  });
});
