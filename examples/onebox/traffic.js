// Moves the counters of the onebox. The replica servers write a little to stores of their own and count that under Pegasus's
// names. Nothing is read, so read_qps stays the 0.00 of the guide.
import { perfCounterRegistry } from 'pegasus-http';

const TICK_MS = 100;
const KEYS = 1000;

/**
 * Starts the traffic of all tables. It does not keep the process alive.
 *
 * @param {import('pegasus-http').MemoryCluster} cluster
 */
export function tableTraffic(cluster) {
  /** @type {Map<string, ReturnType<typeof replicaStore>>} */
  const stores = new Map();
  const collector = perfCounterRegistry();
  /** @type {Map<string, number>} */
  let writes = new Map();
  /** @type {Map<string, number>} */
  const requests = new Map();
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

  /**
   * @param {string} address
   * @param {string} replica
   * @param {number} puts
   */
  function countRequests(address, replica, puts) {
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

  /** @param {string} appName */
  function collectedNumber(appName) {
    const name = `collector*app.pegasus*app.stat.write_qps#${appName}`;
    return collector.number(name, `statistic the write_qps of app ${appName}`);
  }

  collectedNumber('_all_');
  for (const { appName } of cluster.metaState.cluster().apps) collectedNumber(appName);
  const timer = setInterval(write, TICK_MS).unref();

  return {
    /** The counters of the collector. */
    collector,
    /**
     * Starts a replica server and returns its counters.
     *
     * @param {string} address
     * @param {() => number} maxWrites the maximum number of writes to a partition per tick
     */
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

/** @param {() => number} maxWrites */
function replicaStore(maxWrites) {
  const counters = perfCounterRegistry();
  const latency = counters.percentile(
    'replica*app.pegasus*put_latency',
    'statistic the latency of PUT request in ns',
  );
  /** @type {Map<string, string>} */
  const values = new Map();

  /** @param {string} gpid */
  function putRate(gpid) {
    return counters.rate(`replica*app.pegasus*put_qps@${gpid}`, 'statistic the qps of PUT request');
  }

  return {
    counters,
    maxWrites,
    putRate,
    /**
     * @param {string} gpid
     * @param {string} key
     */
    put(gpid, key) {
      const startMs = performance.now();
      values.set(`${gpid} ${key}`, new Date().toISOString());
      putRate(gpid).inc();
      latency.observe((performance.now() - startMs) * 1e6);
    },
  };
}
