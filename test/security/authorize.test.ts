import { createServer } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import {
  type ClusterSource,
  createPegasusHandler,
  type Endpoint,
  type EndpointGroup,
  type HandlerOptions,
  memoryCluster,
  type PegasusError,
} from '../../lib/index.js';
import { IDLE_PROFILER, ONEBOX } from '../support/fixtures.js';
import { clientOf, listening, serve } from '../support/http.js';

const onebox = memoryCluster(ONEBOX);
const source: ClusterSource = {
  ...onebox,
  processInfo: { ...onebox.processInfo, profiler: IDLE_PROFILER },
};

/** Of every group one. */
const TARGETS: readonly (readonly [target: string, path: string, group: EndpointGroup])[] = [
  ['/', '/', 'listing'],
  ['/meta/app?name=stat&detail', '/meta/app', 'meta'],
  ['/meta/app_envs?name=stat', '/meta/app_envs', 'meta'],
  ['/meta/apps', '/meta/apps', 'meta'],
  ['/meta/cluster', '/meta/cluster', 'meta'],
  ['/meta/nodes', '/meta/nodes', 'meta'],
  ['/metrics?detail=true', '/metrics', 'metrics'],
  ['/perfCounter?name=collector*app.pegasus*app.stat.read_qps%23_all_', '/perfCounter', 'perfCounter'],
  ['/pprof/cmdline', '/pprof/cmdline', 'pprof'],
  ['/pprof/symbol', '/pprof/symbol', 'pprof'],
  ['/recentStartTime', '/recentStartTime', 'process'],
  ['/version', '/version', 'process'],
];

async function guarded(authorize: unknown, options: HandlerOptions = {}) {
  const errors: { error: PegasusError; endpoint: Endpoint | undefined }[] = [];
  const client = await serve(source, {
    ...options,
    authorize: authorize as never,
    onError: (error, _, endpoint) => void errors.push({ error, endpoint }),
  });
  return { ...client, errors };
}

const hanging = () => new Promise(() => {});
const thrower = () => {
  throw new Error('the directory is down');
};

