import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type MetaStateSubject, metaStateContract } from '../../lib/contract/index.js';
import { type App, type Cluster, memoryCluster } from '../../lib/index.js';

const DESCRIPTION = {
  nodes: ['127.0.0.1:34801', '127.0.0.1:34802'],
  apps: [{ appName: 'stat', envs: { ttl: '1' } }, { appName: '__table__' }],
};

function memorySubject(): MetaStateSubject {
  const cluster = memoryCluster(DESCRIPTION);
  return {
    source: cluster.metaState,
    appName: 'stat',
    otherAppName: '__table__',
    changePartition: () => cluster.setPartition('stat', 1, { primary: null }),
  };
}

/** What a user would write by hand: asynchronous, a Map of tables, copies on change. */
function handWrittenSubject(): MetaStateSubject {
  const app = (appId: number, appName: string): App => ({
    appId,
    appName,
    appType: 'pegasus',
    status: 'AVAILABLE',
    partitionCount: 2,
    maxReplicaCount: 1,
    isStateful: true,
    createSecond: 1,
    dropSecond: 0,
    expireSecond: 0,
    envs: {},
    partitions: [0, 1].map((pidx) => ({ pidx, ballot: 1, primary: '10.0.0.1:34801', secondaries: [] })),
  });
  let cluster: Cluster = {
    apps: [app(1, 'one'), app(2, 'two')],
    nodes: [{ address: '10.0.0.1:34801', status: 'ALIVE' }],
    metaServers: ['10.0.0.1:34601'],
    primaryMetaServer: '10.0.0.1:34601',
    zookeeperHosts: ['10.0.0.1:2181'],
    zookeeperRoot: '/pegasus',
    metaFunctionLevel: 'lively',
    balanceOperations: 'unknown',
  };
  return {
    source: {
      role: async () => ({ role: 'backup', primaryUrl: 'http://10.0.0.1:34601' }),
      app: async (name) => cluster.apps.find(({ appName }) => appName === name),
      cluster: async () => cluster,
    },
    appName: 'two',
    otherAppName: 'one',
    changePartition() {
      const [one, two] = cluster.apps as [App, App];
      const [zero, first] = two.partitions as [App['partitions'][0], App['partitions'][0]];
      const changed: App = { ...two, partitions: [zero, { ...first, ballot: 2 }] };
      cluster = { ...cluster, apps: [one, changed] };
    },
  };
}

describe.each([
  ['the memory cluster', memorySubject],
  ['a source written by hand', handWrittenSubject],
  [
    'a source that never changes',
    () => ({ source: memorySubject().source, appName: 'stat', otherAppName: '__table__' }),
  ],
])('%s', (_, create) => {
  for (const { name, run } of metaStateContract(create)) it(name, run);
});

describe('the contract finds out a source that', () => {
  const good = memorySubject;
  const faults: readonly (readonly [fault: string, broken: () => MetaStateSubject, caught: string])[] = [
    [
      'does not know its role',
      () => broken({ role: () => ({ role: 'leader' }) as never }),
      'says whether it is the primary meta',
    ],
    [
      'gives a base URL with a query',
      () => broken({ role: () => ({ role: 'backup', primaryUrl: 'http://a/?x' }) }),
      'says whether it is the primary meta',
    ],
    ['forgets a table', () => broken({ app: () => undefined }), 'finds a table by its name'],
    [
      'looks names up in a plain object',
      () => {
        const apps: Record<string, App> = {};
        const subject = good();
        for (const app of (subject.source.cluster({} as never) as Cluster).apps) apps[app.appName] = app;
        return { ...subject, source: { ...subject.source, app: (name) => apps[name] } };
      },
      'finds no table where there is none',
    ],
    [
      'leaves a field out',
      () => broken({ cluster: (cluster) => ({ ...cluster, metaFunctionLevel: undefined as never }) }),
      'returns tables that every endpoint can render',
    ],
    [
      'makes its tables anew for every call',
      () => broken({ app: (app) => app && { ...app } }),
      'hands the same table out by its name and in the cluster',
    ],
    [
      'makes its snapshots anew for every call',
      () => broken({ cluster: (cluster) => ({ ...cluster }) }),
      'hands the same objects out as long as nothing changes',
    ],
    [
      'answers each of many calls with another object',
      () => broken({ app: async (app) => app && { ...app } }),
      'answers many calls at once',
    ],
    [
      'makes all partitions anew when one changes',
      () => {
        const subject = good();
        const cache = new Map<Cluster, Cluster>();
        const copied = (cluster: Cluster) => {
          const copy = cache.get(cluster) ?? structuredClone(cluster);
          cache.set(cluster, copy);
          return copy;
        };
        return {
          ...subject,
          source: {
            ...subject.source,
            cluster: () => copied(subject.source.cluster({} as never) as Cluster),
          },
        };
      },
      'changes only what a changed partition belongs to',
    ],
    [
      'changes its state in place',
      () => {
        const state = structuredClone(good().source.cluster({} as never) as Cluster);
        const source = {
          role: () => ({ role: 'primary' as const }),
          app: (name: string) => state.apps.find(({ appName }) => appName === name),
          cluster: () => state,
        };
        const changePartition = () => Object.assign(state.apps[0]?.partitions[0] ?? {}, { ballot: 99 });
        return { source, appName: 'stat', otherAppName: '__table__', changePartition };
      },
      'never changes a returned snapshot',
    ],
  ];

  it.each(faults)('%s', async (_, create, caught) => {
    const failed: string[] = [];
    for (const { name, run } of metaStateContract(create)) await run().catch(() => failed.push(name));
    expect(failed).toContain(caught);
  });

  it('never answers', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const silent = () => broken({ cluster: () => new Promise(() => {}) });
    const checks = metaStateContract(silent);
    const check = checks.find(({ name }) => name === 'comes back when the call is given up already');
    const failed = expect(check?.run()).rejects.toThrow('no answer in 10000 ms');
    await vi.advanceTimersByTimeAsync(10_000);
    await failed;
  });

  type Overrides = {
    role?: MetaStateSubject['source']['role'];
    app?: (app: App | undefined) => App | undefined | Promise<App | undefined>;
    cluster?: (cluster: Cluster) => Cluster | Promise<Cluster>;
  };

  function broken({ role, app, cluster }: Overrides): MetaStateSubject {
    const subject = good();
    const { source } = subject;
    return {
      ...subject,
      source: {
        role: role ?? source.role,
        app: (name, call) => (app ? app(source.app(name, call) as App | undefined) : source.app(name, call)),
        cluster: (call) => (cluster ? cluster(source.cluster(call) as Cluster) : source.cluster(call)),
      },
    };
  }
});

it('closes what it made, whether the check passes or fails', async () => {
  let open = 0;
  const create = () => {
    open += 1;
    return { ...memorySubject(), otherAppName: 'none of that name', close: () => (open -= 1) };
  };
  for (const { run } of metaStateContract(create)) await run().catch(() => {});
  expect(open).toBe(0);
});
