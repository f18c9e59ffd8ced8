import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AppDescription,
  type AppStatus,
  type ClusterDescription,
  type MemoryCluster,
  memoryCluster,
  PegasusError,
} from '../../lib/index.js';
import { APP_STATUSES } from '../../lib/model/enums.js';
import { arbitraryCluster } from '../support/arbitrary.js';

const [A, B, C] = ['10.0.0.1:34801', '10.0.0.2:34801', '10.0.0.3:34801'] as const;
const THREE: ClusterDescription = { nodes: [A, B, C], apps: [{ appName: 'stat' }, { appName: 'temp' }] };

const partitionsOf = (cluster: MemoryCluster, appName = 'stat') =>
  cluster.metaState.app(appName)?.partitions ?? [];
const partitionOf = (cluster: MemoryCluster, pidx: number) => partitionsOf(cluster)[pidx];

describe('a description', () => {
  it('needs nothing', () => {
    const { metaState, processInfo } = memoryCluster();
    expect(metaState.cluster()).toEqual({
      apps: [],
      nodes: [],
      metaServers: ['127.0.0.1:34601'],
      primaryMetaServer: '127.0.0.1:34601',
      zookeeperHosts: ['127.0.0.1:2181'],
      zookeeperRoot: '/pegasus',
      metaFunctionLevel: 'steady',
      balanceOperations: { movePrimary: 0, copyPrimary: 0, copySecondary: 0 },
    });
    const call = { signal: new AbortController().signal };
    expect(processInfo.version(call)).toEqual({ version: 'unknown', gitCommit: 'unknown' });
    expect(
      Math.abs((processInfo.startSecond(call) as number) + process.uptime() - Date.now() / 1000),
    ).toBeLessThan(1);
  });

  it('has everything said', () => {
    const description: ClusterDescription = {
      version: { version: '2.5.0', gitCommit: 'abc' },
      startSecond: 1,
      metaServers: [
        'meta1.example:34601',
        { address: 'meta2.example:34601', url: 'https://ops.example/pegasus' },
      ],
      primaryMetaServer: 'meta2.example:34601',
      zookeeperHosts: ['zk1:2181', 'zk2:2181'],
      zookeeperRoot: '/p',
      metaFunctionLevel: 'lively',
      balanceOperations: 'unknown',
      nodes: [A, { address: B, status: 'UNALIVE' }],
      apps: [
        {
          appId: 7,
          appName: 'x',
          appType: 'other',
          status: 'CREATING',
          partitionCount: 3,
          maxReplicaCount: 2,
          isStateful: false,
          createSecond: 2,
          dropSecond: 3,
          expireSecond: 4,
          envs: { k: 'v' },
          partitions: [
            { primary: A, secondaries: [B] },
            { pidx: 2, ballot: 9, primary: null },
          ],
        },
      ],
    };
    const cluster = memoryCluster(JSON.parse(JSON.stringify(description)));
    expect(cluster.metaState.cluster()).toMatchObject({
      metaServers: ['meta1.example:34601', 'meta2.example:34601'],
      primaryMetaServer: 'meta2.example:34601',
      nodes: [
        { address: A, status: 'ALIVE' },
        { address: B, status: 'UNALIVE' },
      ],
      apps: [
        {
          appId: 7,
          partitions: [
            { pidx: 0, ballot: 0, primary: A, secondaries: [B] },
            { pidx: 2, ballot: 9, primary: null, secondaries: [] },
          ],
        },
      ],
    });
    expect(cluster.metaServer('meta1.example:34601').metaState?.role({} as never)).toEqual({
      role: 'backup',
      primaryUrl: 'https://ops.example/pegasus',
    });
  });

  it('places partitions on the living nodes in turn', () => {
    const cluster = memoryCluster({
      nodes: [A, { address: B, status: 'UNALIVE' }, C],
      apps: [{ appName: 'stat', partitionCount: 3, maxReplicaCount: 2 }],
    });
    expect(partitionsOf(cluster)).toEqual([
      { pidx: 0, ballot: 2, primary: A, secondaries: [C] },
      { pidx: 1, ballot: 2, primary: C, secondaries: [A] },
      { pidx: 2, ballot: 2, primary: A, secondaries: [C] },
    ]);
    const none = memoryCluster({ apps: [{ appName: 'stat', partitionCount: 1 }] });
    expect(partitionsOf(none)).toEqual([{ pidx: 0, ballot: 0, primary: null, secondaries: [] }]);
  });

  const app = (given: object) => ({ nodes: [A, B], apps: [{ appName: 'x', ...given }] });
  const counter = { name: 'c', type: 'NUMBER', value: 1, description: '' };
  it.each<[wrong: unknown, message: string]>([
    [null, 'description must be an object, not null'],
    [[], 'description must be an object, not an empty array'],
    [
      { tables: [] },
      'description: unknown key "tables", known are version, startSecond, metaServers, primaryMetaServer,',
    ],
    [{ version: '1.12' }, 'version must be an object, not "1.12"'],
    [{ version: { version: 1 } }, 'version.version must be a string, not 1'],
    [{ startSecond: Date.now() }, 'startSecond must be a time in unix seconds (not milliseconds), not'],
    [{ metaServers: '127.0.0.1:34601' }, 'metaServers must be an array, not "127.0.0.1:34601"'],
    [
      { metaServers: ['127.0.0.1'] },
      'metaServers[0] must be an address such as "127.0.0.1:34801", not "127.0.0.1"',
    ],
    [{ metaServers: ['a:1', 'a:1'] }, 'metaServers has "a:1" twice'],
    [{ metaServers: [{ address: 'a:1', url: 'a:1' }] }, 'metaServers[0].url must be a base URL such as'],
    ...['http://user:pw@h', 'http://user@h', 'https://:pw@h/p'].map((url): [object, string] => [
      { metaServers: [{ address: 'a:1', url }] },
      'metaServers[0].url must be a base URL without a user and a password',
    ]),
    [
      { metaServers: [{ address: 'a:1', port: 1 }] },
      'metaServers[0]: unknown key "port", known are address, url',
    ],
    [{ primaryMetaServer: 'a:1' }, 'primaryMetaServer must be one of 127.0.0.1:34601, not "a:1"'],
    [{ zookeeperHosts: ['zk'] }, 'zookeeperHosts[0] must be an address'],
    [{ zookeeperRoot: '' }, 'zookeeperRoot must be a non-empty string, not ""'],
    [
      { metaFunctionLevel: 'calm' },
      'metaFunctionLevel must be one of stopped, blind, freezed, steady, lively, unknown, not "calm"',
    ],
    [{ balanceOperations: 'none' }, 'balanceOperations must be an object, not "none"'],
    [
      { balanceOperations: { movePrimary: 1, copyPrimary: 1 } },
      'balanceOperations.copySecondary must be an integer from 0, not undefined',
    ],
    [{ nodes: ['a:0'] }, 'nodes[0] must be an address'],
    [{ nodes: ['a:65536'] }, 'nodes[0] must be an address'],
    [{ nodes: ['a b:1'] }, 'nodes[0] must be an address'],
    [
      { nodes: [{ address: A, status: 'DEAD' }] },
      'nodes[0].status must be one of ALIVE, UNALIVE, UNKNOWN, not "DEAD"',
    ],
    [{ nodes: [A, B, A] }, `nodes has "${A}" twice`],
    [{ apps: {} }, 'apps must be an array, not an object'],
    [{ apps: [{}] }, 'apps[0].appName must be a non-empty string, not undefined'],
    [app({ appName: '' }), 'apps[0].appName must be a non-empty string, not ""'],
    [app({ app_id: 1 }), 'apps[0]: unknown key "app_id", did you mean "appId"?'],
    [app({ appId: 0 }), 'apps[0].appId must be an integer from 1, not 0'],
    [app({ partitionCount: 0 }), 'apps[0].partitionCount must be an integer from 1 to 1000000, not 0'],
    [
      app({ partitionCount: 1e9 }),
      'apps[0].partitionCount must be an integer from 1 to 1000000, not 1000000000',
    ],
    [app({ maxReplicaCount: 1.5 }), 'apps[0].maxReplicaCount must be an integer from 1 to 100, not 1.5'],
    [app({ isStateful: 1 }), 'apps[0].isStateful must be true or false, not 1'],
    [app({ status: 'AS_AVAILABLE' }), 'apps[0].status must be one of AVAILABLE, CREATING,'],
    [app({ envs: [] }), 'apps[0].envs must be an object, not an empty array'],
    [app({ envs: { ttl: 1 } }), 'apps[0].envs["ttl"] must be a string, not 1'],
    [app({ partitions: [{}] }), `apps[0].partitions[0].primary must be one of ${A}, ${B}, not undefined`],
    [
      app({ partitions: [{ primary: C }] }),
      `apps[0].partitions[0].primary must be one of ${A}, ${B}, not "${C}"`,
    ],
    [app({ partitions: [{ primary: A, secondaries: [A] }] }), `apps[0].partitions[0] has "${A}" twice`],
    [
      app({ partitions: [{ primary: A, secondaries: B }] }),
      'apps[0].partitions[0].secondaries must be an array',
    ],
    [
      app({ partitions: [{ pidx: 1, primary: A }] }),
      'apps[0].partitions[0].pidx must ascend and stay below 1, not be 1',
    ],
    [
      app({ partitionCount: 2, partitions: [{ primary: A }, { pidx: 0, primary: A }] }),
      'apps[0].partitions[1].pidx must ascend',
    ],
    [
      app({ partitions: [{ primary: A, ballot: -2 }] }),
      'apps[0].partitions[0].ballot must be an integer from -1, not -2',
    ],
    [
      app({ partitions: [{ primary: A, maxReplicaCount: -1 }] }),
      'apps[0].partitions[0].maxReplicaCount must be an integer from 0 to 100, not -1',
    ],
    [
      { apps: [{ appName: 'x', partitions: [{ primary: 'n1' }] }] },
      'apps[0].partitions[0].primary names node "n1", but the description has no nodes',
    ],
    [
      { apps: [{ appName: 'x', partitions: [{ primary: null, secondaries: ['n1'] }] }] },
      'apps[0].partitions[0].secondaries[0] names node "n1", but the description has no nodes',
    ],
    [
      { apps: [{ appName: 'x', partitions: [{}] }] },
      'apps[0].partitions[0].primary must be the address of a node, not undefined',
    ],
    [
      { metaServers: [], primaryMetaServer: 'a:1' },
      'primaryMetaServer names meta server "a:1", but the description has no meta servers',
    ],
    [
      {
        nodes: Array.from({ length: 1000 }, (_, i) => `n${i}:1`),
        apps: [{ appName: 'x', partitions: [{ primary: 'n:1' }] }],
      },
      'primary must be one of 1000: n0:1, n1:1, n2:1, n3:1, n4:1, n5:1, n6:1, n7:1, n8:1, n9:1, n10:1, n11:1, ..., not "n:1"',
    ],
    // The total of /meta/app stands under this key, beside the nodes.
    [{ nodes: ['total'] }, 'nodes[0] must be an address such as "127.0.0.1:34801", not "total"'],
    [
      '{"nodes":[]}',
      `description must be an object, not ${JSON.stringify('{"nodes":[]}')}: parse the JSON first`,
    ],
    [Buffer.from('{}'), 'description must be an object, not bytes: parse the JSON first'],
    [Promise.resolve({}), 'description must be an object, not a promise: await it first'],
    [new Map(), 'description must be an object, not a Map'],
    [{ apps: ' [{"appName":"x"}]' }, ': parse the JSON first'],
    [{ nodes: '["a:1"]' }, 'nodes must be an array, not "[\\"a:1\\"]": parse the JSON first'],
    [app({ envs: '{"a":"1"}' }), ': parse the JSON first'],
    [app({ envs: new Map([['ttl', '1']]) }), 'apps[0].envs must be an object, not a Map'],
    [app({ partitions: new Set() }), 'apps[0].partitions must be an array, not a Set'],
    // biome-ignore lint/suspicious/noSparseArray: a hole
    [{ nodes: [A, , B] }, 'nodes[1] must be an address such as "127.0.0.1:34801", not undefined'],
    [
      {
        apps: [
          { appName: 'x', appId: 1 },
          { appName: 'y', appId: 1 },
        ],
      },
      'apps[1]: there is a table with appId 1 already',
    ],
    [{ apps: [{ appName: 'x' }, { appName: 'x' }] }, 'apps[1]: there is a table with appName "x" already'],
    [{ perfCounters: [{ ...counter, name: '' }] }, 'perfCounters[0].name must be a non-empty string, not ""'],
    [
      { perfCounters: [{ ...counter, type: 'GAUGE' }] },
      'perfCounters[0].type must be one of NUMBER, VOLATILE_NUMBER, RATE, PERCENTILE',
    ],
    [{ perfCounters: [{ ...counter, value: '1' }] }, 'perfCounters[0].value must be a number, not "1"'],
    [
      { perfCounters: [{ ...counter, type: 'PERCENTILE' }] },
      'perfCounters[0].p99 must be a number, not undefined',
    ],
    [{ perfCounters: [counter, counter] }, 'perfCounters has "c" twice'],
  ])('that is wrong is refused: %o', (wrong, message) => {
    expect(() => memoryCluster(wrong as ClusterDescription)).toThrow(PegasusError);
    expect(() => memoryCluster(wrong as ClusterDescription)).toThrow(message);
    expect(() => memoryCluster(wrong as ClusterDescription)).toThrow(/^memoryCluster: /);
  });

  it.each(['[::1]:80', '[2001:db8::1]:80', '[fe80::1]'])('takes %s for an address, not for JSON', (nodes) => {
    const message = `memoryCluster: nodes must be an array, not "${nodes}"`;
    expect(() => memoryCluster({ nodes } as never)).toThrow(expect.objectContaining({ message }));
  });

  it('has partitions of a split, which want no replica yet', () => {
    const pending = { ballot: -1, primary: null, maxReplicaCount: 0 };
    const cluster = memoryCluster({
      nodes: [A, B, C],
      apps: [{ appName: 'stat', partitions: [{ ballot: 3, primary: A, secondaries: [B, C] }, pending] }],
    });
    expect(partitionsOf(cluster)).toEqual([
      { pidx: 0, ballot: 3, primary: A, secondaries: [B, C] },
      { pidx: 1, ballot: -1, primary: null, secondaries: [], maxReplicaCount: 0 },
    ]);
    // The partition that has registered wants as many as the others.
    expect(cluster.setPartition('stat', 1, { primary: A, secondaries: [C] })).toEqual({
      pidx: 1,
      ballot: 0,
      primary: A,
      secondaries: [C],
    });
    expect(cluster.setPartition('stat', 1, { primary: A, maxReplicaCount: 1 })).toMatchObject({
      ballot: 1,
      maxReplicaCount: 1,
    });
  });

  it('may name a dropped table like one in use', () => {
    for (const apps of [
      [{ appName: 'x', status: 'DROPPED' as const }, { appName: 'x' }],
      [{ appName: 'x' }, { appName: 'x', status: 'DROPPED' as const }],
    ]) {
      expect(memoryCluster({ apps }).metaState.app('x')?.status).toBe('AVAILABLE');
    }
  });
});

