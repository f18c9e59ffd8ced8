import fc from 'fast-check';
import { Gauge, type OpenMetricsContentType, Registry } from 'prom-client';
import { describe, expect, it, vi } from 'vitest';
import { type App, type Cluster, memoryCluster, PegasusError } from '../../lib/index.js';
import { CLUSTER_METRICS } from '../../lib/sources/prom-client/cluster/declarations.js';
import {
  type ClusterMetricsOptions,
  clusterMetrics,
  type MonitoredSource,
  promClientMetrics,
} from '../../lib/sources/prom-client/index.js';
import { remoteCluster } from '../../lib/sources/remote/index.js';
import { serve } from '../support/http.js';

const NODES = ['10.0.0.1:34801', '10.0.0.2:34801', '10.0.0.3:34801'];

/** A cluster of two tables. */
function clusterOfThree() {
  return memoryCluster({
    metaServers: ['10.0.0.1:34601', '10.0.0.2:34601'],
    nodes: NODES,
    apps: [
      { appName: 'stat', partitionCount: 4 },
      { appName: 'temp', partitionCount: 8 },
    ],
  });
}

/** The series of the exposition, `name{label="value"}`, with their values. */
async function scrape(registry: Registry): Promise<Map<string, number>> {
  const lines = (await registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [
      line.slice(0, line.lastIndexOf(' ')),
      Number(line.slice(line.lastIndexOf(' ') + 1)),
    ]),
  );
}

/** A source that answers what a function returns. */
function sourceOf(cluster: () => unknown, staleSince?: () => number): MonitoredSource {
  return {
    metaState: {
      role: () => ({ role: 'primary' }),
      app: () => undefined,
      cluster: cluster as () => Cluster,
      ...(staleSince !== undefined && { staleSince }),
    },
  };
}

function monitored(source: MonitoredSource, options: ClusterMetricsOptions = {}) {
  const registry = new Registry();
  const errors: unknown[] = [];
  const metrics = clusterMetrics(registry, source, { onError: (error) => errors.push(error), ...options });
  return { registry, errors, metrics };
}

