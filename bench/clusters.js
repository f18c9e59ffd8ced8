// Creates the clusters of the benchmarks.
import { memoryCluster } from 'pegasus-http';

/**
 * Creates a cluster of tables of one size.
 *
 * @param {number} tables
 * @param {number} partitionCount
 * @param {number} [nodeCount]
 */
export function clusterOf(tables, partitionCount, nodeCount = 3) {
  const nodes = Array.from({ length: nodeCount }, (_, i) => `10.0.0.${i + 1}:34801`);
  const apps = Array.from({ length: tables }, (_, i) => ({
    appName: `table${i}`,
    partitionCount,
    createSecond: 1565843655,
  }));
  return memoryCluster({ nodes, apps });
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
 * Creates a source with the same state in objects that are not frozen.
 *
 * @param {import('pegasus-http').MemoryCluster} cluster
 * @param {(app: MutableApp) => void} change - Called before each result with the table.
 * @returns {import('pegasus-http').ClusterSource}
 */
export function mutableSource(cluster, change) {
  const state = /** @type {{ apps: MutableApp[] } & import('pegasus-http').Cluster} */ (
    structuredClone(cluster.metaState.cluster())
  );
  return {
    metaState: {
      role: () => ({ role: 'primary' }),
      app: (name) => {
        const app = state.apps.find(({ appName }) => appName === name);
        if (app !== undefined) change(app);
        return app;
      },
      cluster: () => state,
    },
  };
}

/**
 * Changes one partition of a table, another one at each call.
 *
 * @param {MutableApp} app
 */
export function changeInPlace(app) {
  const partition = app.partitions[turn % app.partitions.length];
  turn += 1;
  if (partition !== undefined) partition.ballot += 1;
}

let turn = 0;

/** @typedef {import('pegasus-http').App & { partitions: { ballot: number }[] }} MutableApp */
