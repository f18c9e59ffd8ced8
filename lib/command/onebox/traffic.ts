import { type MemoryCluster, type PerfCounterRegistry, perfCounterRegistry } from '../../index.js';

const TICK_MS = 100;
const KEYS = 1000;

/** The traffic of all tables of the onebox. */
export interface TableTraffic {
  /** The counters of the collector. */
  readonly collector: PerfCounterRegistry;
  /**
   * Starts a replica server and returns its counters.
   *
   * @param maxWrites - Returns the maximum number of writes to a partition per tick.
   */
  replicaServer(address: string, maxWrites: () => number): PerfCounterRegistry;
  stop(): void;
}

/**
 * Starts the traffic of all tables, which moves the counters. The replica servers write a little to stores of their own and count that
 * under Pegasus's names. Nothing is read, so read_qps stays the 0.00 of the guide. It does not keep the process alive.
 */
export function tableTraffic(cluster: MemoryCluster): TableTraffic {
  const stores = new Map<string, ReturnType<typeof replicaStore>>();
  const collector = perfCounterRegistry();
  let writes = new Map<string, number>();
  const requests = new Map<string, number>();
  let lastMs = performance.now();

  function write() {
    for (const { appId, appName, status, partitions } of cluster.metaState.cluster().apps) {
      if (status !== 'AVAILABLE') continue;
      for (const { pidx, primary } of partitions) {
        const store = primary === null ? undefined : stores.get(primary);
        const puts = store === undefined ? 0 : Math.ceil(Math.random() * store.maxWrites());
        for (let i = 0; i < puts; i++)
          store?.put(`${appId}.${pidx}`, `key${Math.floor(Math.random() * KEYS)}`);
        if (primary !== null) countRequests(primary, `replica@${appId}.${pidx}`, puts);
        writes.set(appName, (writes.get(appName) ?? 0) + puts);
      }
    }
    if (performance.now() - lastMs >= 1000) collect();
  }

  function countRequests(address: string, replica: string, puts: number): void {
    const value = (requests.get(`${address} ${replica}`) ?? 0) + puts;
    requests.set(`${address} ${replica}`, value);
    cluster.setMetric(address, replica, {
      name: 'put_requests',
      type: 'Counter',
      unit: 'Requests',
      description: 'number of put requests',
      value,
    });
  }

  // Like Pegasus's collector: the numbers change once in a while, and stay the same in between.
  function collect() {
    const seconds = (performance.now() - lastMs) / 1000;
    lastMs = performance.now();
    let all = 0;
    for (const [appName, count] of writes) {
      collectedNumber(appName).set(count / seconds);
      all += count;
    }
    collectedNumber('_all_').set(all / seconds);
    writes = new Map();
  }

  function collectedNumber(appName: string) {
    const name = `collector*app.pegasus*app.stat.write_qps#${appName}`;
    return collector.number(name, `statistic the write_qps of app ${appName}`);
  }

  collectedNumber('_all_');
  for (const { appName } of cluster.metaState.cluster().apps) collectedNumber(appName);
  const timer = setInterval(write, TICK_MS).unref();

  return {
    collector,
    replicaServer(address, maxWrites) {
      const store = replicaStore(maxWrites);
      stores.set(address, store);
      for (const { appId, partitions } of cluster.metaState.cluster().apps) {
        for (const { pidx, primary } of partitions) {
          if (primary === address) store.putRate(`${appId}.${pidx}`);
        }
      }
      return store.counters;
    },
    stop: () => clearInterval(timer),
  };
}

function replicaStore(maxWrites: () => number) {
  const counters = perfCounterRegistry();
  const latency = counters.percentile(
    'replica*app.pegasus*put_latency',
    'statistic the latency of PUT request in ns',
  );
  const values = new Map<string, string>();

  function putRate(gpid: string) {
    return counters.rate(`replica*app.pegasus*put_qps@${gpid}`, 'statistic the qps of PUT request');
  }

  return {
    counters,
    maxWrites,
    putRate,
    put(gpid: string, key: string) {
      const startMs = performance.now();
      values.set(`${gpid} ${key}`, new Date().toISOString());
      putRate(gpid).inc();
      latency.observe((performance.now() - startMs) * 1e6);
    },
  };
}