describe('tables', () => {
  it('are created with the next id, and dropped for a week', () => {
    const cluster = memoryCluster(THREE);
    const app = cluster.createApp({ appName: 'new', partitionCount: 2 });
    expect(app).toMatchObject({ appId: 3, status: 'AVAILABLE', dropSecond: 0 });
    expect(cluster.metaState.app('new')).toBe(app);
    const dropped = cluster.dropApp('new');
    expect(dropped).toMatchObject({ appId: 3, status: 'DROPPED' });
    expect(dropped.expireSecond - dropped.dropSecond).toBe(604_800);
    expect(cluster.createApp({ appName: 'new' }).appId).toBe(4);
    expect(cluster.dropApp('temp', { holdSeconds: 60 })).toMatchObject({ appId: 2, status: 'DROPPED' });
    expect(cluster.metaState.cluster().apps.map(({ appId }) => appId)).toEqual([1, 2, 3, 4]);
  });

  it('are recalled by their id, and keep when they were dropped, as on a real cluster', () => {
    const cluster = memoryCluster(THREE);
    const { partitions } = cluster.metaState.app('stat') ?? {};
    const { dropSecond, expireSecond } = cluster.dropApp('stat');
    const recalled = cluster.recallApp(1);
    expect(recalled).toMatchObject({ appName: 'stat', status: 'AVAILABLE', dropSecond, expireSecond });
    expect(recalled.partitions).toBe(partitions);
    expect(dropSecond).toBeGreaterThan(0);
    expect(cluster.metaState.app('stat')).toBe(recalled);
    cluster.dropApp('stat');
    cluster.createApp({ appName: 'stat' });
    expect(cluster.recallApp(1, 'recalled')).toMatchObject({ appId: 1, appName: 'recalled' });
    expect(cluster.metaState.cluster().apps.map(({ appName }) => appName)).toEqual([
      'recalled',
      'temp',
      'stat',
    ]);
  });

  it('are renamed, and keep their id', () => {
    const cluster = memoryCluster(THREE);
    const { partitions } = cluster.metaState.app('stat') ?? {};
    expect(cluster.renameApp('stat', 'renamed')).toMatchObject({ appId: 1, appName: 'renamed', partitions });
    expect(cluster.metaState.app('stat')).toBeUndefined();
    expect(cluster.createApp({ appName: 'stat' }).appId).toBe(3);
    cluster.dropApp('temp');
    expect(cluster.renameApp('stat', 'temp').appId).toBe(3);
  });

  it.each<[described: AppDescription, statuses: AppStatus[]]>([
    [{ appName: 'x', status: 'CREATING' }, ['AVAILABLE', 'DROPPING', 'DROPPED', 'RECALLING', 'AVAILABLE']],
    [{ appName: 'x', status: 'CREATING' }, ['CREATE_FAILED', 'CREATING', 'CREATE_FAILED', 'DROPPING']],
    [{ appName: 'x', status: 'DROPPING' }, ['DROP_FAILED', 'DROPPING', 'DROPPED']],
    [{ appName: 'x', status: 'RECALLING' }, ['AVAILABLE']],
  ])('move from %j through %j', (described, statuses) => {
    const cluster = memoryCluster();
    const { appId } = cluster.createApp(described);
    for (const status of statuses) {
      expect(cluster.setAppStatus(appId, status)).toMatchObject({ appId, status });
      expect(cluster.metaState.cluster().apps).toMatchObject([{ appName: 'x', status }]);
    }
  });

  it('have their drop time from the beginning of the drop, and keep it when they are recalled', () => {
    const cluster = memoryCluster(THREE);
    const { dropSecond, expireSecond } = cluster.setAppStatus('stat', 'DROPPING');
    expect(dropSecond).toBeGreaterThan(0);
    expect(expireSecond - dropSecond).toBe(604_800);
    const times = { dropSecond, expireSecond };
    expect(cluster.setAppStatus('stat', 'DROPPED')).toMatchObject(times);
    expect(cluster.setAppStatus(1, 'RECALLING')).toMatchObject(times);
    expect(cluster.setAppStatus('stat', 'AVAILABLE')).toMatchObject(times);
  });

  it('keep a drop time that they are created with', () => {
    const times = { dropSecond: 1_795_573_813, expireSecond: 1_796_178_613 };
    const described = { appName: 'recalled', ...times };
    expect(memoryCluster({ apps: [described] }).metaState.app('recalled')).toMatchObject(times);
    expect(memoryCluster().createApp(described)).toMatchObject({ status: 'AVAILABLE', ...times });
  });

  it('take envs, one by one', () => {
    const cluster = memoryCluster(THREE);
    cluster.setAppEnvs('stat', { a: '1', b: '2' });
    const envs = Object.fromEntries([
      ['__proto__', 'x'],
      ['b', null],
      ['c', '3'],
    ]);
    const app = cluster.setAppEnvs('stat', envs);
    expect(Object.entries(app.envs)).toEqual([
      ['a', '1'],
      ['__proto__', 'x'],
      ['c', '3'],
    ]);
    expect(cluster.setAppEnvs('stat', { a: '1' })).toBe(app);
  });
});

