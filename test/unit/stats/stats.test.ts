import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type App, memoryCluster, type ReplicaServer } from '../../../lib/index.js';
import { appStats } from '../../../lib/stats/app-stats.js';
import { balanceStddev } from '../../../lib/stats/balance.js';
import { clusterReplicaCounts } from '../../../lib/stats/cluster-stats.js';
import { arbitraryCluster } from '../../support/arbitrary.js';
import { serve } from '../../support/http.js';

const healthOf = (app: App) => appStats(app).health;

describe('health', () => {
  /** One partition with so many replicas of so many wanted. */
  const app = (primary: boolean, secondaries: number, wanted: number): App =>
    ({
      partitionCount: 1,
      maxReplicaCount: wanted,
      envs: {},
      partitions: [
        { pidx: 0, ballot: 1, primary: primary ? 'p:1' : null, secondaries: Array(secondaries).fill('s:1') },
      ],
    }) as unknown as App;

  it.each([
    { primary: true, secondaries: 2, wanted: 3, fully: 1, write: 0, read: 0 },
    { primary: true, secondaries: 3, wanted: 3, fully: 1, write: 0, read: 0 },
    { primary: true, secondaries: 1, wanted: 3, fully: 0, write: 0, read: 0 },
    { primary: true, secondaries: 0, wanted: 3, fully: 0, write: 1, read: 0 },
    { primary: true, secondaries: 0, wanted: 1, fully: 1, write: 0, read: 0 },
    { primary: false, secondaries: 0, wanted: 3, fully: 0, write: 1, read: 1 },
    { primary: false, secondaries: 3, wanted: 3, fully: 0, write: 1, read: 1 },
    { primary: true, secondaries: 2, wanted: 5, fully: 0, write: 0, read: 0 },
  ])(
    'primary $primary, $secondaries secondaries of $wanted wanted',
    ({ primary, secondaries, wanted, fully, write, read }) => {
      expect(healthOf(app(primary, secondaries, wanted))).toEqual({
        fullyHealthy: fully,
        unhealthy: 1 - fully,
        writeUnhealthy: write,
        readUnhealthy: read,
      });
    },
  );

  it('counts a partition that is missing as one without replicas', () => {
    const half = { ...app(true, 2, 3), partitionCount: 4 };
    expect(healthOf(half)).toEqual({ fullyHealthy: 1, unhealthy: 3, writeUnhealthy: 3, readUnhealthy: 3 });
  });

  it('adds up on any cluster', () => {
    fc.assert(
      fc.property(arbitraryCluster, (description) => {
        for (const app of memoryCluster(description).metaState.cluster().apps) {
          const { fullyHealthy, unhealthy, writeUnhealthy, readUnhealthy } = healthOf(app);
          expect(fullyHealthy + unhealthy).toBe(app.partitionCount);
          expect(readUnhealthy).toBeLessThanOrEqual(writeUnhealthy);
          expect(writeUnhealthy).toBeLessThanOrEqual(unhealthy);
        }
      }),
    );
  });
});

describe('replica counts', () => {
  it('add up to the replicas of all partitions', () => {
    fc.assert(
      fc.property(arbitraryCluster, (description) => {
        const { apps } = memoryCluster(description).metaState.cluster();
        let primaries = 0;
        let secondaries = 0;
        for (const { partitions } of apps) {
          for (const partition of partitions) {
            if (partition.primary !== null) primaries += 1;
            secondaries += partition.secondaries.length;
          }
        }
        const counts = [...clusterReplicaCounts([apps.map(appStats)]).values()];
        expect(counts.reduce((sum, { primary }) => sum + primary, 0)).toBe(primaries);
        expect(counts.reduce((sum, { secondary }) => sum + secondary, 0)).toBe(secondaries);
      }),
    );
  });

  it('of all apps are the sums of each', () => {
    const { apps } = memoryCluster({
      nodes: ['a:1', 'b:1'],
      apps: [{ appName: 'x' }, { appName: 'y' }],
    }).metaState.cluster();
    const [x, y] = apps.map((app) => appStats(app).replicaCounts.get('a:1'));
    const all = clusterReplicaCounts([apps.map(appStats)]).get('a:1');
    expect(all).toEqual({
      primary: (x?.primary ?? 0) + (y?.primary ?? 0),
      secondary: (x?.secondary ?? 0) + (y?.secondary ?? 0),
    });
  });
});

describe('the stddev of balance', () => {
  const stddev = (alive: number[], dead: number[] = []) => {
    const counts = [...alive, ...dead];
    const nodes = counts.map(
      (_, i): ReplicaServer => ({
        address: `n${i}:1`,
        status: i < alive.length ? 'ALIVE' : 'UNALIVE',
      }),
    );
    return balanceStddev(nodes, new Map(counts.map((primary, i) => [`n${i}:1`, { primary, secondary: 0 }])))
      .primary;
  };

  it.each([
    [[2, 2], 0, 0],
    [[4, 4, 5], 0.47, 0.58],
    [[1, 2, 4], 1.25, 1.53],
    [[3, 5, 8, 9], 2.38, 2.75],
  ])('%j: %d, as a sample %d', (alive, population, sample) => {
    expect(stddev(alive)).toBe(population);
    expect(stddev(alive, [1])).toBe(sample);
    // A dead node without replicas does not matter, nor does a living one.
    expect(stddev(alive, [0])).toBe(population);
    expect(stddev([...alive, 0])).toBe(population);
  });

  it.each([[[]], [[7]], [[0, 7]]])('is 0 with fewer than two nodes that hold any: %j', (alive) => {
    expect(stddev(alive, [3])).toBe(0);
  });

  it('judges primaries and all replicas apart: a dead node that holds secondaries alone', () => {
    const nodes: ReplicaServer[] = ['a:1', 'b:1', 'c:1', 'd:1'].map((address, i) => ({
      address,
      status: i < 3 ? 'ALIVE' : 'UNALIVE',
    }));
    const counts = new Map([
      ['a:1', { primary: 4, secondary: 0 }],
      ['b:1', { primary: 4, secondary: 0 }],
      ['c:1', { primary: 5, secondary: 0 }],
      ['d:1', { primary: 0, secondary: 2 }],
    ]);
    expect(balanceStddev(nodes, counts)).toEqual({ primary: 0.47, total: 0.58 });
  });
});

it('every endpoint answers any cluster', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryCluster, async (description) => {
      const cluster = memoryCluster(description);
      const { get } = await serve(cluster);
      for (const target of ['/meta/apps?detail', '/meta/nodes?detail', '/meta/cluster']) {
        expect((await get(target)).status).toBe(200);
      }
      const { apps, nodes } = cluster.metaState.cluster();
      const body = (await get('/meta/apps')).json() as {
        general_info: object;
        summary: { total_app_count: string };
      };
      expect(Object.keys(body.general_info)).toHaveLength(
        apps.filter(({ status }) => status === 'AVAILABLE').length,
      );
      const summary = ((await get('/meta/nodes')).json() as { summary: Record<string, string> }).summary;
      expect(summary['total_node_count']).toBe(String(nodes.length));
      for (const { appName, status } of apps) {
        const answer = await get(`/meta/app?name=${encodeURIComponent(appName)}&detail`);
        expect(answer.status === 200).toBe(status === 'AVAILABLE');
      }
    }),
    { numRuns: 50 },
  );
});
