// Everything that /perfCounter tells on a server of the onebox.
import { combinePerfCounters, perfCounterRegistry, processCounters, requestCounters } from 'pegasus-http';

/** The servers share one process, and so its figures. */
export const processFigures = processCounters();

/**
 * What a meta server counts.
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
 * Puts a server's own counters, those of its requests and those of the process before what the description says.
 * @param {'meta' | 'replica' | 'collector'} app
 * @param {import('pegasus-http').ClusterSource} source
 * @param {import('pegasus-http').PerfCounterSource} own
 */
export function withCounters(app, source, own) {
  const requests = requestCounters({ app });
  const { perfCounters: described = perfCounterRegistry() } = source;
  return {
    source: { ...source, perfCounters: combinePerfCounters(own, requests, processFigures, described) },
    requests,
  };
}
