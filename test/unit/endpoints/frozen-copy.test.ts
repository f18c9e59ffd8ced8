import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frozenCopyOfApp, frozenCopyOfCluster } from '../../../lib/endpoints/meta/frozen-copy.js';
import { type App, type Cluster, memoryCluster } from '../../../lib/index.js';
import { arbitraryCluster } from '../../support/arbitrary.js';
import { serve } from '../../support/http.js';

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends object ? Mutable<T[K]> : T[K] };

const NODES = ['10.0.0.1:34801', '10.0.0.2:34801', '10.0.0.3:34801'];

function mutableCluster(): Mutable<Cluster> {
  const apps = [
    { appName: 'temp', partitionCount: 3, envs: { key: 'value' } },
    { appName: 'stat', partitionCount: 2 },
  ];
  return structuredClone(memoryCluster({ nodes: NODES, apps }).metaState.cluster()) as Mutable<Cluster>;
}

function mutableApp(): Mutable<App> {
  return mutableCluster().apps[0] as Mutable<App>;
}

function isDeepFrozen(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return Object.isFrozen(value) && Object.values(value).every(isDeepFrozen);
}

describe('the copy of a table', () => {
  it('is made when the table is seen again, frozen, equal and the same while nothing changes', () => {
    const app = mutableApp();
    expect(frozenCopyOfApp(app)).toBeUndefined();
    const copy = frozenCopyOfApp(app);
    expect(copy).toEqual({ ...app, health: undefined, envCount: undefined });
    expect(isDeepFrozen(copy)).toBe(true);
    expect(frozenCopyOfApp(app)).toBe(copy);
  });

  it('is not made of a frozen table', () => {
    const app = Object.freeze(mutableApp());
    expect([frozenCopyOfApp(app), frozenCopyOfApp(app)]).toEqual([undefined, undefined]);
  });

  it('shares with the copy before it what has not changed', () => {
    const app = mutableApp();
    frozenCopyOfApp(app);
    const before = frozenCopyOfApp(app) as App;
    frozenCopyOfApp(app);
    (app.partitions[1] as Mutable<App['partitions'][number]>).ballot += 1;
    const after = frozenCopyOfApp(app) as App;
    expect(after.partitions.map((partition, i) => partition === before.partitions[i])).toEqual([
      true,
      false,
      true,
    ]);
    expect(after.envs).toBe(before.envs);
  });

  it('is not made of a small table that is different each time', () => {
    const app = mutableApp();
    const copies = Array.from({ length: 40 }, () => {
      (app.partitions[1] as Mutable<App['partitions'][number]>).ballot += 1;
      return frozenCopyOfApp(app);
    });
    expect(copies.filter((copy) => copy !== undefined).length).toBeLessThan(4);
  });

  it('is made of a large table that is different each time: most blocks of it are equal', () => {
    const { apps } = memoryCluster({
      nodes: NODES,
      apps: [{ appName: 'temp', partitionCount: 100 }],
    }).metaState.cluster();
    const app = structuredClone(apps[0]) as Mutable<App>;
    const copies = Array.from({ length: 40 }, () => {
      (app.partitions[1] as Mutable<App['partitions'][number]>).ballot += 1;
      return frozenCopyOfApp(app);
    });
    expect(copies.filter((copy) => copy !== undefined)).toHaveLength(39);
    expect(copies.at(-1)?.partitions[0]).toBe(copies[1]?.partitions[0]);
  });

  it('takes frozen partitions as they are', () => {
    const app = mutableApp();
    const [first] = app.partitions;
    Object.freeze(Object.freeze(first)?.secondaries);
    frozenCopyOfApp(app);
    expect(frozenCopyOfApp(app)?.partitions[0]).toBe(first);
  });
});

describe('the copy of a cluster', () => {
  it('shares with the copy before it what has not changed', () => {
    const cluster = mutableCluster();
    expect(frozenCopyOfCluster(cluster)).toBeUndefined();
    const before = frozenCopyOfCluster(cluster) as Cluster;
    expect(isDeepFrozen(before)).toBe(true);
    expect(frozenCopyOfCluster(cluster)).toBe(before);
    (cluster.nodes[0] as Mutable<Cluster['nodes'][number]>).status = 'UNALIVE';
    const after = frozenCopyOfCluster(cluster) as Cluster;
    expect(after.nodes[0]).not.toBe(before.nodes[0]);
    expect(after.nodes[1]).toBe(before.nodes[1]);
    expect(after.apps).toBe(before.apps);
  });
});

