import { describe, expect, it, onTestFinished } from 'vitest';
import { createPegasusClient, type PegasusClientOptions } from '../../lib/client/index.js';
import type { ReplicaDuplication } from '../../lib/index.js';
import { type React, type Recorded, recorded, replay, startReplayServer } from '../support/replay-server.js';

function clientOf(options: PegasusClientOptions) {
  const client = createPegasusClient(options);
  onTestFinished(() => client.close());
  return client;
}

async function server(react: React) {
  const started = await startReplayServer(react);
  return { ...started, client: clientOf({ servers: started.address, retries: 0 }) };
}

describe.each(['2.5', '2.6'] as const)('Pegasus %s', (version) => {
  const builtin = [...recorded(version, 'builtin'), ...recorded(version, 'builtin2')];

  it('has a version, a start time, paths, flags and counters or metrics', async () => {
    const { address, client } = await server(replay(builtin, 'replica1'));
    const replica = client.server(address);
    expect((await replica.version()).version).toMatch(/^2\.[56]/);
    expect(new Date((await replica.startSecond()) * 1000).getFullYear()).toBe(2026);
    expect(await replica.paths()).toContain('/replica/data_version');
    const flags = await replica.flags();
    expect(flags.length).toBeGreaterThan(100);
    expect(flags.find(({ name }) => name === 'timeout_ms')).toMatchObject({ type: 'int32', value: 6000 });
    expect(new Set(flags.map(({ type }) => type)).size).toBeGreaterThan(5);
    expect(await replica.flag('nope')).toBeUndefined();
    expect(await replica.flag('cluster_name')).toMatchObject({ type: 'string', value: 'onebox' });
    expect(await replica.updateFlag('fd_lease_seconds', '9')).toEqual({
      error: 'ERR_INVALID_PARAMETERS',
      hint: 'fd_lease_seconds is not mutable',
    });
    const missing = { code: 'ERR_HANDLER_NOT_FOUND' };
    if (version === '2.5') {
      expect(await replica.perfCounter('nope')).toBeUndefined();
      await expect(replica.metrics()).rejects.toMatchObject(missing);
    } else {
      await expect(replica.perfCounter('nope')).rejects.toMatchObject(missing);
    }
  });

  it('has duplications, backup policies and bulk loads', async () => {
    const state = recorded(version, 'duplication');
    const { client } = await server(replay(state, 'meta1'));
    const duplications = await client.meta.duplications('temp');
    expect(duplications).toMatchObject({ appId: 2, duplications: [{ remote: 'onebox2', status: 'DS_LOG' }] });
    expect(await client.meta.duplications('stat')).toEqual({ appId: 1, duplications: [] });
    expect(await client.meta.bulkLoadStatus('temp')).toEqual({ error: 'ERR_OK', status: 'BLS_INVALID' });
    const none = (await server(replay(recorded('2.5', 'healthy'), 'meta1'))).client;
    expect(await none.meta.duplications('nope')).toBeUndefined();
    expect(await none.meta.bulkLoadStatus('nope')).toBeUndefined();
    const policies = await (
      await server(replay(recorded(version, 'backup_policy'), 'meta1'))
    ).client.meta.backupPolicies();
    expect(policies).toMatchObject([
      { name: 'everyday', appIds: [1, 2], intervalSeconds: 86_400 },
      { name: 'second' },
    ]);
  });

  it('has data versions, compactions and duplications of replicas', async () => {
    const { address, client } = await server(replay(recorded(version, 'duplication'), 'replica1'));
    const replica = client.server(address);
    expect(await replica.dataVersions(2)).toHaveLength(8);
    expect(await replica.compactionProgress(2)).toMatchObject({ running: 0 });
    const remoteAppName = version === '2.5' ? undefined : 'temp';
    const duplications = await replica.duplications(2);
    expect(duplications.length).toBeGreaterThan(1);
    for (const one of duplications as ReplicaDuplication[]) {
      expect([one.appId, one.failMode, one.remoteAppName]).toEqual([2, 'FAIL_SLOW', remoteAppName]);
    }
    expect(await replica.duplications(1)).toEqual([]);
  });
});

it('reads metrics with their exact time', async () => {
  const body = JSON.stringify({
    cluster: 'onebox',
    role: 'replica',
    host: 'a',
    port: 34801,
    timestamp_ns: 0,
    entities: [
      {
        type: 'replica',
        id: 'replica@2.5',
        attributes: { table_id: '2' },
        metrics: [
          { type: 'Counter', name: 'get', unit: 'Requests', desc: 'x', value: 17 },
          {
            type: 'Percentile',
            name: 'ns',
            unit: 'NanoSeconds',
            desc: 'x',
            p50: 1,
            p90: 2,
            p95: 3,
            p99: 4,
            p999: 5,
          },
        ],
      },
    ],
  }).replace('"timestamp_ns":0', '"timestamp_ns": 1795576035123456789');
  const { address, client, requests } = await server(() => ({ status: 200, body }));
  const snapshot = await client
    .server(address)
    .metrics({ types: ['replica'], attributes: [['table_id', '2']] });
  expect(requests).toEqual(['GET /metrics?detail=true&types=replica&attributes=table_id%2C2']);
  expect(snapshot.timestampNs).toBe(1_795_576_035_123_456_789n);
  expect(snapshot.entities[0]?.metrics[1]).toMatchObject({ type: 'Percentile', p999: 5 });
});

