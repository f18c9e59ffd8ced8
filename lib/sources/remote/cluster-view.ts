import type { AppPartitions, ClusterOverview, ListedApp } from '../../client/index.js';
import type { App, Cluster, Partition, ReplicaServer } from '../../model/cluster.js';
import { isSamePartition, reuseApp, reuseList, reuseObject } from '../../model/structural-sharing.js';

const NO_PARTITIONS: readonly Partition[] = Object.freeze([]);
const NO_ENVS: App['envs'] = Object.freeze({});

/** Makes a snapshot from what the cluster answered. Parts that are equal to those of the old snapshot stay the same objects. */
export function clusterView(old: Cluster | undefined, overview: ClusterOverview): Cluster {
  const { apps, nodes, metaServers, zookeeperHosts, balanceOperations, replicaCountStddev } = overview;
  const oldApps = new Map(old?.apps.map((app) => [app.appId, app]));
  const oldNodes = new Map(old?.nodes.map((node) => [node.address, node]));
  return reuseObject(old, {
    apps: reuseList(
      old?.apps,
      apps.map((app) => listedView(oldApps.get(app.appId), app)),
    ),
    nodes: reuseList(
      old?.nodes,
      nodes.map((node) => nodeView(oldNodes.get(node.address), node)),
    ),
    metaServers: reuseList(old?.metaServers, metaServers),
    primaryMetaServer: overview.primaryMetaServer,
    zookeeperHosts: reuseList(old?.zookeeperHosts, zookeeperHosts),
    zookeeperRoot: overview.zookeeperRoot,
    metaFunctionLevel: overview.metaFunctionLevel,
    balanceOperations:
      balanceOperations === 'unknown'
        ? balanceOperations
        : reuseObject(
            old?.balanceOperations === 'unknown' ? undefined : old?.balanceOperations,
            balanceOperations,
          ),
    replicaCountStddev: replicaCountStddev && reuseObject(old?.replicaCountStddev, replicaCountStddev),
  });
}

function listedView(old: App | undefined, { health, ...listed }: ListedApp): App {
  return reuseObject(old, {
    ...listed,
    envs: NO_ENVS,
    partitions: NO_PARTITIONS,
    health: health && reuseObject(old?.health, health),
  });
}

function nodeView(
  old: ReplicaServer | undefined,
  { address, status, replicaCounts }: ReplicaServer,
): ReplicaServer {
  return reuseObject(old, {
    address,
    status,
    replicaCounts: replicaCounts && reuseObject(old?.replicaCounts, replicaCounts),
  });
}

/**
 * Makes a table with its partitions.
 *
 * @param listed - The table as the cluster lists it, for what `/meta/app` does not show; `undefined` if the list is older than the table.
 */
export function appView(app: AppPartitions, listed: App | undefined): App {
  const { appId, appName, partitionCount } = app;
  const maxReplicaCount = listed?.maxReplicaCount ?? app.maxReplicaCount;
  return {
    appId,
    appName,
    appType: listed?.appType ?? 'pegasus',
    status: 'AVAILABLE',
    partitionCount,
    maxReplicaCount,
    isStateful: listed?.isStateful ?? true,
    createSecond: listed?.createSecond ?? 0,
    dropSecond: listed?.dropSecond ?? 0,
    expireSecond: listed?.expireSecond ?? 0,
    ...(listed?.envCount !== undefined && { envCount: listed.envCount }),
    envs: NO_ENVS,
    partitions: app.partitions.map(({ maxReplicaCount: given, ...partition }) => {
      const own = given ?? app.maxReplicaCount;
      return own === maxReplicaCount ? partition : { ...partition, maxReplicaCount: own };
    }),
  };
}

/** Returns a frozen table that shares with the old one what is equal. */
export function shareApp(old: App | undefined, { partitions, ...stored }: App): App {
  const before = old?.appId === stored.appId ? old : undefined;
  const shared = partitions.map((partition, i) => {
    const same = before?.partitions[i];
    if (isSamePartition(same, partition)) return same;
    Object.freeze(partition.secondaries);
    return Object.freeze(partition);
  });
  return reuseApp(before, stored, shared);
}

/** Returns the old environment variables if they are equal, else the new ones, frozen. */
export function shareEnvs(old: App['envs'] | undefined, fresh: App['envs']): App['envs'] {
  return reuseObject(old, fresh);
}
