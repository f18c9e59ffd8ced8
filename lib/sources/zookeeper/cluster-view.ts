import type { App, Cluster, ReplicaServer } from '../../model/cluster.js';
import type { StoredCluster } from './mirror.js';
import type { ClusterSettings, Supplied } from './options.js';
import { isSameList, isSameRecord } from './table-watcher.js';

/** What of a {@link Cluster} does not lie in ZooKeeper. */
type Known = Pick<
  ClusterSettings,
  'nodes' | 'metaServers' | 'metaFunctionLevel' | 'balanceOperations' | 'zookeeperHosts' | 'zookeeperRoot'
>;

/**
 * Makes snapshots of the cluster out of what ZooKeeper holds and what the host supplies. As long as neither changes it is the same
 * snapshot, and what did not change is the same in the next.
 */
export function clusterView(settings: Known): (stored: StoredCluster) => Cluster {
  let last: Cluster | undefined;

  return function view({ apps, runningMetas }) {
    const cluster: Cluster = {
      apps,
      nodes: kept(last?.nodes, nodesOf(apps, supplied(settings.nodes) ?? [], last?.nodes)),
      metaServers: kept(last?.metaServers, supplied(settings.metaServers) ?? runningMetas),
      primaryMetaServer: runningMetas[0] ?? null,
      zookeeperHosts: settings.zookeeperHosts,
      zookeeperRoot: settings.zookeeperRoot,
      metaFunctionLevel: supplied(settings.metaFunctionLevel) ?? 'unknown',
      balanceOperations: keptRecord(
        last?.balanceOperations,
        supplied(settings.balanceOperations) ?? 'unknown',
      ),
    };
    if (last === undefined || !isSameRecord(last, cluster)) last = Object.freeze(cluster);
    return last;
  };
}

/** Nodes that hold a replica, and those that the host knows of. */
function nodesOf(
  apps: readonly App[],
  known: readonly ReplicaServer[],
  last: readonly ReplicaServer[] = [],
): ReplicaServer[] {
  const before = new Map(last.map((node) => [node.address, node]));
  const statuses = new Map(known.map(({ address, status }) => [address, status]));
  for (const app of apps) {
    if (app.status === 'DROPPED') continue;
    for (const address of addressesOf(app)) if (!statuses.has(address)) statuses.set(address, 'UNKNOWN');
  }
  return Array.from(statuses, ([address, status]) => {
    const old = before.get(address);
    return old?.status === status ? old : Object.freeze({ address, status });
  });
}

/** A table that has not changed is not looked through again: of 65,000 partitions 64 are, when one of them changes. */
const addressesByApp = new WeakMap<App, ReadonlySet<string>>();

function addressesOf(app: App): ReadonlySet<string> {
  let found = addressesByApp.get(app);
  if (found === undefined) {
    const addresses = new Set<string>();
    for (const { primary, secondaries } of app.partitions) {
      if (primary !== null) addresses.add(primary);
      for (const secondary of secondaries) addresses.add(secondary);
    }
    found = addresses;
    addressesByApp.set(app, found);
  }
  return found;
}

function supplied<T>(value: Supplied<T> | undefined): T | undefined {
  return typeof value === 'function' ? (value as () => T)() : value;
}

function kept<T>(old: readonly T[] | undefined, fresh: readonly T[]): readonly T[] {
  return old !== undefined && isSameList(old, fresh) ? old : Object.freeze([...fresh]);
}

function keptRecord<T>(old: T | undefined, fresh: T): T {
  if (typeof fresh !== 'object' || fresh === null) return fresh;
  if (typeof old === 'object' && old !== null && isSameRecord(old, fresh)) return old;
  return Object.freeze({ ...fresh });
}
