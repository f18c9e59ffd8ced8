import { METHODS } from 'node:http';
import { describe, expect, it, vi } from 'vitest';
import { memoryCluster } from '../../lib/index.js';
import { IDLE_PROFILER, ONEBOX } from '../support/fixtures.js';
import { serve } from '../support/http.js';

const JSON_TYPE = 'application/json; charset=utf-8';

/** What is answered, by target: the status, the error code and the message of the specification's table. */
describe('errors', () => {
  const cases: readonly (readonly [target: string, status: number, error: string, message: string])[] = [
    ['/meta/xyz', 404, 'ERR_HANDLER_NOT_FOUND', 'service not found for "meta/xyz"'],
    ['/xyz', 404, 'ERR_HANDLER_NOT_FOUND', 'service not found for "xyz"'],
    ['/meta', 404, 'ERR_HANDLER_NOT_FOUND', 'service not found for "meta"'],
    ['/meta/APPS', 404, 'ERR_HANDLER_NOT_FOUND', 'service not found for "meta/APPS"'],
    ['/meta/apps#detail', 404, 'ERR_HANDLER_NOT_FOUND', 'service not found for "meta/apps#detail"'],
    ['*', 404, 'ERR_HANDLER_NOT_FOUND', 'service not found for "*"'],
    ['/meta/apps/x', 404, 'ERR_HANDLER_NOT_FOUND', 'service not found for "meta/apps/x"'],
    ['/%zz', 404, 'ERR_HANDLER_NOT_FOUND', 'service not found for "%zz"'],
    ['/meta/app', 400, 'ERR_INVALID_PARAMETERS', "app name shouldn't be empty"],
    ['/meta/app?name', 400, 'ERR_INVALID_PARAMETERS', "app name shouldn't be empty"],
    ['/meta/app?name=&detail', 400, 'ERR_INVALID_PARAMETERS', "app name shouldn't be empty"],
    ['/meta/app_envs', 400, 'ERR_INVALID_PARAMETERS', "app name shouldn't be empty"],
    ['/meta/app?name=xyz', 404, 'ERR_OBJECT_NOT_FOUND', 'table not found: "xyz"'],
    ['/meta/app_envs?name=xyz', 404, 'ERR_OBJECT_NOT_FOUND', 'table not found: "xyz"'],
    ['/perfCounter?name=xyz', 404, 'ERR_OBJECT_NOT_FOUND', 'perf counter not found: "xyz"'],
    ['/perfCounter', 400, 'ERR_INVALID_PARAMETERS', "perf counter name shouldn't be empty"],
    ['/perfCounter?name=a%2Bb+c', 404, 'ERR_OBJECT_NOT_FOUND', 'perf counter not found: "a+b+c"'],
    ['/meta/apps?detail&detail=', 400, 'ERR_INVALID_PARAMETERS', 'duplicate parameter: "detail"'],
    ['/version?a=1&a=2', 400, 'ERR_INVALID_PARAMETERS', 'duplicate parameter: "a"'],
    [
      '/version?a=%F',
      400,
      'ERR_INVALID_PARAMETERS',
      'bad escape or bytes that are not UTF-8 in parameter "a=%F"',
    ],
    [
      '/meta/app?x=1',
      400,
      'ERR_INVALID_PARAMETERS',
      'unknown parameter "x": /meta/app takes name and detail',
    ],
    [
      '/meta/apps?name=stat',
      400,
      'ERR_INVALID_PARAMETERS',
      'unknown parameter "name": /meta/apps takes detail',
    ],
    ['/meta/nodes?x', 400, 'ERR_INVALID_PARAMETERS', 'unknown parameter "x": /meta/nodes takes detail'],
    [
      '/perfCounter?name=a&x',
      400,
      'ERR_INVALID_PARAMETERS',
      'unknown parameter "x": /perfCounter takes name',
    ],
  ];

  it.each(cases)('%s: %d %s', async (target, status, error, message) => {
    const { get } = await serve(memoryCluster(ONEBOX));
    const answer = await get(target);
    expect(answer.json()).toEqual({ error, message });
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toBe(JSON_TYPE);
    expect(answer.body.endsWith('}\n')).toBe(true);
  });

  it.each([
    ['CREATING', 'ERR_BUSY_CREATING', 'table is being created: "busy"'],
    ['RECALLING', 'ERR_BUSY_CREATING', 'table is being created: "busy"'],
    ['DROPPING', 'ERR_BUSY_DROPPING', 'table is being dropped: "busy"'],
  ] as const)('a table that is %s: 503 %s', async (status, error, message) => {
    const { get } = await serve(memoryCluster({ apps: [{ appName: 'busy', status }] }));
    for (const target of ['/meta/app?name=busy', '/meta/app_envs?name=busy']) {
      const answer = await get(target);
      expect(answer.status).toBe(503);
      expect(answer.headers['retry-after']).toBe('1');
      expect(answer.json()).toEqual({ error, message });
    }
    expect((await get('/meta/apps')).json()).toEqual({ general_info: {}, summary: { total_app_count: '0' } });
  });

  it.each(['CREATE_FAILED', 'DROP_FAILED', 'DROPPED'] as const)('a table that is %s: 404', async (status) => {
    const { get } = await serve(memoryCluster({ apps: [{ appName: 'gone', status }] }));
    expect((await get('/meta/app?name=gone')).status).toBe(404);
  });
});

