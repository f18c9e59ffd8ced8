import { createServer } from 'node:http';
import express from 'express';
import { describe, expect, it } from 'vitest';
import {
  type ClusterSource,
  createPegasusHandler,
  type MemoryCluster,
  type MetaStateSource,
  memoryCluster,
} from '../../lib/index.js';
import { clientOf, listening, serve } from '../support/http.js';

const NODES = ['127.0.0.1:34801', '127.0.0.1:34802', '127.0.0.1:34803'];
const FILES = {
  appName: 'temp',
  clusterName: 'onebox',
  fileProviderType: 'local_service',
  remoteRootPath: 'bulk',
};

const COMPACTION = {
  app_name: 'temp',
  type: 'once',
  target_level: -1,
  bottommost_level_compaction: 'force',
};
const BULK_LOAD = {
  app_name: 'temp',
  cluster_name: 'onebox',
  file_provider_type: 'local_service',
  remote_root_path: 'bulk',
};
const SCENARIO = { app_name: 'temp', scenario: 'bulk_load' };

const WRITES: readonly (readonly [path: string, body: Readonly<Record<string, unknown>>])[] = [
  ['/meta/app/start_compaction', COMPACTION],
  ['/meta/app/start_bulk_load', BULK_LOAD],
  ['/meta/app/usage_scenario', SCENARIO],
];

const allow = { authorize: () => 'allow' as const };

function createCluster(): MemoryCluster {
  return memoryCluster({
    metaServers: ['127.0.0.1:34601', '127.0.0.1:34602'],
    nodes: NODES,
    apps: [{ appName: 'temp', partitionCount: 8 }, { appName: 'gone' }],
    bulkLoadFiles: [FILES],
  });
}

/** Counts the writes that reach a cluster. Each takes a moment. */
function countWrites(cluster: MemoryCluster): { source: ClusterSource; count(): number } {
  let writes = 0;
  const { metaState } = cluster;
  const later = async <Result>(run: () => Result): Promise<Result> => {
    writes += 1;
    await new Promise((resolve) => setImmediate(resolve));
    return run();
  };
  const counting: MetaStateSource = {
    ...metaState,
    startCompaction: (request) => later(() => metaState.startCompaction(request)),
    startBulkLoad: (request) => later(() => metaState.startBulkLoad(request)),
    setUsageScenario: (appName, scenario) => later(() => metaState.setUsageScenario(appName, scenario)),
  };
  return { source: { metaState: counting }, count: () => writes };
}