describe('the operations of', () => {
  const posts = recorded('2.5', 'posts');
  const healthy = recorded('2.5', 'healthy');

  it('a primary are sent in one write and answered', async () => {
    const answers: Recorded[] = [...healthy, ...posts];
    const primary = replay(answers, 'meta1');
    const seen: string[] = [];
    const { client, faults } = await server((request) => {
      if (request.method === 'GET') return primary(request);
      seen.push(request.body);
      return { status: 200, body: '{"error":"ERR_OK","hint_message":""}\n' };
    });
    const compaction = {
      appName: 'temp',
      type: 'once',
      targetLevel: -1,
      bottommostLevelCompaction: 'skip',
    } as const;
    expect(await client.meta.startCompaction({ ...compaction, maxConcurrentRunningCount: 0 })).toEqual({
      error: 'ERR_OK',
      hint: '',
    });
    expect(await client.meta.setUsageScenario('temp', 'bulk_load')).toEqual({ error: 'ERR_OK', hint: '' });
    expect(seen.map((body) => JSON.parse(body))).toEqual([
      {
        app_name: 'temp',
        type: 'once',
        target_level: -1,
        bottommost_level_compaction: 'skip',
        max_concurrent_running_count: 0,
      },
      { app_name: 'temp', scenario: 'bulk_load' },
    ]);
    expect(faults).toEqual([]);
  });
});

describe('a server that', () => {
  const nodes = replay(recorded('2.5', 'healthy'), 'meta1');
  const json = (body: string) => ({ status: 200, body });
  const cases: readonly (readonly [
    what: string,
    reaction: ReturnType<React>,
    code: string,
    message: RegExp,
  ])[] = [
    ['answers garbage', { raw: 'hello\r\n\r\n' }, 'ERR_INVALID_DATA', /not HTTP/],
    ['answers no JSON', json('<html>'), 'ERR_INVALID_DATA', /not JSON/],
    ['answers half', json('{"general_info":{"1":'), 'ERR_INVALID_DATA', /not JSON/],
    [
      'cuts its answer',
      { raw: 'HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{"a"' },
      'ERR_NETWORK_FAILURE',
      /closed|aborted/,
    ],
    ['answers too much', json(`"${'x'.repeat(40_000)}"`), 'ERR_INVALID_DATA', /more than 20000 bytes/],
    ['nests deeply', json('['.repeat(5_000)), 'ERR_INVALID_DATA', /nested deeper than 16/],
    [
      'answers something else',
      json('[]'),
      'ERR_INVALID_DATA',
      /\/meta\/apps\?detail: the answer must be an object/,
    ],
    [
      'leaves fields out',
      json('{"general_info":{"1":{}}}'),
      'ERR_INVALID_DATA',
      /general_info\.1\.app_id must be a whole number/,
    ],
    ['fails', { status: 500, body: 'ERR_UNKNOWN' }, 'ERR_UNKNOWN', /status 500, ERR_UNKNOWN/],
    [
      'has no such path',
      { status: 404, body: 'service not found for "meta/apps"' },
      'ERR_HANDLER_NOT_FOUND',
      /404/,
    ],
    ['never answers', 'silence', 'ERR_TIMEOUT', /no answer in 300 ms/],
    [
      'sends a byte of its head from time to time',
      { raw: `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(500)}`, everyMs: 20 },
      'ERR_TIMEOUT',
      /no answer in 300 ms/,
    ],
    [
      'sends a byte of its body from time to time',
      { raw: `HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n${' '.repeat(500)}`, everyMs: 1 },
      'ERR_TIMEOUT',
      /no answer in 300 ms/,
    ],
    ['closes the connection', undefined, 'ERR_NETWORK_FAILURE', /closed the connection/],
    [
      'redirects to itself',
      { status: 307, body: '', location: '/meta/apps' },
      'ERR_FORWARD_TO_OTHERS',
      /redirects to/,
    ],
  ];
  it.each(cases)('%s', async (_, reaction, code, message) => {
    const { address } = await server((request) =>
      request.target === '/meta/apps?detail' ? reaction : nodes(request),
    );
    const client = clientOf({
      servers: address,
      retries: 0,
      requestTimeoutMs: 300,
      maxResponseBytes: 20_000,
    });
    const error = await client.meta.apps().then(
      () => undefined,
      (thrown) => thrown,
    );
    expect(error).toMatchObject({ name: 'PegasusError', code });
    expect(error.message).toMatch(message);
    expect(error.message).toContain(address);
  });

  it('is frozen is left for another one', async () => {
    const [frozen, alive] = [await server(nodes), await server(nodes)];
    const client = clientOf({ servers: [frozen.address, alive.address], requestTimeoutMs: 300 });
    frozen.freeze();
    expect(await client.meta.apps()).toHaveLength(3);
    expect(await client.meta.primary()).toBe(alive.address);
  });
});

