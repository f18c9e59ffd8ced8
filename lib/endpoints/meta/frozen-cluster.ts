import type { App, Cluster, ReplicaServer } from '../../model/cluster.js';
import { assertArray } from '../../render/format.js';
import { type AppBlock, appBlocks } from '../../stats/app-blocks.js';
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
  for (const block of appBlocks(assertArray(cluster.apps, 'apps'))) {
    if (frozenBlocks.has(block)) continue;
    for (const app of block) {
      const isFrozen =
        app?.status === 'AVAILABLE' ? yield* isDeepFrozenAppInSteps(app) : Object.isFrozen(app);
      if (!isFrozen) return false;
    }
    if (block.every(isKnownFrozen)) frozenBlocks.add(block);
  }
  return true;
}

/** Most blocks have not changed since the last response: for them one look replaces a generator for each table. */
const frozenBlocks = new WeakSet<AppBlock>();

/** Whether a table is known to be frozen. The contents of tables that are not listed do not matter. */
function isKnownFrozen(app: App): boolean {
  if (typeof app !== 'object' || app === null) return false;
  return hasFrozenStats(app) || (app.status !== 'AVAILABLE' && Object.isFrozen(app));
}

function isFrozenNode(node: ReplicaServer): boolean {
  return Object.isFrozen(node) && Object.isFrozen(node?.replicaCounts);
}
