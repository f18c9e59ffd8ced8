// Creates the clusters of the benchmarks.
import { memoryCluster } from 'pegasus-http';

export const NODES = ['10.0.0.1:34801', '10.0.0.2:34801', '10.0.0.3:34801'];

/**
 * Creates a cluster of tables of one size.
 *
 * @param {number} tables
 * @param {number} partitionCount
 */
export function clusterOf(tables, partitionCount) {
  const apps = Array.from({ length: tables }, (_, i) => ({
    appName: `table${i}`,
    partitionCount,
    createSecond: 1565843655,
  }));
  return memoryCluster({ nodes: NODES, apps });
}

/**
 * Creates a function that changes one partition of one table, another one at each call.
 *
 * @param {import('pegasus-http').MemoryCluster} cluster
 * @returns {() => void}
 */
export function changer(cluster) {
  let turn = 0;
  return () => {
    const { apps } = cluster.metaState.cluster();
    const app = apps[(turn * 7) % apps.length];
    const partition = app?.partitions[(turn * 13) % app.partitionCount];
    turn += 1;
    if (app === undefined || partition === undefined) return;
    const { primary, secondaries } = partition;
    const [heir = null, ...others] = secondaries;
    cluster.setPartition(app.appName, partition.pidx, {
      primary: heir,
      secondaries: primary === null ? others : [...others, primary],
    });
  };
}

/**
 * Creates a source with the same state in mutable objects, of which the handler can cache nothing.
 *
 * @param {import('pegasus-http').MemoryCluster} cluster
 * @returns {import('pegasus-http').ClusterSource}
 */
export function mutableSource(cluster) {
  const state = structuredClone(cluster.metaState.cluster());
  return {
    metaState: {
      role: () => ({ role: 'primary' }),
      app: (name) => state.apps.find(({ appName }) => appName === name),
      cluster: () => state,
    },
  };
}