it('ends a call by its signal, its time limit, or when it is closed', async () => {
  const { client, address } = await server(() => 'silence');
  const aborted = new AbortController();
  const call = client.meta.apps({ signal: aborted.signal });
  aborted.abort(new Error('enough'));
  await expect(call).rejects.toThrow('enough');
  await expect(client.meta.apps({ signal: AbortSignal.abort(new Error('before')) })).rejects.toThrow(
    'before',
  );
  await expect(client.server(address).version({ timeoutMs: 50 })).rejects.toMatchObject({
    code: 'ERR_TIMEOUT',
  });
  const last = client.server(address).version();
  client.close();
  await expect(last).rejects.toMatchObject({ code: 'ERR_SERVICE_NOT_ACTIVE' });
  await expect(client.meta.apps()).rejects.toMatchObject({ code: 'ERR_SERVICE_NOT_ACTIVE' });
});

it.each([
  ['/meta/app/duplication', 'duplication is not enabled [duplication_enabled=false]', 'disabled'],
  ['/meta/app/duplication', 'duplication is not enabled [FLAGS_duplication_enabled=false]', 'disabled'],
  ['/meta/app/duplication', 'ERR_APP_NOT_EXIST', undefined],
  ['/meta/app/duplication', 'table not found: "it is not enabled"', undefined],
  ['/meta/app/query_bulk_load', 'bulk load is not enabled', 'disabled'],
  [
    '/meta/app/query_bulk_load',
    '{"error":"ERR_OBJECT_NOT_FOUND","message":"bulk load is not enabled"}\n',
    'disabled',
  ],
  [
    '/meta/app/query_bulk_load',
    '{"error":"ERR_OBJECT_NOT_FOUND","message":"no table \\"disabled\\""}\n',
    undefined,
  ],
])('takes a 404 of %s with %j for what it says', async (path, body, expected) => {
  const primary = replay(recorded('2.5', 'healthy'), 'meta1');
  const { client } = await server((request) =>
    request.target.startsWith(path) ? { status: 404, body } : primary(request),
  );
  const name = 'disabled';
  const answer = path.endsWith('duplication')
    ? client.meta.duplications(name)
    : client.meta.bulkLoadStatus(name);
  expect(await answer).toBe(expected);
});

it('does not take the table of another name', async () => {
  // A real server splits the decoded query, so that `temp&x` asks for temp.
  const healthy = recorded('2.5', 'healthy');
  const temp = healthy.find(
    ({ target, status }) => target === '/meta/app?name=temp&detail' && status === 200,
  );
  const primary = replay(healthy, 'meta1');
  const { client } = await server((request) =>
    request.target.startsWith('/meta/app?') ? temp : primary(request),
  );
  expect(await client.meta.app('temp')).toMatchObject({ appName: 'temp' });
  expect(await client.meta.app('temp&detail')).toBeUndefined();
  expect(await client.meta.app('temp ')).toBeUndefined();
});

it('takes times for those of the zone of the servers', async () => {
  const { address } = await server(replay(recorded('2.5', 'healthy'), 'meta1'));
  const createdIn = async (timeZone: string) => {
    const [app] = await clientOf({ servers: address, timeZone }).meta.apps();
    return app?.createSecond ?? 0;
  };
  const utc = await createdIn('UTC');
  expect(utc).toBeGreaterThan(1_700_000_000);
  expect(await createdIn('Asia/Shanghai')).toBe(utc - 8 * 3600);
  expect(await createdIn('-03:30')).toBe(utc + 3.5 * 3600);
});

it('says what is wrong with its arguments', async () => {
  const client = clientOf({ servers: '10.0.0.1:34601' });
  await expect(client.meta.app('')).rejects.toThrow('appName must be a non-empty string');
  await expect(client.server('10.0.0.1:34801').dataVersions(-1)).rejects.toThrow('appId must be an integer');
  await expect(client.meta.apps({ timeout: 1 } as never)).rejects.toThrow('unknown option "timeout"');
  expect(() => client.server('10.0.0.1')).toThrow(TypeError);
  expect(() => createPegasusClient({ servers: [] })).toThrow('servers must be at least one address');
  expect(() => createPegasusClient({ servers: 'a:1,a:1' })).toThrow('servers has "a:1" twice');
});