describe('authorize', () => {
  it.each(TARGETS)('is called for %s with its path and group', async (target, path, group) => {
    const asked: unknown[] = [];
    const { get } = await guarded((req: { url: string }, endpoint: Endpoint) => {
      asked.push([req.url, endpoint]);
      return 'allow';
    });
    expect((await get(target)).status).toBe(200);
    expect(asked).toEqual([[target, { path, group, access: 'read', summary: expect.any(String) }]]);
  });

  it.each(TARGETS)('forbids %s', async (target, path) => {
    const { get, errors } = await guarded(() => 'deny');
    const answer = await get(target);
    expect(answer.status).toBe(403);
    expect(answer.json()).toEqual({ error: 'ERR_ACL_DENY', message: `"${path}" is not for this client` });
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.headers['www-authenticate']).toBeUndefined();
    expect(errors).toEqual([]);
  });

  it.each(TARGETS)('wants credentials for %s', async (target, path) => {
    const { get, errors } = await guarded(async () => ({ challenge: 'Bearer realm="pegasus"' }));
    const answer = await get(target);
    expect(answer.status).toBe(401);
    expect(answer.json()).toEqual({ error: 'ERR_UNAUTHENTICATED', message: `"${path}" needs credentials` });
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="pegasus"');
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(errors).toEqual([]);
  });

  it.each(['Basic', 'Bearer', 'Negotiate', 'Digest realm="a", nonce="b"', 'Basic realm="a", Bearer'])(
    'may challenge with %s',
    async (challenge) => {
      const { get } = await guarded(() => ({ challenge }));
      expect((await get('/version')).headers['www-authenticate']).toBe(challenge);
    },
  );

  const CLOSED: readonly (readonly [how: string, authorize: unknown, why: string])[] = [
    ['throws', thrower, 'the directory is down'],
    ['rejects', async () => thrower(), 'the directory is down'],
    ['rejects with nothing', () => Promise.reject(), ''],
    [
      'throws undefined',
      () => {
        throw undefined;
      },
      '',
    ],
    ['never answers', hanging, 'no answer within 50 ms'],
    ['answers nothing', () => undefined, 'not undefined'],
    ['answers true', () => true, 'not true'],
    ['answers "Allow"', () => 'Allow', 'not "Allow"'],
    ['answers 200', async () => 200, 'not 200'],
    ['answers null', () => null, 'not null'],
    ['answers a list', () => ['allow'], 'not an array of 1'],
    ['answers a String', () => new String('allow'), 'not an object'],
    ['answers an object', () => ({}), 'not an object'],
    ['answers a symbol', () => Symbol('allow'), 'Symbol(allow)'],
    ['challenges with nothing', () => ({ challenge: '' }), '{ challenge: "" }'],
    ['challenges with a space', () => ({ challenge: ' ' }), '{ challenge: " " }'],
    ['challenges with a number', () => ({ challenge: 7 }), '{ challenge: 7 }'],
    ['challenges with another header', () => ({ challenge: 'Bearer\r\nSet-Cookie: a=b' }), 'Set-Cookie'],
    ['challenges with a line feed', () => ({ challenge: 'Bearer realm="a"\n' }), 'realm'],
    ['challenges with a NUL', () => ({ challenge: 'Bearer \0' }), 'challenge'],
    ['challenges with what is no Latin-1', () => ({ challenge: 'Bearer realm="中"' }), '中'],
    [
      'has a challenge that throws',
      () => ({
        get challenge() {
          return thrower();
        },
      }),
      'directory',
    ],
    ['gives a thenable that throws', () => Object.fromEntries([['then', thrower]]), 'directory'],
    [
      'gives a thenable whose then throws when it is read',
      () => Object.defineProperty({}, 'then', { get: thrower }),
      'directory',
    ],
    [
      'gives a thenable that answers twice',
      () =>
        Object.fromEntries([
          [
            'then',
            (done: (v: string) => void) => {
              done('forbidden');
              done('allow');
            },
          ],
        ]),
      '"forbidden"',
    ],
  ];

  it.each(CLOSED)('fails closed if it %s, and is reported to onError', async (_, authorize, why) => {
    const { get, errors } = await guarded(authorize, { timeoutMs: 50 });
    const answer = await get('/meta/apps');
    const { get: refused } = await guarded(() => 'deny');
    const refusal = await refused('/meta/apps');
    expect([answer.status, answer.body]).toEqual([refusal.status, refusal.body]);
    expect(Object.keys(answer.headers)).toEqual(Object.keys(refusal.headers));
    expect(errors).toHaveLength(1);
    expect(errors[0]?.error).toMatchObject({
      code: 'ERR_ACL_DENY',
      message: 'authorize() failed; access denied',
    });
    expect(String(errors[0]?.error.cause)).toContain(why);
    expect(errors[0]?.endpoint).toEqual({
      path: '/meta/apps',
      group: 'meta',
      access: 'read',
      summary: expect.any(String),
    });
  });

  it('comes before everything else: method, arguments, length, sources', async () => {
    let asked = 0;
    const role = () => {
      asked += 1;
      return { role: 'backup' as const, primaryUrl: 'http://10.0.0.1:34601' };
    };
    const { send, get } = await serve(
      { metaState: { ...onebox.metaState, role } },
      { authorize: () => 'deny', maxUrlLength: 100 },
    );
    for (const target of ['/meta/app', '/meta/app?x=%', '/meta/apps', `/meta/apps?${'x'.repeat(200)}`])
      expect([target, (await get(target)).status]).toEqual([target, 403]);
    for (const method of ['POST', 'DELETE', 'OPTIONS', 'HEAD'])
      expect((await send(method, '/meta/apps')).status).toBe(403);
    expect(asked).toBe(0);
  });

  it('is not called for a path without an endpoint, and next does not wait for it', async () => {
    let asked = 0;
    const authorize = () => {
      asked += 1;
      return hanging() as never;
    };
    const handler = createPegasusHandler(source, { authorize, exclude: ['pprof'] });
    const origin = await listening(createServer((req, res) => handler(req, res, () => res.end('next'))));
    for (const target of ['/nope', '/meta', '/META/APPS', '/pprof/heap'])
      expect((await clientOf(origin).get(target)).body).toBe('next');
    const alone = await serve(source, { authorize });
    expect((await alone.get('/nope')).status).toBe(404);
    expect(asked).toBe(0);
  });

  it('is called for each request, also for repeated URLs', async () => {
    let asked = 0;
    const { get } = await guarded(() => {
      asked += 1;
      return asked === 2 ? 'allow' : 'deny';
    });
    const statuses = [];
    for (let i = 0; i < 3; i += 1) statuses.push((await get('/meta/apps')).status);
    expect(statuses).toEqual([403, 200, 403]);
  });

  it('may decide by what the request carries', async () => {
    const { send } = await guarded(({ headers }: { headers: Record<string, string> }) =>
      headers['authorization'] === 'Bearer right' ? 'allow' : { challenge: 'Bearer' },
    );
    const status = async (authorization: string) => (await send('GET', '/version', { authorization })).status;
    expect([await status('Bearer right'), await status('Bearer wrong')]).toEqual([200, 401]);
  });

  it('has its own time: what it takes is not taken from the source', async () => {
    const later = <T>(value: T) => new Promise<T>((resolve) => setTimeout(resolve, 150, value));
    const cluster = () => later(onebox.metaState.cluster());
    const { get } = await serve(
      { metaState: { ...onebox.metaState, cluster } },
      { authorize: () => later('allow' as const), timeoutMs: 250 },
    );
    expect((await get('/meta/apps')).status).toBe(200);
  });

  it('is not waited for when the client has left', async () => {
    const told: unknown[] = [];
    let asked: (() => void) | undefined;
    const isAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    let listeners = () => 0;
    const handler = createPegasusHandler(source, {
      authorize: () => {
        asked?.();
        return hanging() as never;
      },
      onError: (error) => told.push(error),
      timeoutMs: 60_000,
    });
    const origin = await listening(
      createServer((req, res) => {
        const before = res.listenerCount('close');
        listeners = () => res.listenerCount('close') - before;
        handler(req, res);
      }),
    );
    const socket = connect(Number(new URL(origin).port), '127.0.0.1');
    socket.write('GET /version HTTP/1.1\r\nHost: a\r\n\r\n');
    await isAsked;
    expect(listeners()).toBe(1);
    socket.destroy();
    await expect.poll(listeners).toBe(0);
    expect(told).toEqual([]);
  });

  it('rejects requests immediately when too many wait for it', async () => {
    const waiting: (() => void)[] = [];
    const authorize = () =>
      new Promise<'allow'>((resolve) => {
        waiting.push(() => resolve('allow'));
      });
    const { get, errors } = await guarded(authorize, { maxPendingRequests: 2 });
    const answers = [get('/version'), get('/version')];
    await expect.poll(() => waiting.length).toBe(2);
    const busy = await get('/version');
    expect(busy.status).toBe(503);
    expect(busy.headers['retry-after']).toBe('1');
    expect(busy.json()).toMatchObject({ error: 'ERR_BUSY' });
    expect(waiting).toHaveLength(2);
    for (const allow of waiting) allow();
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200]);
    expect(errors).toEqual([]);
  });

  it.each([
    ['deny', 403, '"/pprof/cmdline" is not for this client\n'],
    [{ challenge: 'Bearer' }, 401, '"/pprof/cmdline" needs credentials\n'],
  ])('%j is readable for go tool pprof', async (verdict, status, message) => {
    const { send } = await guarded(() => verdict);
    const answer = await send('GET', '/pprof/cmdline', { 'user-agent': 'Go-http-client/1.1' });
    expect([answer.status, answer.body, answer.headers['x-go-pprof']]).toEqual([status, message, '1']);
  });
});