describe('partitions', () => {
  it('take a configuration, and their ballot rises', () => {
    const cluster = memoryCluster(THREE);
    expect(cluster.setPartition('stat', 1, { primary: null })).toEqual({
      pidx: 1,
      ballot: 4,
      primary: null,
      secondaries: [],
    });
    expect(cluster.setPartition('stat', 1, { primary: C, secondaries: [A], ballot: 9 })).toBe(
      partitionOf(cluster, 1),
    );
    expect(partitionOf(cluster, 1)).toEqual({ pidx: 1, ballot: 9, primary: C, secondaries: [A] });
  });

  it('fail over when a node is killed, and fill up when it comes back', () => {
    const cluster = memoryCluster(THREE);
    expect(partitionsOf(cluster)).toEqual([
      { pidx: 0, ballot: 3, primary: A, secondaries: [B, C] },
      { pidx: 1, ballot: 3, primary: B, secondaries: [C, A] },
      { pidx: 2, ballot: 3, primary: C, secondaries: [A, B] },
      { pidx: 3, ballot: 3, primary: A, secondaries: [B, C] },
    ]);
    cluster.killNode(A);
    expect(partitionsOf(cluster)).toEqual([
      { pidx: 0, ballot: 5, primary: B, secondaries: [C] },
      { pidx: 1, ballot: 4, primary: B, secondaries: [C] },
      { pidx: 2, ballot: 4, primary: C, secondaries: [B] },
      { pidx: 3, ballot: 5, primary: B, secondaries: [C] },
    ]);
    cluster.killNode(B);
    cluster.killNode(C);
    expect(partitionsOf(cluster)).toEqual([
      { pidx: 0, ballot: 8, primary: null, secondaries: [] },
      { pidx: 1, ballot: 7, primary: null, secondaries: [] },
      { pidx: 2, ballot: 6, primary: null, secondaries: [] },
      { pidx: 3, ballot: 8, primary: null, secondaries: [] },
    ]);
    cluster.reviveNode(C);
    cluster.reviveNode(B);
    expect(partitionsOf(cluster).map(({ primary, secondaries }) => [primary, secondaries])).toEqual([
      [C, [B]],
      [C, [B]],
      [C, [B]],
      [C, [B]],
    ]);
    cluster.reviveNode(A);
    expect(partitionOf(cluster, 0)).toEqual({ pidx: 0, ballot: 11, primary: C, secondaries: [B, A] });
  });

  it('want as many replicas as they say themselves, when they do', () => {
    const cluster = memoryCluster({
      nodes: [A, B, C],
      apps: [{ appName: 'stat', partitions: [{ primary: A, secondaries: [B, C], maxReplicaCount: 2 }] }],
    });
    cluster.killNode(B);
    cluster.killNode(C);
    cluster.reviveNode(C);
    expect(partitionOf(cluster, 0)).toMatchObject({ primary: A, secondaries: [C], maxReplicaCount: 2 });
    cluster.reviveNode(B);
    expect(partitionOf(cluster, 0)).toMatchObject({ primary: A, secondaries: [C], maxReplicaCount: 2 });
  });

  it('hand over to the first secondary that is alive', () => {
    const cluster = memoryCluster({
      nodes: [A, { address: B, status: 'UNALIVE' }, C],
      apps: [{ appName: 'stat', partitions: [{ ballot: 1, primary: A, secondaries: [B, C] }] }],
    });
    cluster.killNode(A);
    expect(partitionOf(cluster, 0)).toEqual({ pidx: 0, ballot: 3, primary: C, secondaries: [B] });
  });

  it('stay full: a node that comes back is not added to them', () => {
    const cluster = memoryCluster(THREE);
    cluster.killNode(C);
    cluster.setPartition('stat', 0, { primary: A, secondaries: [B, C] });
    const full = partitionOf(cluster, 0);
    cluster.reviveNode(C);
    expect(partitionOf(cluster, 0)).toBe(full);
    expect(partitionOf(cluster, 1)?.secondaries).toHaveLength(2);
  });

  it('of a node that was dead from the start do not come back with it', () => {
    const cluster = memoryCluster({
      nodes: [A, { address: B, status: 'UNALIVE' }],
      apps: [{ appName: 'stat' }],
    });
    cluster.reviveNode(B);
    expect(partitionOf(cluster, 0)).toEqual({ pidx: 0, ballot: 1, primary: A, secondaries: [] });
  });
});