describe('what is understood', () => {
  it.each([
    ['//meta//apps/', '/meta/apps'],
    ['/meta/apps/', '/meta/apps'],
    ['///version', '/version'],
    ['/meta/apps?', '/meta/apps'],
    ['/meta/apps?&', '/meta/apps'],
    ['/meta/apps?detail=', '/meta/apps?detail'],
    ['/meta/apps?detail=true', '/meta/apps?detail'],
    ['/meta/apps?detail=false', '/meta/apps'],
    ['/meta/apps?detail=0', '/meta/apps'],
    ['/meta/nodes?detail=0', '/meta/nodes'],
    ['/meta/app?detail&name=temp', '/meta/app?name=temp&detail'],
    ['/meta/app?name=%74emp', '/meta/app?name=temp'],
    ['/meta/app_envs?name=temp&what=ever', '/meta/app_envs?name=temp'],
    ['/meta/cluster?what=ever', '/meta/cluster'],
    ['/version?what=ever', '/version'],
    ['http://somewhere.example/version', '/version'],
    ['HTTPS://somewhere.example?x', '/'],
    ['/?', '/'],
    ['//', '/'],
  ])('%s is %s', async (target, plain) => {
    const { get } = await serve(memoryCluster(ONEBOX));
    const [answer, expected] = [await get(target), await get(plain)];
    expect(answer.status).toBe(200);
    expect(answer.body).toBe(expected.body);
  });

  it('lists every path with its help, sorted', async () => {
    const { get } = await serve(memoryCluster(ONEBOX));
    const listing = (await get('/')).json() as Record<string, string>;
    const paths = Object.keys(listing);
    expect(paths).toEqual([...paths].sort());
    expect(paths).toContain('/meta/app');
    for (const path of paths) {
      expect(listing[path], path).toMatch(/\.$/);
      expect((await get(`${path}?name=stat`)).body, path).not.toContain('"error":"ERR_HANDLER_NOT_FOUND"');
    }
  });

  it('lists what a replica server has, and nothing else', async () => {
    const { get } = await serve(memoryCluster(ONEBOX).replicaServer('127.0.0.1:34801'));
    const paths = Object.keys((await get('/')).json() as object);
    expect(paths).toEqual([
      '/',
      '/metrics',
      '/openapi.json',
      '/perfCounter',
      '/recentStartTime',
      '/replica/data_version',
      '/replica/duplication',
      '/replica/manual_compaction',
      '/version',
    ]);
    for (const path of [
      '/meta/app?name=stat',
      '/meta/apps',
      '/meta/app_envs',
      '/meta/nodes',
      '/meta/cluster',
      '/meta/backup_policy',
      '/meta/app/duplication?name=stat',
      '/envs/list',
    ]) {
      const answer = await get(path);
      expect(answer.status).toBe(404);
      expect(answer.json()).toMatchObject({ error: 'ERR_HANDLER_NOT_FOUND' });
    }
  });

  it('answers its empty shape where there is nothing to list', async () => {
    const { get } = await serve(memoryCluster({ apps: [{ appName: 'bare' }] }));
    expect((await get('/meta/app_envs?name=bare')).body).toBe('{}\n');
    expect((await get('/meta/nodes?detail')).body).toBe(
      '{"details":{},"summary":{"total_node_count":"0","alive_node_count":"0","unalive_node_count":"0"}}\n',
    );
    const { get: empty } = await serve(memoryCluster());
    expect((await empty('/meta/apps?detail')).body).toBe(
      '{"general_info":{},"summary":{"total_app_count":"0"}}\n',
    );
  });
});

