import {
  type ClusterSource,
  configRegistry,
  type MemoryCluster,
  memoryCluster,
  type PerfCounter,
} from '../../lib/index.js';

export const NODES = ['127.0.0.1:34801', '127.0.0.1:34802', '127.0.0.1:34803'];

/** The counters that {@link fullSource} has. */
export const COUNTERS: readonly PerfCounter[] = [
  { name: 'collector*app.pegasus*write_qps#_all_', type: 'NUMBER', value: 4200, description: 'writes' },
  { name: 'zion*profiler*latency.server', type: 'PERCENTILE', p99: 900, p999: 2100, description: 'latency' },
];

/** Creates the cluster that the console shows in most tests. */
export function smallCluster(): MemoryCluster {
  return memoryCluster({
    nodes: NODES,
    apps: [
      { appName: 'stat', partitionCount: 4 },
      { appName: 'temp', partitionCount: 8, envs: { 'replica.slow_query_threshold': '20' } },
    ],
    perfCounters: COUNTERS,
  });
}

/** Creates a source that has everything that the console has a view of, except a profiler. */
export function fullSource(): ClusterSource {
  const config = configRegistry({
    max_batch_size: {
      type: 'uint32',
      section: 'orders',
      description: 'Maximum number of orders that are sent at once.',
      default: 100,
      isMutable: true,
      validate: (value) => value > 0 || 'max_batch_size must be positive',
    },
    data_dir: {
      type: 'string',
      section: 'orders',
      description: 'Where orders are kept.',
      default: '/var/lib',
    },
  });
  const latency = { p50: 1e5, p90: 3e5, p95: 4e5, p99: 8e5, p999: 1.2e6 };
  const description = 'The latency of GET requests.';
  const metrics = {
    read: () => ({
      cluster: 'c1',
      role: 'meta',
      host: 'localhost',
      port: 34601,
      timestampNs: BigInt(Date.now()) * 1_000_000n,
      entities: [
        {
          type: 'server',
          id: 'server',
          attributes: {},
          metrics: [
            { name: 'get_latency_ns', type: 'Percentile', unit: 'NanoSeconds', description, ...latency },
          ] as const,
        },
      ],
    }),
  };
  return { ...smallCluster(), config, metrics };
}