describe('nodes', () => {
  const D = '10.0.0.4:34801';

  it('that are added get the replicas that are missing', () => {
    const cluster = memoryCluster({
      nodes: [A, B],
      apps: [
        { appName: 'stat', partitionCount: 2 },
        { appName: 'temp', partitions: [{ primary: null }] },
      ],
    });
    cluster.addNode(C);
    expect(cluster.metaState.cluster().nodes.at(-1)).toEqual({ address: C, status: 'ALIVE' });
    expect(partitionsOf(cluster)).toEqual([
      { pidx: 0, ballot: 3, primary: A, secondaries: [B, C] },
      { pidx: 1, ballot: 3, primary: B, secondaries: [A, C] },
    ]);
    // Without a primary there is no data to copy.
    expect(partitionsOf(cluster, 'temp')).toMatchObject([{ primary: null, secondaries: [] }]);
    const before = cluster.metaState.app('stat');
    cluster.addNode(D);
    expect(cluster.metaState.app('stat')).toBe(before);
  });

  it.each(['stopped', 'blind', 'freezed'] as const)('that are added at level %s get no replicas', (level) => {
    const cluster = memoryCluster({ nodes: [A, B], apps: [{ appName: 'stat' }], metaFunctionLevel: level });
    const before = cluster.metaState.app('stat');
    cluster.addNode(C);
    expect(cluster.metaState.app('stat')).toBe(before);
  });

  it('that are removed leave their replicas to the least loaded of the others', () => {
    const cluster = memoryCluster({
      nodes: [A, B, C],
      apps: [{ appName: 'stat', partitionCount: 3, maxReplicaCount: 2 }],
    });
    cluster.removeNode(A);
    expect(cluster.metaState.cluster().nodes.map(({ address }) => address)).toEqual([B, C]);
    expect(partitionsOf(cluster)).toEqual([
      { pidx: 0, ballot: 5, primary: B, secondaries: [C] },
      { pidx: 1, ballot: 2, primary: B, secondaries: [C] },
      { pidx: 2, ballot: 4, primary: C, secondaries: [B] },
    ]);
    cluster.addNode(A);
    expect(partitionOf(cluster, 0)?.ballot).toBe(5);
  });

  it('that are removed when they are dead leave nothing behind', () => {
    const cluster = memoryCluster({ nodes: [A, B, C, D], apps: [{ appName: 'stat', partitionCount: 1 }] });
    cluster.killNode(A);
    cluster.removeNode(A);
    expect(partitionsOf(cluster)).toEqual([{ pidx: 0, ballot: 6, primary: B, secondaries: [C, D] }]);
    cluster.addNode(A);
    cluster.killNode(A);
    cluster.reviveNode(A);
    expect(partitionOf(cluster, 0)?.ballot).toBe(6);
  });
});