describe('a guarded answer', () => {
  it.each(TARGETS)('is private: %s', async (target) => {
    const open = await serve(source);
    const { get, send } = await guarded(() => 'allow');
    const [plain, answer] = [await open.get(target), await get(target)];
    // Each answer of /metrics has a later time.
    const timeless = (body: string) => body.replace(/"timestamp_ns":\d+/, '');
    expect([answer.status, timeless(answer.body)]).toEqual([200, timeless(plain.body)]);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.headers['etag']).toBeUndefined();
    const etag = String(plain.headers['etag'] ?? '*');
    expect((await send('GET', target, { 'if-none-match': etag })).status).toBe(200);
    expect((await send('GET', target, { 'if-none-match': '*' })).status).toBe(200);
  });

  it('has no validator when it is compressed, either', async () => {
    const many = memoryCluster({ apps: Array.from({ length: 50 }, (_, i) => ({ appName: `table${i}` })) });
    const { send } = await serve(many, { authorize: () => 'allow' });
    for (const coding of ['gzip', 'br']) {
      const { headers } = await send('GET', '/meta/apps', { 'accept-encoding': coding });
      expect(headers).toMatchObject({ 'content-encoding': coding, 'cache-control': 'no-store' });
      expect(headers['etag']).toBeUndefined();
    }
  });

  it('leaves the same answer of an open handler as it is', async () => {
    const first = await serve(source, { authorize: () => 'allow' });
    const second = await serve(source);
    await first.get('/meta/apps');
    expect((await second.get('/meta/apps')).headers['cache-control']).toBe('no-cache');
  });

  it('has its age nevertheless', async () => {
    const metaState = { ...onebox.metaState, staleSince: () => Date.now() / 1000 - 10.5 };
    const { get } = await serve({ metaState }, { authorize: () => 'allow' });
    expect((await get('/meta/apps')).headers).toMatchObject({ age: '10', 'cache-control': 'no-store' });
  });

  it.each(['/meta/apps', '/meta/app', '/nope', '/meta/app?name=none'])(
    'is not stored where it is a redirect or an error: %s',
    async (target) => {
      const role = () => ({ role: 'backup' as const, primaryUrl: 'http://10.0.0.1:34601' });
      const { get } = await serve({ metaState: { ...onebox.metaState, role } }, { authorize: () => 'allow' });
      expect((await get(target)).headers['cache-control']).toBe('no-store');
    },
  );
});

