// The perf counters of the servers of the onebox.
import {
  combineMetrics,
  combinePerfCounters,
  perfCounterMetrics,
  perfCounterRegistry,
  processCounters,
  requestCounters,
} from 'pegasus-http';

/** The metrics of the process, which all servers share. */
export const processMetrics = processCounters();

/**
 * Returns the counters of a meta server.
 *
 * @param {import('pegasus-http').MemoryCluster} cluster
 */
export function metaCounters(cluster) {
  const counters = perfCounterRegistry();
  for (const status of ['ALIVE', 'UNALIVE']) {
    const word = status.toLowerCase();
    counters.number(`meta*eon.meta_service*${word}_nodes`, `current count of ${word} nodes`, {
      collect() {
        const { nodes } = cluster.metaState.cluster();
        return nodes.filter((node) => node.status === status).length;
      },
    });
  }
  return counters;
}

/**
 * Adds a server's own counters, those of its requests and those of the process to a source. They take precedence over the
 * counters of the description. They are also metrics of the server.
 *
 * @param {'meta' | 'replica' | 'collector'} app
 * @param {string} address
 * @param {import('pegasus-http').ClusterSource} source
 * @param {import('pegasus-http').PerfCounterSource} own
 */
export function withCounters(app, address, source, own) {
  const requests = requestCounters({ app });
  const { perfCounters: described = perfCounterRegistry(), metrics } = source;
  const { hostname: host, port } = new URL(`http://${address}`);
  const ofServer = perfCounterMetrics(combinePerfCounters(own, requests, processMetrics), {
    cluster: 'onebox',
    role: app,
    host,
    port: Number(port || 80),
  });
  return {
    source: {
      ...source,
      perfCounters: combinePerfCounters(own, requests, processMetrics, described),
      metrics: metrics === undefined ? ofServer : combineMetrics(metrics, ofServer),
    },
    requests,
  };
}