it('takes a function level and what the balancer would do', () => {
  const cluster = memoryCluster(THREE);
  const balanceOperations = { movePrimary: 1, copyPrimary: 2, copySecondary: 3 };
  cluster.setMetaFunctionLevel('lively');
  cluster.setBalanceOperations(balanceOperations);
  expect(cluster.metaState.cluster()).toMatchObject({ metaFunctionLevel: 'lively', balanceOperations });
  cluster.setBalanceOperations('unknown');
  expect(cluster.metaState.cluster().balanceOperations).toBe('unknown');
});

describe('an operation that is wrong', () => {
  type Operation = (cluster: MemoryCluster) => unknown;
  const bad = (value: unknown) => value as never;
  it.each<[operation: Operation, code: string, message: string]>([
    [
      (c) => c.metaServer('a:1'),
      'ERR_INVALID_PARAMETERS',
      'address must be one of 127.0.0.1:34601, not "a:1"',
    ],
    [
      (c) => c.replicaServer('a:1'),
      'ERR_INVALID_PARAMETERS',
      `address must be one of ${A}, ${B}, ${C}, not "a:1"`,
    ],
    [
      (c) => c.createApp({ appName: 'stat' }),
      'ERR_APP_EXIST',
      'app: there is a table with appName "stat" already',
    ],
    [(c) => c.createApp(bad('x')), 'ERR_INVALID_PARAMETERS', 'app must be an object, not "x"'],
    [(c) => c.dropApp('nope'), 'ERR_OBJECT_NOT_FOUND', 'there is no table "nope"'],
    [(c) => [c.dropApp('stat'), c.dropApp('stat')], 'ERR_OBJECT_NOT_FOUND', 'there is no table "stat"'],
    [
      (c) => c.dropApp('stat', { holdSeconds: -1 }),
      'ERR_INVALID_PARAMETERS',
      'holdSeconds must be an integer from 0 to 2147483648, not -1',
    ],
    [
      (c) => c.dropApp('stat', bad({ holdSecond: 1 })),
      'ERR_INVALID_PARAMETERS',
      'options: unknown option "holdSecond", did you mean "holdSeconds"?',
    ],
    [(c) => c.recallApp(9), 'ERR_OBJECT_NOT_FOUND', 'there is no table with id 9'],
    [(c) => c.recallApp(bad('stat')), 'ERR_OBJECT_NOT_FOUND', 'there is no table with id "stat"'],
    [(c) => c.recallApp(1), 'ERR_INVALID_STATE', 'table 1 is AVAILABLE, not DROPPED'],
    [
      (c) => [c.dropApp('stat'), c.recallApp(1, '')],
      'ERR_INVALID_PARAMETERS',
      'newName must be a non-empty string, not ""',
    ],
    [
      (c) => [c.dropApp('stat'), c.recallApp(1, 'temp')],
      'ERR_APP_EXIST',
      'app: there is a table with appName "temp" already',
    ],
    [
      (c) => [c.dropApp('stat'), c.createApp({ appName: 'stat' }), c.recallApp(1)],
      'ERR_APP_EXIST',
      'app: there is a table with appName "stat" already',
    ],
    [
      () => memoryCluster().replicaServer('n1'),
      'ERR_INVALID_PARAMETERS',
      'address names node "n1", but the cluster has no nodes',
    ],
    [
      () => memoryCluster({ metaServers: [] }).metaServer('a:1'),
      'ERR_INVALID_PARAMETERS',
      'address names meta server "a:1", but the cluster has no meta servers',
    ],
    [
      () => memoryCluster({ metaServers: [] }).electPrimaryMeta('a:1'),
      'ERR_INVALID_PARAMETERS',
      'address names meta server "a:1", but the cluster has no meta servers',
    ],
    [(c) => c.setAppEnvs('nope', {}), 'ERR_OBJECT_NOT_FOUND', 'there is no table "nope"'],
    [(c) => c.setAppEnvs('stat', bad('x')), 'ERR_INVALID_PARAMETERS', 'envs must be an object, not "x"'],
    [
      (c) => c.setAppEnvs('stat', bad({ a: 1 })),
      'ERR_INVALID_PARAMETERS',
      'envs["a"] must be a string, not 1',
    ],
    [
      (c) => c.setPartition('stat', 4, { primary: A }),
      'ERR_OBJECT_NOT_FOUND',
      'table "stat" has no partition 4',
    ],
    [
      (c) => c.setPartition('stat', 0, { primary: 'x:1' }),
      'ERR_INVALID_PARAMETERS',
      `configuration.primary must be one of ${A}, ${B}, ${C}, not "x:1"`,
    ],
    [
      (c) => c.setPartition('stat', 0, { primary: A, ballot: 3 }),
      'ERR_INVALID_PARAMETERS',
      'configuration.ballot must be above 3, not 3',
    ],
    [
      (c) => c.setPartition('stat', 0, bad({ primary: A, pidx: 1 })),
      'ERR_INVALID_PARAMETERS',
      'configuration.pidx must not differ from pidx',
    ],
    [
      (c) => c.setPartition(bad(1), 0, { primary: A }),
      'ERR_INVALID_PARAMETERS',
      'appName must be a non-empty string, not 1',
    ],
    [(c) => c.renameApp('nope', 'x'), 'ERR_OBJECT_NOT_FOUND', 'there is no table "nope"'],
    [(c) => c.renameApp('stat', ''), 'ERR_INVALID_PARAMETERS', 'newName must be a non-empty string, not ""'],
    ...['temp', 'stat'].map((taken): [Operation, string, string] => [
      (c) => c.renameApp('stat', taken),
      'ERR_APP_EXIST',
      `app: there is a table with appName "${taken}" already`,
    ]),
    [
      (c) => [c.setAppStatus('stat', 'DROPPING'), c.renameApp('stat', 'x')],
      'ERR_INVALID_STATE',
      'table "stat" is DROPPING, not AVAILABLE',
    ],
    [(c) => c.setAppStatus('nope', 'DROPPING'), 'ERR_OBJECT_NOT_FOUND', 'there is no table "nope"'],
    [(c) => c.setAppStatus(9, 'DROPPING'), 'ERR_OBJECT_NOT_FOUND', 'there is no table with id 9'],
    [
      (c) => c.setAppStatus('stat', 'CREATING'),
      'ERR_INVALID_STATE',
      'table "stat" is AVAILABLE, and DROPPING follows, not CREATING',
    ],
    [
      (c) => [c.setAppStatus('stat', 'DROPPING'), c.setAppStatus(1, 'AVAILABLE')],
      'ERR_INVALID_STATE',
      'table 1 is DROPPING, and DROPPED or DROP_FAILED follows, not AVAILABLE',
    ],
    [
      (c) => c.setAppStatus('stat', bad('dropped')),
      'ERR_INVALID_PARAMETERS',
      'status must be one of AVAILABLE, CREATING, CREATE_FAILED, DROPPING, DROP_FAILED, DROPPED, RECALLING, not "dropped"',
    ],
    [
      (c) => [c.dropApp('stat'), c.createApp({ appName: 'stat' }), c.setAppStatus(1, 'RECALLING')],
      'ERR_APP_EXIST',
      'app: there is a table with appName "stat" already',
    ],
    [(c) => c.addNode(A), 'ERR_INVALID_PARAMETERS', `there is a node "${A}" already`],
    [
      (c) => c.addNode('node'),
      'ERR_INVALID_PARAMETERS',
      'address must be an address such as "127.0.0.1:34801", not "node"',
    ],
    [(c) => c.removeNode('x:1'), 'ERR_OBJECT_NOT_FOUND', 'there is no node "x:1"'],
    [
      (c) => c.setMetaFunctionLevel(bad('calm')),
      'ERR_INVALID_PARAMETERS',
      'level must be one of stopped, blind, freezed, steady, lively, unknown, not "calm"',
    ],
    [
      (c) => c.setBalanceOperations(bad({ movePrimary: 1, copyPrimary: -1 })),
      'ERR_INVALID_PARAMETERS',
      'balanceOperations.copyPrimary must be an integer from 0, not -1',
    ],
    [(c) => c.killNode('x:1'), 'ERR_OBJECT_NOT_FOUND', 'there is no node "x:1"'],
    [(c) => [c.killNode(A), c.killNode(A)], 'ERR_INVALID_STATE', `node ${A} is UNALIVE already`],
    [(c) => c.reviveNode(A), 'ERR_INVALID_STATE', `node ${A} is ALIVE already`],
    [
      (c) => c.electPrimaryMeta('x:1'),
      'ERR_INVALID_PARAMETERS',
      'address must be one of 127.0.0.1:34601, not "x:1"',
    ],
    [
      (c) => c.setPerfCounter(bad({})),
      'ERR_INVALID_PARAMETERS',
      'counter.name must be a non-empty string, not undefined',
    ],
  ])('%s: %s', (operation, code, message) => {
    const cluster = memoryCluster(THREE);
    let error: unknown;
    try {
      operation(cluster);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ name: 'PegasusError', code });
    // The message begins with the operation that failed, the last of those that were called.
    const caller = Array.from(operation.toString().matchAll(/\.(\w+)\(/g), ([, name]) => name).at(-1);
    expect((error as Error).message).toBe(`memoryCluster.${caller}: ${message}`);
  });

  it('changes nothing', () => {
    const cluster = memoryCluster(THREE);
    const before = cluster.metaState.cluster();
    for (const operation of [
      () => cluster.createApp({ appName: 'stat' }),
      () => cluster.setPartition('stat', 0, { primary: 'x:1' }),
      () => cluster.reviveNode(A),
      () => cluster.electPrimaryMeta('x:1'),
    ]) {
      expect(operation).toThrow();
      expect(cluster.metaState.cluster()).toBe(before);
    }
  });
});

