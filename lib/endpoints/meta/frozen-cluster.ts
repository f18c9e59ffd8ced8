import type { Cluster, ReplicaServer } from '../../model/cluster.js';
import { assertArray } from '../../render/format.js';
import { hasFrozenStats, isDeepFrozenAppInSteps } from '../../stats/app-stats.js';

/** Whether a cluster, except the contents of its apps, is frozen. */
export function isFrozenCluster(cluster: Cluster): boolean {
  const { apps, nodes, metaServers, zookeeperHosts, balanceOperations, replicaCountStddev } = cluster;
  const parts = [cluster, apps, nodes, metaServers, zookeeperHosts, balanceOperations, replicaCountStddev];
  return assertArray(nodes, 'nodes').every(isFrozenNode) && parts.every(Object.isFrozen);
}

/** Whether a cluster with all its tables is frozen. Yields where the caller may pause. */
export function* isDeepFrozenCluster(cluster: Cluster): Generator<void, boolean, void> {
  if (!isFrozenCluster(cluster)) return false;
  for (const app of assertArray(cluster.apps, 'apps')) {
    // Most tables have not changed since the last response: for them a look into the cache replaces a generator.
    if (hasFrozenStats(app)) continue;
    const isListed = app?.status === 'AVAILABLE';
    // The contents of tables that are not listed do not matter.
    if (!(isListed ? yield* isDeepFrozenAppInSteps(app) : Object.isFrozen(app))) return false;
  }
  return true;
}

function isFrozenNode(node: ReplicaServer): boolean {
  return Object.isFrozen(node) && Object.isFrozen(node?.replicaCounts);
}