const TARGETS = [
  '/meta/apps',
  '/meta/apps?detail',
  '/meta/nodes',
  '/meta/nodes?detail',
  '/meta/cluster',
  '/meta/app?name=temp',
  '/meta/app?name=temp&detail',
];

/** A server of a cluster that changes in place, and one that gets a new clone of it for each request, of which nothing is cached. */
async function twoServers(cluster: Mutable<Cluster>) {
  const sourceOf = (current: () => Cluster) => ({
    metaState: {
      role: () => ({ role: 'primary' }) as const,
      app: (name: string) => current().apps.find((app) => app?.appName === name),
      cluster: current,
    },
  });
  const { get } = await serve(sourceOf(() => cluster));
  const { get: getFresh } = await serve(sourceOf(() => structuredClone(cluster)));
  return async function expectSame(what: string) {
    for (const target of TARGETS) {
      const [kept, fresh] = [await get(target), await getFresh(target)];
      const told = `${target} ${what}`;
      expect([kept.status, kept.body, kept.headers['etag']], told).toEqual([
        fresh.status,
        fresh.body,
        fresh.headers['etag'],
      ]);
    }
  };
}

describe('a response from objects that change in place', () => {
  it('is that of new objects, after any changes', async () => {
    const change = fc.tuple(
      fc.constantFrom('ballot', 'primary', 'secondaries', 'env', 'node', 'order'),
      fc.nat(9),
    );
    await fc.assert(
      fc.asyncProperty(arbitraryCluster, fc.array(change, { maxLength: 6 }), async (description, changes) => {
        const cluster = structuredClone(memoryCluster(description).metaState.cluster()) as Mutable<Cluster>;
        const expectSame = await twoServers(cluster);
        await expectSame('at first');
        await expectSame('again');
        for (const [what, i] of changes) {
          const app = cluster.apps[i % cluster.apps.length] as Mutable<App> | undefined;
          const partition = app?.partitions[i % app.partitions.length];
          const node = cluster.nodes[i % cluster.nodes.length];
          if (what === 'ballot' && partition) partition.ballot += 1;
          if (what === 'primary' && partition) partition.primary = node?.address ?? null;
          if (what === 'secondaries' && partition) (partition.secondaries as string[]).pop();
          if (what === 'env' && app) (app.envs as Record<string, string>)[`key${i}`] = 'value';
          if (what === 'node' && node) node.status = node.status === 'ALIVE' ? 'UNALIVE' : 'ALIVE';
          if (what === 'order') (cluster.nodes as unknown[]).reverse();
          await expectSame(what);
        }
      }),
      { numRuns: 15 },
    );
  });

  const BAD = [undefined, null, 7, -1, 1.5, Number.NaN, '', 'text', true, {}, [], [undefined], ['x']];

  it.each<readonly [path: string, key: string]>([
    ...Object.keys(mutableCluster()).map((key) => ['', key] as const),
    ...[...Object.keys(mutableApp()), 'health', 'envCount'].map((key) => ['apps.0', key] as const),
    ...['pidx', 'ballot', 'primary', 'secondaries', 'maxReplicaCount'].map(
      (key) => ['apps.0.partitions.1', key] as const,
    ),
    ...['address', 'status', 'replicaCounts'].map((key) => ['nodes.1', key] as const),
    ['apps', '0'],
    ['apps.0.partitions', '1'],
    ['apps.0.envs', 'key'],
    ['nodes', '1'],
  ])('is that of new objects where %s %s becomes malformed, and sound again', async (path, key) => {
    const cluster = mutableCluster();
    const expectSame = await twoServers(cluster);
    await expectSame('at first');
    await expectSame('again');
    const names = path.split('.').filter((name) => name !== '');
    const holder = names.reduce<unknown>(
      (value, name) => (value as Record<string, unknown>)[name],
      cluster,
    ) as Record<string, unknown>;
    const sound = holder[key];
    for (const bad of BAD) {
      holder[key] = bad;
      await expectSame(`${path} ${key} = ${JSON.stringify(bad)}`);
      await expectSame(`${path} ${key} = ${JSON.stringify(bad)} again`);
    }
    holder[key] = sound;
    await expectSame('sound again');
    delete holder[key];
    await expectSame('deleted');
  });
});