describe('snapshots', () => {
  function isDeeplyFrozen(value: unknown): boolean {
    if (typeof value !== 'object' || value === null) return true;
    return Object.isFrozen(value) && Object.values(value).every(isDeeplyFrozen);
  }

  const operations = fc.array(
    fc.oneof(
      fc.record({ do: fc.constantFrom('kill', 'revive'), node: fc.nat(4) }),
      fc.record({ do: fc.constantFrom('create', 'drop', 'env', 'partition', 'elect'), node: fc.nat(4) }),
      fc.record({ do: fc.constantFrom('add', 'remove', 'rename', 'move', 'level'), node: fc.nat(4) }),
    ),
    { maxLength: 20 },
  );

  it('are deeply frozen, share unchanged parts, and never change, in any sequence of operations', () => {
    fc.assert(
      fc.property(arbitraryCluster, operations, (description, steps) => {
        const cluster = memoryCluster(description);
        for (const { do: step, node } of steps) {
          const before = cluster.metaState.cluster();
          const copy = structuredClone(before);
          const address = before.nodes[node]?.address ?? '';
          const appName = before.apps[node % 3]?.appName ?? 'none';
          try {
            if (step === 'kill') cluster.killNode(address);
            if (step === 'revive') cluster.reviveNode(address);
            if (step === 'create') cluster.createApp({ appName: `new ${node}` });
            if (step === 'drop') cluster.dropApp(appName);
            if (step === 'env') cluster.setAppEnvs(appName, { a: String(node) });
            if (step === 'partition') cluster.setPartition(appName, 0, { primary: address });
            if (step === 'elect') cluster.electPrimaryMeta(null);
            if (step === 'add') cluster.addNode(`10.0.1.${node}:34801`);
            if (step === 'remove') cluster.removeNode(address);
            if (step === 'rename') cluster.renameApp(appName, `renamed ${node}`);
            if (step === 'move') cluster.setAppStatus(appName, APP_STATUSES[node] ?? 'DROPPED');
            if (step === 'level') cluster.setMetaFunctionLevel(node % 2 === 0 ? 'freezed' : 'lively');
          } catch (error) {
            expect(error).toBeInstanceOf(PegasusError);
          }
          const after = cluster.metaState.cluster();
          expect(before).toEqual(copy);
          expect(isDeeplyFrozen(after)).toBe(true);
          after.apps.forEach((app, i) => {
            const old = before.apps[i];
            if (old === undefined || old === app) return;
            expect(app).not.toEqual(old);
            app.partitions.forEach((partition, pidx) => {
              if (partition !== old.partitions[pidx])
                expect(partition.ballot).toBeGreaterThan(old.partitions[pidx]?.ballot ?? 0);
            });
          });
          for (const app of after.apps) {
            for (const { primary, secondaries } of app.partitions) {
              const members = primary === null ? secondaries : [primary, ...secondaries];
              expect(new Set(members).size).toBe(members.length);
            }
          }
        }
      }),
    );
  });

  it('cannot be changed through the description', () => {
    const envs: Record<string, string> = { a: '1' };
    const apps = [{ appName: 'x', envs }];
    const { metaState } = memoryCluster({ apps });
    const before = structuredClone(metaState.cluster());
    envs['changed'] = 'x';
    apps.length = 0;
    expect(metaState.cluster()).toEqual(before);
  });
});
