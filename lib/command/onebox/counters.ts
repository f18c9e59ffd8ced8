import {
  type ClusterSource,
  combineMetrics,
  combinePerfCounters,
  type MemoryCluster,
  type PerfCounterSource,
  type ProcessCounters,
  perfCounterMetrics,
  perfCounterRegistry,
  type RequestCounters,
  requestCounters,
} from '../../index.js';

/** What a server of the onebox is. */
export type Role = 'meta' | 'replica' | 'collector';

/** Returns the counters of a meta server. */
export function metaCounters(cluster: MemoryCluster): PerfCounterSource {
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
 * @param own - The server's own counters.
 * @param ofProcess - Those of the process, which all servers share.
 */
export function withCounters(
  app: Role,
  address: string,
  source: ClusterSource,
  own: PerfCounterSource,
  ofProcess: ProcessCounters,
): { readonly source: ClusterSource; readonly requests: RequestCounters } {
  const requests = requestCounters({ app });
  const { perfCounters: described = perfCounterRegistry(), metrics } = source;
  const { hostname: host, port } = new URL(`http://${address}`);
  const ofServer = perfCounterMetrics(combinePerfCounters(own, requests, ofProcess), {
    cluster: 'onebox',
    role: app,
    host,
    port: Number(port || 80),
  });
  return {
    source: {
      ...source,
      perfCounters: combinePerfCounters(own, requests, ofProcess, described),
      metrics: metrics === undefined ? ofServer : combineMetrics(metrics, ofServer),
    },
    requests,
  };
}
