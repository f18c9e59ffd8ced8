import { describe, expect, it } from 'vitest';
import { type ClusterSource, type Metric, memoryCluster, perfCounterMetrics } from '../../lib/index.js';
import { serve } from '../support/http.js';
import { type MetricsAnswer, RECORDED_METRICS } from '../support/metrics.js';

const METAS = ['127.0.0.1:34601', '127.0.0.1:34602'];
const NODES = ['127.0.0.1:34801', '127.0.0.1:34802', '127.0.0.1:34803'];
const REQUESTS: Metric = {
  name: 'get_requests',
  type: 'Counter',
  unit: 'Requests',
  description: 'gets',
  value: 2n ** 60n + 1n,
};

function onebox() {
  return memoryCluster({
    metaServers: METAS,
    nodes: NODES,
    zookeeperRoot: '/pegasus/onebox/127.0.0.1',
    apps: [
      { appName: 'stat', appId: 1, partitionCount: 2 },
      { appName: 'temp', appId: 2, partitionCount: 3 },
    ],
  });
}

async function get(source: ClusterSource, target = '/metrics'): Promise<MetricsAnswer> {
  const { get } = await serve(source);
  const answer = await get(target);
  expect(answer.status).toBe(200);
  return answer.json() as MetricsAnswer;
}

/** Metrics of entities of one type, by id and name. */
function valuesOf({ entities }: MetricsAnswer, type: string): Record<string, Record<string, unknown>> {
  return Object.fromEntries(
    entities
      .filter((entity) => entity.type === type)
      .map(({ id, metrics }) => [id, Object.fromEntries(metrics.map(({ name, value }) => [name, value]))]),
  );
}

