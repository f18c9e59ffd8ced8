import { createServer, type Server } from 'node:http';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPegasusHandler, memoryCluster } from '../../lib/index.js';
import { type Answer, type Client, clientOf, close, originOf } from '../support/http.js';

const FILES = {
  appName: 'temp',
  clusterName: 'onebox',
  fileProviderType: 'local_service',
  remoteRootPath: 'bulk',
};
const cluster = memoryCluster({
  nodes: ['127.0.0.1:34801', '127.0.0.1:34802', '127.0.0.1:34803'],
  apps: [{ appName: 'temp', appId: 2, partitionCount: 8 }],
  bulkLoadFiles: [FILES],
});
const replicas = cluster.replicaServer('127.0.0.1:34801').replicas;

let server: Server;
let client: Client;
beforeAll(async () => {
  server = createServer(createPegasusHandler({ ...cluster, replicas }, { authorize: () => 'allow' }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  client = clientOf(originOf(server));
});
afterAll(() => close(server));

/** Whether an answer is a 200 with JSON, or a 4xx with an error that says why. */
function expectClear(answer: Answer): void {
  expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
  if (answer.status === 200) return void answer.json();
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.status).toBeLessThan(500);
  expect(answer.json()).toEqual({
    error: expect.stringMatching(/^ERR_\w+$/),
    message: expect.stringMatching(/./),
  });
}

const VALID = {
  '/meta/app/start_compaction': {
    app_name: 'temp',
    type: 'once',
    target_level: -1,
    bottommost_level_compaction: 'force',
    max_concurrent_running_count: 1,
    trigger_time: '',
  },
  '/meta/app/start_bulk_load': {
    app_name: 'temp',
    cluster_name: 'onebox',
    file_provider_type: 'local_service',
    remote_root_path: 'bulk',
  },
  '/meta/app/usage_scenario': { app_name: 'temp', scenario: 'normal' },
} as const;

const key = fc.oneof(
  fc.constantFrom(...Object.values(VALID).flatMap(Object.keys)),
  fc.string(),
  fc.constant('__proto__'),
);
const value = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(
    -1,
    0,
    1,
    2 ** 31,
    2 ** 53,
    1e308,
    -0,
    1.5,
    '',
    'temp',
    'once',
    '1',
    'constructor',
    '__proto__',
  ),
);
/** A body of which some fields are replaced or added. */
const changed = (body: object) =>
  fc.array(fc.tuple(key, value), { maxLength: 3 }).map((changes) => {
    const entries = [...Object.entries(body), ...changes].map(
      ([name, field]) => `${JSON.stringify(name)}:${JSON.stringify(field)}`,
    );
    return `{${entries.join(',')}}`;
  });

describe.each(Object.entries(VALID))('POST %s', (path, body) => {
  it('gives any body a 200 or an error that says why', async () => {
    const bodies = fc.oneof(
      changed({}),
      changed(body),
      fc.json(),
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.constant(JSON.stringify(body)),
    );
    const types = fc.constantFrom('application/json', 'text/plain', 'application/x-www-form-urlencoded');
    await fc.assert(
      fc.asyncProperty(bodies, types, async (text, type) => {
        const answer = await client.send('POST', path, { 'content-type': type }, text);
        expectClear(answer);
        if (answer.status === 200)
          expect(answer.json()).toMatchObject({ error: expect.stringMatching(/^ERR_/) });
      }),
      { numRuns: 300 },
    );
  });

  it('gives any query an error', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ minLength: 1 }), async (query) => {
        const target = `${path}?${encodeURIComponent(query)}=x`;
        const answer = await client.send('POST', target, {}, JSON.stringify(body));
        expectClear(answer);
      }),
      { numRuns: 60 },
    );
  });
});

describe.each([
  ['/meta/app/duplication', 'name'],
  ['/meta/app/query_bulk_load', 'name'],
  ['/meta/backup_policy', 'name'],
  ['/envs/list', 'name'],
  ['/replica/duplication', 'appid'],
  ['/replica/data_version', 'app_id'],
  ['/replica/manual_compaction', 'app_id'],
])('GET %s', (path, param) => {
  it('gives any query a 200 or an error that says why', async () => {
    const raw = fc.stringMatching(/^[!-~]{0,40}$/).map((text) => text.replace('#', ''));
    const escaped = fc.string({ unit: 'binary' }).map((text) => encodeURIComponent(text));
    const values = fc.oneof(
      raw,
      escaped,
      fc.bigInt().map(String),
      fc.double().map(String),
      fc.constantFrom('temp', '2', '%', '%ff', '%00'),
    );
    const names = fc.oneof(fc.constantFrom(param, param.toUpperCase(), '__proto__', 'x'), escaped);
    const queries = fc
      .array(fc.tuple(names, values), { maxLength: 3 })
      .map((pairs) => pairs.map(([name, given]) => `${name}=${given}`).join('&'));
    await fc.assert(
      fc.asyncProperty(queries, async (query) => {
        expectClear(await client.get(`${path}?${query}`));
      }),
      { numRuns: 200 },
    );
  });
});
