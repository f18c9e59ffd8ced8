import { createServer } from 'node:http';
import { describe, expect, it, vi } from 'vitest';
import { createPegasusHandler, type MetricsSnapshot } from '../../lib/index.js';
import { listening } from '../support/http.js';
import { goCollector, goMetricClient, shellRates, shellSnapshot } from '../support/metric-readers.js';
import { metricsSource } from '../support/metrics.js';
import { startOnebox } from '../support/onebox.js';

const hostOf = (origin: string) => new URL(origin).host;

describe('the clients of Pegasus read the metrics of a running onebox', () => {
  it('the Go collector', async () => {
    const { meta, backup, replica } = await startOnebox();
    const [metaServer, replicaServer] = [hostOf(meta), hostOf(replica)];
    // It may ask a backup first, and is redirected.
    const metas = await goCollector([hostOf(backup), metaServer], 'meta');
    expect([...metas.tables]).toEqual([
      ['1', 'stat'],
      ['2', 'temp'],
    ]);
    expect(metas.byTable.get('2')?.get('unwritable_partitions')).toBeGreaterThanOrEqual(0);
    expect(metas.byTable.get('2')?.get('partition_configuration_changes')).toBeGreaterThan(0);
    expect(metas.byServer.get(metaServer)?.get('alive_replica_servers')).toBe(1);
    expect(metas.registered.get('meta_http_latency_ms_all')).toBe('Percentile');

    const replicas = await goCollector([metaServer], 'replica');
    const server = replicas.byServer.get(replicaServer);
    expect(server?.get('total_replicas')).toBe(12);
    expect(server?.get('resident_mem_usage_mb')).toBeGreaterThan(10);
    expect(server?.get('virtual_mem_usage_mb')).toBeGreaterThan(10);
    expect(replicas.registered.get('replica_app_pegasus_put_latency')).toBe('Percentile');
    // It logs these and goes on.
    expect(
      [...replicas.unsupported, ...metas.unsupported].filter((one) => one !== 'VolatileCounter'),
    ).toEqual([]);
    await vi.waitFor(
      async () => {
        const { byTable } = await goCollector([metaServer], 'replica');
        expect(byTable.get('2')?.get('put_requests')).toBeGreaterThan(0);
      },
      { timeout: 10_000 },
    );
  });

  it('the hotspot detector of the Go collector', async () => {
    const { replica } = await startOnebox();
    const found = await goMetricClient(hostOf(replica), {
      types: ['replica'],
      attributes: { table_id: '2' },
      metrics: ['get_requests', 'put_requests'],
      fields: ['name', 'value'],
    });
    expect(found).toHaveLength(8);
    expect(found[0]).toMatchObject({
      type: 'replica',
      metrics: [{ name: 'get_requests' }, { name: 'put_requests' }],
    });
    const everything = await goMetricClient(hostOf(replica), { types: ['replica'] });
    expect(everything).toHaveLength(12);
  });

  it('the C++ shell', async () => {
    const { meta, replica } = await startOnebox();
    const server = hostOf(replica);
    const memory = await shellSnapshot(
      server,
      'types=server&metrics=virtual_mem_usage_mb,resident_mem_usage_mb,total_replicas',
    );
    expect([...memory.values.keys()].sort()).toEqual([
      'server resident_mem_usage_mb',
      'server total_replicas',
      'server virtual_mem_usage_mb',
    ]);
    const latency = await shellSnapshot(
      server,
      'types=server&metrics=replica_app_pegasus_put_latency',
      'p99',
    );
    expect(latency.values.size).toBe(1);
    const health = await shellSnapshot(
      hostOf(meta),
      'types=table&metrics=healthy_partitions,dead_partitions',
    );
    expect(health.values.get('table@2 dead_partitions')).toBe(0);

    const puts = 'types=replica&attributes=table_id,2&metrics=put_requests';
    const start = await shellSnapshot(server, puts);
    await vi.waitFor(
      async () => {
        const rates = shellRates(start, await shellSnapshot(server, puts));
        expect(rates.size).toBe(8);
        expect(Math.min(...rates.values())).toBeGreaterThan(0);
      },
      { timeout: 10_000 },
    );
  });
});

describe('the readers see what would break the clients', () => {
  const metric = { name: 'm', type: 'Counter' as const, unit: 'Keys', description: 'd', value: 1 };
  const server = { type: 'server', id: 'server', attributes: {}, metrics: [metric] };
  it.each<[string, Partial<MetricsSnapshot>, string]>([
    [
      'a name that Prometheus does not allow',
      { entities: [withMetric({ name: 'a*b' })] },
      'panic: invalid name',
    ],
    ['a name of its own', { entities: [withMetric({ name: 'process_open_fds' })] }, 'panic: invalid name'],
    [
      'a name of two types',
      { entities: [server, { ...withMetric({ type: 'Gauge' }), id: 'server2' }] },
      'panic: m is registered twice',
    ],
    ['a negative counter', { entities: [withMetric({ value: -1 })] }, 'panic: m decreases'],
    ['a replica without a table', { entities: [{ ...server, type: 'replica' }] }, 'table_id of replica'],
  ])('%s', async (_, snapshot, message) => {
    const cluster = {
      apps: [],
      nodes: [],
      metaServers: [] as string[],
      primaryMetaServer: '' as string,
      zookeeperHosts: [],
      zookeeperRoot: '/p',
      metaFunctionLevel: 'lively' as const,
      balanceOperations: 'unknown' as const,
    };
    const metaState = {
      role: () => ({ role: 'primary' as const }),
      app: () => undefined,
      cluster: () => cluster,
    };
    const http = createServer(createPegasusHandler({ metaState, ...metricsSource(snapshot) }));
    const host = hostOf(await listening(http));
    cluster.metaServers.push(host);
    cluster.primaryMetaServer = host;
    await expect(goCollector([host], 'meta')).rejects.toThrow(message);
  });

  function withMetric(changed: object) {
    return { ...server, metrics: [{ ...metric, ...changed }] };
  }

  it('a timestamp that stands still', async () => {
    const origin = await listening(createServer(createPegasusHandler(metricsSource({ entities: [server] }))));
    const snapshot = await shellSnapshot(hostOf(origin), 'types=server');
    expect(() => shellRates(snapshot, snapshot)).toThrow('timestamps do not grow');
  });
});