describe('the metrics of a cluster', () => {
  it('show a healthy cluster', async () => {
    const { registry } = monitored(clusterOfThree());
    expect(Object.fromEntries(await scrape(registry))).toMatchObject({
      pegasus_cluster_up: 1,
      pegasus_cluster_state_age_seconds: 0,
      pegasus_cluster_scrape_failures_total: 0,
      pegasus_cluster_primary_meta_known: 1,
      pegasus_cluster_meta_servers: 2,
      'pegasus_cluster_meta_function_level{level="steady"}': 1,
      pegasus_cluster_primary_replica_count_stddev: 0.82,
      pegasus_cluster_total_replica_count_stddev: 0,
      'pegasus_cluster_omitted_tables{reason="max_tables"}': 0,
      'pegasus_cluster_omitted_tables{reason="invalid"}': 0,
      'pegasus_tables{status="AVAILABLE"}': 2,
      'pegasus_tables{status="DROPPED"}': 0,
      'pegasus_partitions{health="healthy"}': 12,
      'pegasus_partitions{health="unreadable"}': 0,
      'pegasus_table_partitions{table="temp",health="healthy"}': 8,
      'pegasus_nodes{status="ALIVE"}': 3,
      'pegasus_node_alive{node="10.0.0.3:34801"}': 1,
      'pegasus_node_replicas{node="10.0.0.3:34801",role="primary"}': 3,
      'pegasus_node_replicas{node="10.0.0.3:34801",role="secondary"}': 9,
    });
  });

  it('show what has changed at the next scrape', async () => {
    const cluster = clusterOfThree();
    const { registry } = monitored(cluster);
    await scrape(registry);
    cluster.killNode(NODES[2] ?? '');
    cluster.killNode(NODES[1] ?? '');
    cluster.dropApp('stat');
    cluster.electPrimaryMeta(null);
    const series = await scrape(registry);
    expect(Object.fromEntries(series)).toMatchObject({
      pegasus_cluster_primary_meta_known: 0,
      'pegasus_tables{status="AVAILABLE"}': 1,
      'pegasus_tables{status="DROPPED"}': 1,
      'pegasus_partitions{health="healthy"}': 0,
      'pegasus_partitions{health="unwritable"}': 8,
      'pegasus_nodes{status="UNALIVE"}': 2,
      'pegasus_node_alive{node="10.0.0.3:34801"}': 0,
      'pegasus_node_replicas{node="10.0.0.3:34801",role="primary"}': 0,
    });
    expect([...series.keys()].filter((key) => key.includes('stat"'))).toEqual([]);
  });

  it('keep several clusters of one registry apart, and drop one that is closed', async () => {
    const registry = new Registry();
    const broken = sourceOf(() => {
      throw new Error('broken');
    });
    const first = clusterMetrics(registry, clusterOfThree(), { cluster: 'c1' });
    const second = clusterMetrics(registry, broken, { cluster: 'c2' });
    const both = await scrape(registry);
    expect(both.get('pegasus_cluster_up{cluster="c1"}')).toBe(1);
    expect(both.get('pegasus_cluster_up{cluster="c2"}')).toBe(0);
    expect(both.get('pegasus_cluster_scrape_failures_total{cluster="c2"}')).toBe(1);
    expect(both.get('pegasus_table_partitions{cluster="c1",table="temp",health="healthy"}')).toBe(8);
    first.close();
    first.close();
    expect([...(await scrape(registry)).keys()].sort()).toEqual([
      'pegasus_cluster_scrape_failures_total{cluster="c2"}',
      'pegasus_cluster_up{cluster="c2"}',
    ]);
    second.close();
    expect(await registry.metrics()).toBe('\n');
    clusterMetrics(registry, clusterOfThree(), { cluster: 'c1' });
    expect((await scrape(registry)).get('pegasus_cluster_up{cluster="c1"}')).toBe(1);
  });

  it('are there again after the registry was reset or cleared', async () => {
    const { registry } = monitored(clusterOfThree());
    const before = await scrape(registry);
    registry.resetMetrics();
    expect(await scrape(registry)).toEqual(before);
    registry.clear();
    clusterMetrics(registry, clusterOfThree());
    expect(await scrape(registry)).toEqual(before);
  });

  it('have the names that are declared, each with a help text', async () => {
    const { registry } = monitored({ ...clusterOfThree(), upstream: () => ({ requests: 3, failures: 1 }) });
    const text = await registry.metrics();
    const names = Array.from(text.matchAll(/^# HELP (\w+) .{10,}$/gm), ([, name]) => name);
    expect(names.sort()).toEqual(
      Object.values(CLUSTER_METRICS)
        .map(({ name }) => name)
        .sort(),
    );
    for (const { name } of Object.values(CLUSTER_METRICS))
      expect(text).toMatch(new RegExp(`^${name}[ {]`, 'm'));
  });

  it('give tables beyond the limit no series, the healthiest ones first', async () => {
    const cluster = memoryCluster({
      nodes: NODES,
      apps: [
        ...Array.from({ length: 5 }, (_, i) => ({ appName: `t${i}`, partitionCount: 1 })),
        {
          appName: 'broken',
          partitionCount: 2,
          partitions: [{ primary: null }, { primary: NODES[0] ?? null, secondaries: NODES.slice(1) }],
        },
      ],
    });
    const { registry } = monitored(cluster, { maxTables: 2 });
    const series = await scrape(registry);
    expect(series.get('pegasus_cluster_omitted_tables{reason="max_tables"}')).toBe(4);
    expect(series.get('pegasus_partitions{health="healthy"}')).toBe(6);
    expect(series.get('pegasus_table_partitions{table="broken",health="unreadable"}')).toBe(1);
    const tables = [...series.keys()].filter((key) => key.startsWith('pegasus_table_partitions'));
    expect(tables).toHaveLength(8);
    expect(tables.filter((key) => key.includes('"t0"'))).toHaveLength(4);
  });

  it('are read once for a scrape, and not computed again for the same snapshot', async () => {
    let reads = 0;
    const { apps, ...rest } = await clusterOfThree().metaState.cluster();
    const counted = Object.freeze(
      Object.defineProperty({ ...apps[0] } as App, 'appName', {
        get: () => {
          reads += 1;
          return 'counted';
        },
        enumerable: true,
      }),
    );
    const cluster = Object.freeze({ ...rest, apps: Object.freeze([counted]) });
    const calls = vi.fn(() => cluster);
    const { registry } = monitored(sourceOf(calls));
    for (let i = 1; i <= 3; i += 1) {
      expect((await scrape(registry)).get('pegasus_partitions{health="healthy"}')).toBe(4);
      expect(calls).toHaveBeenCalledTimes(i);
    }
    expect(reads).toBe(1);
  });

  it('count each partition once: agree with the responses for any cluster', async () => {
    const partition = fc.record({
      replicas: fc.uniqueArray(fc.constantFrom(...NODES)),
      hasPrimary: fc.boolean(),
    });
    const table = fc.record({
      partitions: fc.array(partition, { minLength: 1, maxLength: 6 }),
      maxReplicaCount: fc.integer({ min: 1, max: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(table, { maxLength: 5 }),
        fc.integer({ min: 0, max: 6 }),
        async (tables, maxTables) => {
          const apps = tables.map(({ partitions, maxReplicaCount }, i) => ({
            appName: `t${i}`,
            partitionCount: partitions.length,
            maxReplicaCount,
            partitions: partitions.map(({ replicas, hasPrimary }) =>
              hasPrimary
                ? { primary: replicas[0] ?? null, secondaries: replicas.slice(1) }
                : { primary: null, secondaries: replicas },
            ),
          }));
          const cluster = memoryCluster({ nodes: NODES, apps });
          const { registry, errors } = monitored(cluster, { maxTables });
          const series = await scrape(registry);
          const sum = (name: string, ...parts: string[]) =>
            [...series]
              .filter(([key]) => key.startsWith(name) && parts.every((part) => key.includes(part)))
              .reduce((total, [, value]) => total + value, 0);
          const partitions = tables.flatMap(({ partitions, maxReplicaCount }) =>
            partitions.map((one) => ({
              ...one,
              maxReplicaCount,
              isReadable: one.hasPrimary && one.replicas.length > 0,
            })),
          );
          expect(errors).toEqual([]);
          expect(sum('pegasus_partitions{')).toBe(partitions.length);
          expect(sum('pegasus_partitions{', '"unreadable"')).toBe(
            partitions.filter((one) => !one.isReadable).length,
          );
          expect(sum('pegasus_partitions{', '"healthy"')).toBe(
            partitions.filter((one) => one.isReadable && one.replicas.length >= one.maxReplicaCount).length,
          );
          expect(sum('pegasus_node_replicas{')).toBe(
            partitions.reduce((total, one) => total + one.replicas.length, 0),
          );
          expect(sum('pegasus_cluster_omitted_tables{')).toBe(Math.max(0, tables.length - maxTables));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('show names of tables as they are', async () => {
    const names = [
      'a"b',
      'a\\b',
      'a\nb',
      '__proto__',
      '中文',
      'a,health:healthy',
      'x'.repeat(4000),
      '\ud800',
    ];
    const { registry } = monitored(
      memoryCluster({ nodes: NODES, apps: names.map((appName) => ({ appName, partitionCount: 1 })) }),
    );
    const text = await registry.metrics();
    const shown = Array.from(
      text.matchAll(/^pegasus_table_partitions\{table="((?:[^"\\]|\\.)*)",health="healthy"\} 1$/gm),
      ([, name = '']) => name.replace(/\\(.)/g, (_, one) => (one === 'n' ? '\n' : one)),
    );
    expect(shown.sort()).toEqual([...names.slice(0, -1), '\ufffd'].sort());
  });

  it('are there in the format OpenMetrics, too, at each scrape', async () => {
    const registry = new Registry<OpenMetricsContentType>();
    registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
    const metrics = clusterMetrics(registry, clusterOfThree(), { cluster: 'c1' });
    for (let i = 0; i < 2; i += 1) {
      const text = await registry.metrics();
      expect(text).toContain('\npegasus_cluster_scrape_failures_total{cluster="c1"} 0\n');
      expect(text).toContain('\npegasus_nodes{cluster="c1",status="ALIVE"} 3\n');
      expect(text).toMatch(/# EOF\n$/);
    }
    metrics.close();
    expect(await registry.metrics()).toBe('\n# EOF\n');
  });

  it('can be read as metrics of Pegasus, too', async () => {
    const { registry } = monitored(clusterOfThree());
    const { get } = await serve({ metrics: promClientMetrics(registry) });
    const { entities } = (await get('/metrics?metrics=prometheus_pegasus_nodes')).json() as {
      entities: { attributes: object; metrics: object[] }[];
    };
    expect(entities).toContainEqual(
      expect.objectContaining({
        attributes: { status: 'ALIVE' },
        metrics: [{ name: 'prometheus_pegasus_nodes', value: 3 }],
      }),
    );
  });
});

describe('a source that fails', () => {
  const invalid = (changes: object) => ({ apps: [], nodes: [], metaServers: [], ...changes });
  it.each<[what: string, answer: () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('no route');
      },
    ],
    ['rejects', () => Promise.reject(new PegasusError('ERR_SERVICE_NOT_ACTIVE', 'too old'))],
    ['rejects with nothing', () => Promise.reject()],
    ['answers nothing', () => undefined],
    ['answers null', () => Promise.resolve(null)],
    ['has no tables', () => invalid({ apps: undefined })],
    ['has no nodes', () => invalid({ nodes: 17 })],
    ['has no meta servers', () => invalid({ metaServers: null })],
    ['has a node that is nothing', () => invalid({ nodes: [null] })],
    ['never answers', () => new Promise(() => {})],
  ])('shows that it %s, and no old values', async (_, answer) => {
    const cluster = clusterOfThree();
    let isBroken = false;
    const source = sourceOf(() => (isBroken ? answer() : cluster.metaState.cluster()));
    const { registry, errors } = monitored(source, { timeoutMs: 50 });
    expect((await scrape(registry)).get('pegasus_cluster_up')).toBe(1);
    isBroken = true;
    expect(Object.fromEntries(await scrape(registry))).toEqual({
      pegasus_cluster_up: 0,
      pegasus_cluster_scrape_failures_total: 1,
    });
    expect(errors).toHaveLength(1);
    if (_ === 'never answers') return;
    isBroken = false;
    const series = await scrape(registry);
    expect(series.get('pegasus_cluster_up')).toBe(1);
    expect(series.get('pegasus_nodes{status="ALIVE"}')).toBe(3);
    expect(series.get('pegasus_cluster_scrape_failures_total')).toBe(1);
  });

  it('is aborted after the time limit, and asked again only when its call has ended', async () => {
    let end = () => {};
    const signals: AbortSignal[] = [];
    const { metaState } = clusterOfThree();
    const cluster = vi.fn(async (context: { signal: AbortSignal }) => {
      signals.push(context.signal);
      await new Promise<void>((resolve) => {
        end = resolve;
      });
      return metaState.cluster();
    });
    const { registry, errors } = monitored({ metaState: { ...metaState, cluster } }, { timeoutMs: 20 });
    for (let i = 0; i < 3; i += 1) expect((await scrape(registry)).get('pegasus_cluster_up')).toBe(0);
    expect(cluster).toHaveBeenCalledTimes(1);
    expect(signals[0]?.aborted).toBe(true);
    expect(errors).toHaveLength(3);
    expect(errors[0]).toMatchObject({ code: 'ERR_TIMEOUT' });
    end();
    await vi.waitFor(async () => {
      const scraped = scrape(registry);
      setTimeout(() => end(), 1);
      expect((await scraped).get('pegasus_cluster_up')).toBe(1);
    }, 10_000);
  });

  it('shows the age of an old state beside its values', async () => {
    const { metaState } = clusterOfThree();
    const { registry } = monitored({ metaState: { ...metaState, staleSince: () => Date.now() / 1000 - 90 } });
    const series = await scrape(registry);
    expect(series.get('pegasus_cluster_up')).toBe(1);
    expect(series.get('pegasus_cluster_state_age_seconds')).toBeGreaterThanOrEqual(90);
    expect(series.get('pegasus_nodes{status="ALIVE"}')).toBe(3);
  });

  it('omits an invalid table, and says so', async () => {
    const { apps, ...rest } = await clusterOfThree().metaState.cluster();
    const broken = { ...apps[0], appName: 'broken', partitions: 17 } as unknown as App;
    const { registry, errors } = monitored(sourceOf(() => ({ ...rest, apps: [broken, ...apps] })));
    const series = await scrape(registry);
    expect(series.get('pegasus_cluster_omitted_tables{reason="invalid"}')).toBe(1);
    expect(series.get('pegasus_partitions{health="healthy"}')).toBe(12);
    expect(errors).toHaveLength(1);
  });

  it('does not end a scrape by an onError or an upstream that throws', async () => {
    const registry = new Registry();
    const source = {
      ...sourceOf(() => 17),
      upstream: () => {
        throw new Error('upstream');
      },
    };
    const onError = vi.fn(() => {
      throw new Error('onError');
    });
    clusterMetrics(registry, source, { onError });
    expect((await scrape(registry)).get('pegasus_cluster_up')).toBe(0);
    expect(onError).toHaveBeenCalledTimes(2);
  });
});

describe('the source of a running cluster', () => {
  it('shows its requests and failures', async () => {
    const { origin } = await serve(clusterOfThree());
    const address = new URL(origin).host;
    await using cluster = remoteCluster({ servers: address, maxAgeMs: 0 });
    const { registry } = monitored(cluster);
    const series = await scrape(registry);
    expect(series.get('pegasus_cluster_up')).toBe(1);
    expect(series.get('pegasus_table_partitions{table="temp",health="healthy"}')).toBe(8);
    expect(series.get('pegasus_node_replicas{node="10.0.0.3:34801",role="primary"}')).toBe(3);
    expect(series.get('pegasus_cluster_upstream_requests_total')).toBe(cluster.upstream().requests);
    expect(series.get('pegasus_cluster_upstream_failures_total')).toBe(0);
    const more = await scrape(registry);
    expect(more.get('pegasus_cluster_upstream_requests_total')).toBe(cluster.upstream().requests);
  });

  it('may start to count again', async () => {
    let counts = { requests: 5, failures: 1 };
    const { registry } = monitored({ ...clusterOfThree(), upstream: () => counts });
    await scrape(registry);
    counts = { requests: 2, failures: 0 };
    const series = await scrape(registry);
    expect(series.get('pegasus_cluster_upstream_requests_total')).toBe(7);
    expect(series.get('pegasus_cluster_upstream_failures_total')).toBe(1);
  });
});

describe('wrong arguments', () => {
  const source = clusterOfThree();
  const registry = new Registry();
  it.each<[args: unknown[], message: RegExp]>([
    [[undefined, source], /^clusterMetrics: registry must be one of prom-client's, not undefined/],
    [[registry, undefined], /^clusterMetrics: source must be a source with metaState, not undefined/],
    [[registry, null], /source must be a source with metaState, not null/],
    [[registry, { perfCounters: { read: () => undefined } }], /source must be a source with metaState/],
    [[registry, { ...source, upstream: 17 }], /source.upstream must be a function, not 17/],
    [[registry, source, { clutser: 'c1' }], /did you mean "?cluster/],
    [[registry, source, { cluster: '' }], /cluster must be a non-empty string/],
    [[registry, source, { maxTables: -1 }], /maxTables must be an integer from 0/],
    [[registry, source, { timeoutMs: 0 }], /timeoutMs must be an integer from 1/],
    [[registry, source, { onError: 17 }], /onError must be a function/],
  ])('%# are refused', (args, message) => {
    expect(() => clusterMetrics(...(args as Parameters<typeof clusterMetrics>))).toThrow(message);
    expect(() => clusterMetrics(...(args as Parameters<typeof clusterMetrics>))).toThrow(TypeError);
  });

  it('a second cluster of the same name is refused', () => {
    clusterMetrics(registry, source);
    clusterMetrics(registry, source, { cluster: 'c1' });
    expect(() => clusterMetrics(registry, source)).toThrow(/already has|without a name already/);
    expect(() => clusterMetrics(registry, source, { cluster: 'c1' })).toThrow(/the cluster "c1" already/);
  });

  it('a metric of the application that has a name of ours is not replaced', async () => {
    const taken = new Registry();
    new Gauge({ name: 'pegasus_nodes', help: 'of the application', registers: [taken] }).set(17);
    expect(() => clusterMetrics(taken, source)).toThrow(/pegasus_nodes has already been registered/);
    expect((await scrape(taken)).get('pegasus_nodes')).toBe(17);
  });
});