describe('exclude', () => {
  it.each(TARGETS)('takes %s away', async (target, path, group) => {
    const { get } = await serve(source, { exclude: [group] });
    const answer = await get(target);
    expect(answer.status).toBe(404);
    expect(answer.json()).toMatchObject({ error: 'ERR_HANDLER_NOT_FOUND' });
    if (group !== 'listing') expect(Object.keys((await get('/')).json() as object)).not.toContain(path);
  });

  it('leaves the others', async () => {
    const { get } = await serve(source, { exclude: ['pprof', 'meta'] });
    expect(Object.keys((await get('/')).json() as object)).toEqual([
      '/',
      '/metrics',
      '/openapi.json',
      '/perfCounter',
      '/recentStartTime',
      '/version',
    ]);
    expect((await get('/version')).status).toBe(200);
  });

  it('may take everything', async () => {
    const { get } = await serve(source, {
      exclude: ['listing', 'meta', 'metrics', 'perfCounter', 'pprof', 'process'],
    });
    for (const [target] of TARGETS) expect((await get(target)).status).toBe(404);
  });
});

describe('every answer', () => {
  const backup = { role: 'backup' as const, primaryUrl: 'http://10.0.0.1:34601' };
  it.each<[what: string, method: string, target: string, status: number, options: HandlerOptions]>([
    ['a body', 'GET', '/meta/apps', 200, {}],
    ['a head', 'HEAD', '/meta/apps', 200, {}],
    ['a guarded body', 'GET', '/meta/apps', 200, { authorize: () => 'allow' }],
    ['text', 'GET', '/pprof/cmdline', 200, {}],
    ['a 304', 'GET', '/meta/apps', 304, {}],
    ['a redirect', 'GET', '/meta/apps', 307, {}],
    ['a bad request', 'GET', '/meta/app', 400, {}],
    ['a 401', 'GET', '/version', 401, { authorize: () => ({ challenge: 'Bearer' }) }],
    ['a 403', 'GET', '/version', 403, { authorize: () => 'deny' }],
    ['a 404', 'GET', '/nope', 404, {}],
    ['a 405', 'OPTIONS', '/version', 405, {}],
    ['a 414', 'GET', '/version?xxxxxxxxxx', 414, { maxUrlLength: 10 }],
  ])(
    'says that it is what it says, and lets no other site in: %s',
    async (_, method, target, status, options) => {
      const metaState = { ...onebox.metaState, ...(status === 307 && { role: () => backup }) };
      const { send, get } = await serve({ ...source, metaState }, options);
      const etag = String((await get(target)).headers['etag']);
      const answer = await send(method, target, {
        origin: 'http://evil.example',
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'authorization',
        ...(status === 304 && { 'if-none-match': etag }),
      });
      expect(answer.status).toBe(status);
      expect(answer.headers['x-content-type-options']).toBe('nosniff');
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    },
  );
});

it.each<[options: unknown, message: string]>([
  [{ authorize: 'allow' }, 'authorize must be a function, not "allow"'],
  [{ authorize: null }, 'authorize must be a function, not null'],
  [
    { exclude: 'pprof' },
    'exclude must be an array of listing, meta, replica, perfCounter, metrics, config, pprof, process, console, not "pprof"',
  ],
  [
    { exclude: ['debug'] },
    'exclude must be an array of listing, meta, replica, perfCounter, metrics, config, pprof, process, console, not "debug"',
  ],
  [
    { exclude: [undefined] },
    'exclude must be an array of listing, meta, replica, perfCounter, metrics, config, pprof, process, console, not undefined',
  ],
  [{ pprof: false }, 'pprof must be an object (exclude: ["pprof"] disables these endpoints), not false'],
])('%j are refused', (options, message) => {
  expect(() => createPegasusHandler(source, options as HandlerOptions)).toThrow(
    new TypeError(`createPegasusHandler: ${message}`),
  );
});