describe.each(WRITES)('%s', (path, given) => {
  const body = JSON.stringify(given);

  it.each(['GET', 'POST', 'HEAD', 'PUT'])('is denied to %s unless authorize allows it', async (method) => {
    const { source, count } = countWrites(createCluster());
    const { send } = await serve(source);
    const answer = await send(method, path, {}, method === 'POST' ? body : undefined);
    expect(answer.status).toBe(403);
    expect(count()).toBe(0);
  });

  it('is not there for GET where authorize allows it', async () => {
    const { source, count } = countWrites(createCluster());
    const { send } = await serve(source, allow);
    const answer = await send('GET', path);
    expect([answer.status, answer.headers['allow']]).toEqual([405, 'POST']);
    expect(count()).toBe(0);
  });

  it('happens once for each request of two clients at the same time', async () => {
    const { source, count } = countWrites(createCluster());
    const { send } = await serve(source, allow);
    const answers = await Promise.all([send('POST', path, {}, body), send('POST', path, {}, body)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(count()).toBe(2);
    const errors = answers.map((answer) => (answer.json() as { error: string }).error).sort();
    expect(errors).toEqual(path.includes('bulk') ? ['ERR_BUSY', 'ERR_OK'] : ['ERR_OK', 'ERR_OK']);
    expect(answers[0]?.headers['cache-control']).toBe('no-store');
  });

  it('is redirected with its method and its body by a backup', async () => {
    const { source, count } = countWrites(createCluster());
    const { origin } = await serve(source, allow);
    const role = () => ({ role: 'backup', primaryUrl: origin }) as const;
    const backup = { metaState: { ...createCluster().metaState, role } };
    const { origin: backupOrigin } = await serve(backup, allow);
    const answer = await fetch(`${backupOrigin}${path}`, { method: 'POST', body });
    expect(answer.redirected).toBe(true);
    expect(answer.url).toBe(origin + path);
    expect(await answer.json()).toMatchObject({ error: 'ERR_OK' });
    expect(count()).toBe(1);
  });

  const first = Object.keys(given)[0] as string;
  const cases: readonly (readonly [what: string, body: string, status: number, message: RegExp])[] = [
    ['no body', '', 400, /must be JSON/],
    ['half a body', body.slice(0, -2), 400, /must be JSON/],
    ['a list', '[]', 400, /must be an object/],
    ['null', 'null', 400, /must be an object/],
    ['an empty object', '{}', 400, /must have the field "app_name"/],
    ['an unknown field', JSON.stringify({ ...given, x: 1 }), 400, /unknown field "x", known are app_name/],
    ['__proto__', body.replace('{', '{"__proto__":{},'), 400, /unknown field "__proto__"/],
    ['a field twice', body.replace('{', `{"${first}":"stat",`), 400, /"app_name" twice/],
    ['an escaped field twice', body.replace('{', '{"app_nam\\u0065":"stat",'), 400, /twice/],
    ['a number as a name', JSON.stringify({ ...given, app_name: 1 }), 400, /"app_name" must be a string/],
    ['an empty name', JSON.stringify({ ...given, app_name: '' }), 400, /"app_name" shouldn't be empty/],
    ['a large body', JSON.stringify({ ...given, app_name: 'x'.repeat(70_000) }), 413, /65536 bytes at most/],
  ];

  it.each(cases)('refuses %s', async (_, wrong, status, message) => {
    const { source, count } = countWrites(createCluster());
    const { send } = await serve(source, allow);
    const answer = await send('POST', path, { 'content-type': 'application/json' }, wrong);
    expect(answer.status).toBe(status);
    expect(answer.json()).toEqual({
      error: 'ERR_INVALID_PARAMETERS',
      message: expect.stringMatching(message),
    });
    expect(count()).toBe(0);
  });

  it('says that a table does not exist, or no longer does', async () => {
    const cluster = createCluster();
    cluster.dropApp('gone');
    const { send } = await serve(cluster, allow);
    for (const name of ['nope', 'gone', '__proto__']) {
      const answer = await send('POST', path, {}, JSON.stringify({ ...given, app_name: name }));
      expect([answer.status, answer.json()]).toMatchObject([200, { error: 'ERR_APP_NOT_EXIST' }]);
    }
  });

  it('takes a body that express.json() has parsed', async () => {
    const { source, count } = countWrites(createCluster());
    const app = express();
    app.use(express.json());
    app.use(createPegasusHandler(source, allow));
    const { send } = clientOf(await listening(createServer(app)));
    const json = { 'content-type': 'application/json' };
    expect((await send('POST', path, json, body)).json()).toMatchObject({ error: 'ERR_OK' });
    expect((await send('POST', path, json, '{}')).status).toBe(400);
    expect(count()).toBe(1);
  });
});

const WRONG_COMPACTIONS: readonly (readonly [change: object, message: RegExp])[] = [
  [{ type: 'never' }, /"type" must be once or periodic/],
  [{ target_level: -2 }, /"target_level" must be >= -1/],
  [{ target_level: 1.5 }, /"target_level" must be an integer/],
  [{ target_level: '1' }, /"target_level" must be an integer/],
  [{ target_level: 2 ** 31 }, /"target_level" must be <= 2147483647/],
  [{ max_concurrent_running_count: -1 }, /must be >= 0/],
  [{ bottommost_level_compaction: 'maybe' }, /must be skip or force/],
  [{ type: 'periodic' }, /"trigger_time" must be times of day such as "3:00,21:00"/],
  [{ type: 'periodic', trigger_time: '25:00' }, /"trigger_time" must be times of day/],
  [{ type: 'periodic', trigger_time: null }, /"trigger_time" must be times of day/],
];

it.each(WRONG_COMPACTIONS)('refuses a compaction with %o', async (change, message) => {
  const { send } = await serve(createCluster(), allow);
  const body = JSON.stringify({ ...COMPACTION, ...change });
  const answer = await send('POST', '/meta/app/start_compaction', {}, body);
  expect([answer.status, answer.json()]).toMatchObject([400, { message: expect.stringMatching(message) }]);
});

it('refuses another scenario', async () => {
  const { send } = await serve(createCluster(), allow);
  const body = JSON.stringify({ ...SCENARIO, scenario: 'fast' });
  const answer = await send('POST', '/meta/app/usage_scenario', {}, body);
  expect(answer.json()).toMatchObject({ message: '"scenario" must be normal or bulk_load' });
});

const WRONG_IDS = ['', '=', '=x', '=-1', '=1.5', '=2147483648', '=1&ID=2'];
const ID_PATHS = [
  ['/replica/duplication', 'appid'],
  ['/replica/data_version', 'app_id'],
  ['/replica/manual_compaction', 'app_id'],
] as const;

describe.each(ID_PATHS)('%s', (path, id) => {
  it.each(WRONG_IDS)('refuses a wrong id: %s', async (wrong) => {
    const { get } = await serve(createCluster().replicaServer(NODES[0] as string));
    const answer = await get(`${path}?${id}${wrong.replace('ID', id)}`);
    expect(answer.status).toBe(400);
    expect(answer.json()).toMatchObject({ message: expect.stringContaining(id) });
  });
});

it('serves only what a source has', async () => {
  const { role, app, cluster } = createCluster().metaState;
  const { get } = await serve({ metaState: { role, app, cluster }, replicas: {} }, allow);
  const paths = Object.keys((await get('/')).json() as object);
  expect(paths.filter((path) => path.startsWith('/meta/app/') || path.startsWith('/replica'))).toEqual([]);
  expect((await get('/meta/backup_policy')).status).toBe(404);
});

const UNUSABLE: readonly (readonly [path: string, part: 'metaState' | 'replicas', method: string])[] = [
  ['/meta/app/duplication?name=temp', 'metaState', 'duplications'],
  ['/meta/backup_policy', 'metaState', 'backupPolicies'],
  ['/meta/app/query_bulk_load?name=temp', 'metaState', 'bulkLoadStatus'],
  ['/replica/duplication?appid=1', 'replicas', 'duplications'],
  ['/replica/data_version?app_id=1', 'replicas', 'dataVersions'],
  ['/replica/manual_compaction?app_id=1', 'replicas', 'compactionProgress'],
];

it.each(UNUSABLE)('answers %s with 500 where a source gives something else', async (path, part, method) => {
  const errors: unknown[] = [];
  for (const value of [{ progress: 1, duplications: [{}] }, [{ name: 1 }], 17]) {
    const source = { metaState: createCluster().metaState, replicas: {}, [part]: undefined };
    const owner = part === 'metaState' ? createCluster().metaState : {};
    const broken = { ...source, [part]: { ...owner, [method]: () => value } } as ClusterSource;
    const { get } = await serve(broken, { onError: (error) => errors.push(error) });
    const answer = await get(path);
    expect([answer.status, answer.json()]).toMatchObject([500, { error: 'ERR_UNKNOWN' }]);
  }
  expect(errors).toHaveLength(3);
});