describe('methods', () => {
  const TARGETS = [
    '/',
    '/version',
    '/meta/apps',
    '/meta/app?name=stat&detail',
    '/meta/app?name=xyz',
    '/nope',
  ];

  it.each(TARGETS)('HEAD %s is GET without the body', async (target) => {
    const { get, send } = await serve(memoryCluster(ONEBOX));
    const [head, full] = [await send('HEAD', target), await get(target)];
    expect(head.status).toBe(full.status);
    expect(head.body).toBe('');
    const { date: _, ...headers } = head.headers;
    expect(full.headers).toMatchObject(headers);
    expect(head.headers['content-length']).toBe(String(Buffer.byteLength(full.body)));
  });

  // Those that this Node knows (20.19 has no QUERY yet): it refuses others by itself.
  const others = ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'QUERY'];
  it.each(others.filter((method) => METHODS.includes(method)))(
    '%s is 405 and says what would do',
    async (method) => {
      const { send } = await serve(memoryCluster(ONEBOX));
      const answer = await send(method, '/meta/apps', {}, method === 'OPTIONS' ? undefined : 'a body');
      expect(answer.status).toBe(405);
      expect(answer.headers['allow']).toBe('GET, HEAD');
      expect(answer.json()).toEqual({
        error: 'ERR_HANDLER_NOT_FOUND',
        message: `method ${method} is not allowed for "/meta/apps", use GET, HEAD`,
      });
    },
  );

  it('a wrong method on no endpoint is a 404', async () => {
    const { send } = await serve(memoryCluster(ONEBOX));
    expect((await send('POST', '/nope')).status).toBe(404);
  });
});

describe('perf counters', () => {
  it('of every type', async () => {
    const common = { name: 'a*b*c', description: 'what it is' };
    const cluster = memoryCluster();
    const { get } = await serve(cluster);
    for (const type of ['NUMBER', 'VOLATILE_NUMBER', 'RATE'] as const) {
      cluster.setPerfCounter({ ...common, type, value: 1.5 });
      expect((await get('/perfCounter?name=a*b*c')).body).toBe(
        `{"name":"a*b*c","value":"1.50","type":"${type}","description":"what it is"}\n`,
      );
    }
    cluster.setPerfCounter({ ...common, type: 'PERCENTILE', p99: 12, p999: 34.5678 });
    expect((await get('/perfCounter?name=a*b*c')).body).toBe(
      '{"name":"a*b*c","p99":"12.00","p999":"34.57","type":"PERCENTILE","description":"what it is"}\n',
    );
  });

  it('reading a VOLATILE_NUMBER resets it', async () => {
    const counter = { name: 'v', type: 'VOLATILE_NUMBER', value: 7, description: '' } as const;
    const { get } = await serve(memoryCluster({ perfCounters: [counter] }));
    expect((await get('/perfCounter?name=v')).json()).toMatchObject({ value: '7.00' });
    expect((await get('/perfCounter?name=v')).json()).toMatchObject({ value: '0.00' });
  });

  it('HEAD neither reads a counter nor takes a profile', async () => {
    const { processInfo } = memoryCluster();
    const call = vi.fn();
    const profiler = { ...IDLE_PROFILER, cpu: call, heap: call, growth: call };
    const { send } = await serve({
      perfCounters: { read: call },
      processInfo: { ...processInfo, profiler },
    });
    for (const target of ['/perfCounter?name=v', '/pprof/profile', '/pprof/heap', '/pprof/growth']) {
      expect((await send('HEAD', target)).status).toBe(200);
    }
    expect(call).not.toHaveBeenCalled();
  });
});