describe('the metrics of a cluster in memory', () => {
  it('name the server, and its cluster by the convention of its root', async () => {
    const cluster = onebox();
    const server = { cluster: 'onebox', role: 'meta', host: '127.0.0.1' };
    expect(await get(cluster)).toMatchObject({ ...server, port: 34601 });
    expect(await get(cluster.metaServer(METAS[1] as string))).toMatchObject({ ...server, port: 34602 });
    const replica = await get(cluster.replicaServer(NODES[2] as string));
    expect(replica).toMatchObject({ ...server, role: 'replica', port: 34803 });
    expect(await get(memoryCluster())).toMatchObject({ cluster: 'unknown', port: 34601 });
  });

  it('follow from the state: tables and partitions of the primary meta server', async () => {
    const cluster = onebox();
    const healthy = {
      healthy_partitions: 3,
      writable_ill_partitions: 0,
      unwritable_partitions: 0,
      unreadable_partitions: 0,
      dead_partitions: 0,
    };
    const before = await get(cluster);
    expect(valuesOf(before, 'table')['table@2']).toEqual(healthy);
    expect(valuesOf(before, 'partition')['partition@2.0']).toEqual({ partition_configuration_changes: 3 });
    expect(valuesOf(before, 'server')).toEqual({
      server: { alive_replica_servers: 3, unalive_replica_servers: 0 },
    });

    cluster.killNode(NODES[0] as string);
    cluster.setPartition('temp', 0, { primary: null, secondaries: [NODES[1] as string] });
    cluster.setPartition('temp', 1, { primary: null });
    cluster.dropApp('stat');
    const after = await get(cluster);
    expect(valuesOf(after, 'table')).toEqual({
      'table@2': {
        healthy_partitions: 0,
        writable_ill_partitions: 1,
        unwritable_partitions: 0,
        unreadable_partitions: 1,
        dead_partitions: 1,
      },
    });
    expect(valuesOf(after, 'server')).toEqual({
      server: { alive_replica_servers: 2, unalive_replica_servers: 1 },
    });

    cluster.setPartition('temp', 0, { primary: NODES[1] as string });
    expect(valuesOf(await get(cluster), 'table')['table@2']).toMatchObject({ unwritable_partitions: 1 });
    cluster.electPrimaryMeta(null);
    expect(valuesOf(await get(cluster), 'table')).toEqual({});
    cluster.electPrimaryMeta(METAS[1] as string);
    expect(Object.keys(valuesOf(await get(cluster.metaServer(METAS[1] as string)), 'table'))).toEqual([
      'table@2',
    ]);
    expect(valuesOf(await get(cluster.metaServer(METAS[0] as string)), 'server')).toEqual({
      server: { alive_replica_servers: 0, unalive_replica_servers: 0 },
    });
  });

  it('follow from the state: replicas of a replica server', async () => {
    const cluster = onebox();
    cluster.setPartition('temp', 0, { primary: NODES[1] as string, secondaries: [NODES[2] as string] });
    const answer = await get(cluster.replicaServer(NODES[0] as string));
    expect(valuesOf(answer, 'server')).toEqual({
      server: { total_replicas: 4, primary_replicas: 1, secondary_replicas: 3 },
    });
    expect(Object.keys(valuesOf(answer, 'replica'))).toEqual([
      'replica@1.0',
      'replica@1.1',
      'replica@2.1',
      'replica@2.2',
    ]);
    expect(valuesOf(answer, 'replica')['replica@1.0']).toMatchObject({ get_requests: 0, put_requests: 0 });
  });

  it('have types, ids, attributes and metrics that a real cluster has', async () => {
    const cluster = onebox();
    for (const [name, source] of [
      ['meta1', cluster],
      ['replica1', cluster.replicaServer(NODES[0] as string)],
    ] as const) {
      const { entities } = await get(source, '/metrics?detail=true');
      const recorded = RECORDED_METRICS.filter(({ server, status }) => server === name && status === 200)
        .flatMap(({ answer = '' }) => (JSON.parse(answer) as MetricsAnswer).entities)
        // Of replica1 only the first metrics of an entity are recorded, so those of filtered requests count, too.
        .map((entity) => ({ ...entity, shape: entity.id.replace(/\d+/g, 'N') }));
      for (const { type, id, attributes, metrics } of entities) {
        const same = recorded.filter(({ shape }) => shape === id.replace(/\d+/g, 'N'));
        expect(same[0], id).toMatchObject({ type });
        expect(Object.keys(attributes)).toEqual(Object.keys(same[0]?.attributes ?? {}));
        const known = new Map(
          same.flatMap((entity) => entity.metrics.map((metric) => [metric['name'], metric])),
        );
        const found = metrics.filter((metric) => known.has(metric['name']));
        expect(found.length, id).toBeGreaterThan(0);
        for (const { name, type, unit } of found) {
          const { type: recordedType = type, unit: recordedUnit = unit } = known.get(name) ?? {};
          expect({ name, type, unit }).toEqual({ name, type: recordedType, unit: recordedUnit });
        }
      }
    }
  });

  it('can be set on one server, and a VolatileCounter is reset by a read that prints it', async () => {
    const cluster = onebox();
    const [node = '', other = ''] = NODES;
    cluster.setMetric(node, 'replica@2.0', REQUESTS);
    cluster.setMetric(node, 'replica@2.0', { ...REQUESTS, name: 'v', type: 'VolatileCounter', value: 5 });
    cluster.setMetric(node, 'replica@2.0', {
      name: 'get_latency_ns',
      type: 'Percentile',
      unit: 'NanoSeconds',
      description: '',
      p99: 4,
      p999: 5,
    });
    cluster.setMetric(METAS[0] as string, 'table@1', { ...REQUESTS, name: 'healthy_partitions', value: 9 });
    const source = cluster.replicaServer(node);
    const { get: request } = await serve(source);
    expect((await request('/metrics?ids=replica@2.0')).body).toContain(
      '{"name":"get_requests","value":1152921504606846977}',
    );
    expect((await request('/metrics?metrics=v')).json()).toMatchObject({
      entities: [{ id: 'replica@2.0', metrics: [{ name: 'v', value: 0 }] }],
    });
    cluster.setMetric(node, 'replica@2.0', { ...REQUESTS, name: 'v', type: 'VolatileCounter', value: 5 });
    for (const filter of ['types=server', 'ids=replica@2.1', 'attributes=table_id,1', 'metrics=get_requests'])
      await request(`/metrics?${filter}`);
    expect((await request('/metrics?metrics=v,get_latency_ns')).json()).toMatchObject({
      entities: [
        {
          metrics: [
            { name: 'v', value: 5 },
            { name: 'get_latency_ns', p99: 4, p999: 5 },
          ],
        },
      ],
    });
    expect((await get(cluster.replicaServer(other), '/metrics?metrics=v')).entities).toEqual([]);
    expect(valuesOf(await get(cluster), 'table')['table@1']).toMatchObject({ healthy_partitions: 9 });
  });

  it.each<[string, unknown[], string]>([
    ['an unknown server', ['127.0.0.1:1', 'server', REQUESTS], 'address'],
    ['an entity of another server', [METAS[0], 'replica@2.0', REQUESTS], 'has no entity "replica@2.0"'],
    ['an unknown entity', [NODES[0], 'replica@9.0', REQUESTS], 'such as replica@2.2'],
    ['a table with an index', [METAS[0], 'table@2.0', REQUESTS], 'has no entity'],
    ['a server with an index', [METAS[0], 'server@1', REQUESTS], 'has no entity'],
    ['a replica without an index', [NODES[0], 'replica@2', REQUESTS], 'has no entity'],
    ['a partition of a backup', [METAS[1], 'partition@2.0', REQUESTS], 'such as server'],
    ['no entity', [NODES[0], undefined, REQUESTS], 'entityId must be'],
    ['no metric', [NODES[0], 'server', undefined], 'metric must be an object'],
    ['no name', [NODES[0], 'server', { ...REQUESTS, name: '' }], 'metric.name must be'],
    ['an unknown type', [NODES[0], 'server', { ...REQUESTS, type: 'Histogram' }], 'metric.type must be'],
    ['a misspelt field', [NODES[0], 'server', { ...REQUESTS, valeu: 1 }], 'did you mean'],
    [
      'no value',
      [NODES[0], 'server', { ...REQUESTS, value: undefined }],
      'metric.value must be a finite number',
    ],
    ['NaN', [NODES[0], 'server', { ...REQUESTS, value: Number.NaN }], 'metric.value must be a finite number'],
    ['no p99', [NODES[0], 'server', { ...REQUESTS, type: 'Percentile', value: undefined }], 'metric'],
  ])('refuse %s', (_, args, message) => {
    const cluster = onebox();
    const set = () => (cluster.setMetric as (...args: unknown[]) => void)(...args);
    expect(set).toThrow(/^memoryCluster\.setMetric: /);
    expect(set).toThrow(message);
  });

  it('a described PERCENTILE may have all its figures', async () => {
    const { perfCounters } = memoryCluster({
      perfCounters: [{ name: 'a*b*c', type: 'PERCENTILE', p50: 1, p99: 2, p999: 3, description: '' }],
    });
    const { names, read } = perfCounters;
    const metrics = perfCounterMetrics({ names: names ?? (() => []), read });
    expect((await get({ metrics })).entities[0]?.metrics).toEqual([
      { name: 'a_b_c', p50: 1, p99: 2, p999: 3 },
    ]);
  });
});