it('fetch gets a 304, though it adds Cache-Control: no-cache to If-None-Match', async () => {
  const { origin } = await serve(memoryCluster(ONEBOX));
  const first = await fetch(`${origin}/meta/apps`);
  const etag = first.headers.get('etag') ?? '';
  const again = await fetch(`${origin}/meta/apps`, { headers: { 'if-none-match': etag } });
  expect([again.status, again.headers.get('etag'), await again.text()]).toEqual([304, etag, '']);
});

it.each([() => null, () => undefined])('a state that is current has no Age: %s', async (staleSince) => {
  const { metaState } = memoryCluster(ONEBOX);
  const { get } = await serve({ metaState: { ...metaState, staleSince: staleSince as () => undefined } });
  const answer = await get('/meta/apps');
  expect(answer.status).toBe(200);
  expect(answer.headers).not.toHaveProperty('age');
});

// Names are the users' data: whatever they are, they come back as they were.
describe.each([
  '__proto__',
  'constructor',
  'hasOwnProperty',
  '0042',
  '42',
  ' ',
  'a&b=c#d?e%f+g',
  'quotes " and \\ and \' and </script>',
  '中文',
  '😀 and a lone \ud800',
  'line\nbreak\r\0\u2028',
  'é'.normalize('NFD'),
  'x'.repeat(4_000),
  '表'.repeat(400),
])('the name %j', (name) => {
  const isWellFormed = Buffer.from(name).toString() === name;
  const encoded = encodeURIComponent(isWellFormed ? name : name.replace('\ud800', ''));
  const asked = decodeURIComponent(encoded);

  it('works as a table, as an env and as a perf counter', async () => {
    const cluster = memoryCluster({
      nodes: ['127.0.0.1:34801'],
      apps: [{ appName: asked, envs: Object.fromEntries([[name, name]]) }, { appName: 'other' }],
      perfCounters: [{ name: asked, type: 'NUMBER', value: 1, description: name }],
    });
    const { get } = await serve(cluster);
    const app = (await get(`/meta/app?name=${encoded}&detail`)).json();
    expect(app).toMatchObject({ general: { app_name: asked, app_id: '1' } });
    const apps = (await get('/meta/apps?detail')).json();
    expect(apps).toMatchObject({ general_info: { 1: { app_name: asked, envs_count: '1' } } });
    expect(apps).toMatchObject({ healthy_info: { 1: { app_name: asked } } });
    const envs = (await get(`/meta/app_envs?name=${encoded}`)).json() as object;
    expect(Object.entries(envs)).toEqual([[name, name]]);
    expect((await get(`/perfCounter?name=${encoded}`)).json()).toMatchObject({
      name: asked,
      description: name,
    });
  });

  it('is told back where there is none', async () => {
    const { get } = await serve(memoryCluster());
    for (const path of ['/meta/app', '/meta/app_envs']) {
      const answer = await get(`${path}?name=${encoded}`);
      expect(answer.status).toBe(404);
      expect(answer.json()).toEqual({
        error: 'ERR_OBJECT_NOT_FOUND',
        message: `table not found: "${asked}"`,
      });
    }
  });
});

it('lists envs by the bytes of their keys', async () => {
  const keys = ['10', '9', 'B', 'a', '__proto__', 'é', '\uff5e', '😀', ''];
  const envs = Object.fromEntries(keys.map((key) => [key, key]));
  const { get } = await serve(memoryCluster({ apps: [{ appName: 'temp', envs }] }));
  const body = (await get('/meta/app_envs?name=temp')).body;
  const byBytes = [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  expect(body).toBe(`{${byBytes.map((key) => `${JSON.stringify(key)}:${JSON.stringify(key)}`).join(',')}}\n`);
});
