import type { App, Cluster, Partition, ReplicaServer } from '../../model/cluster.js';
import { isSamePartition, reuseList, reuseObject, shallowEqual } from '../../model/structural-sharing.js';
import { BLOCK_SIZE } from '../../render/block-cache.js';
import type { FrozenCopy } from '../../render/body-cache.js';
import { assertArray } from '../../render/format.js';
import { isDeepFrozenApp, isFrozenPartition } from '../../stats/app-stats.js';

/** Returns a frozen copy of a table that is not frozen: the same one as long as the table equals it. */
export const frozenCopyOfApp: FrozenCopy<App> = copyWhenSeenAgain(
  copyApp,
  // So many are rendered in blocks, of which only those with a change are rendered again.
  ({ partitions }) => partitions.length > BLOCK_SIZE,
);

/** Like {@link frozenCopyOfApp}, of a cluster with all its tables. */
export const frozenCopyOfCluster: FrozenCopy<Cluster> = copyWhenSeenAgain(copyCluster, () => true);

/** Renderings of an object, which changes each time, before it is copied again. */
const CHANGING_RENDERINGS = 16;

/** What is known of an object that is not frozen. */
interface Seen<Snapshot> {
  copy: Snapshot | undefined;
  /** Whether the object has been equal to its copy. */
  wasEqual: boolean;
  /** So often the object is rendered itself before it is copied. */
  renderings: number;
}

/**
 * Creates a function that copies an object when it is seen again. An object that a source creates for each call, or that is different each
 * time, is not worth a copy.
 *
 * @param hasParts - Whether a changed object is worth a copy for the parts that are equal.
 */
function copyWhenSeenAgain<Snapshot extends object>(
  copy: (old: Snapshot | undefined, snapshot: Snapshot) => Snapshot,
  hasParts: (snapshot: Snapshot) => boolean,
): FrozenCopy<Snapshot> {
  const seenBySnapshot = new WeakMap<Snapshot, Seen<Snapshot>>();

  function update(seen: Seen<Snapshot>, snapshot: Snapshot): Snapshot | undefined {
    const old = seen.copy;
    const copied = copy(old, snapshot);
    seen.copy = copied;
    if (old === undefined || copied === old || seen.wasEqual || hasParts(copied)) {
      seen.wasEqual = copied === old;
      return copied;
    }
    seen.copy = undefined;
    seen.renderings = CHANGING_RENDERINGS;
    return undefined;
  }

  return (snapshot) => {
    if (Object.isFrozen(snapshot)) return undefined;
    const seen = seenBySnapshot.get(snapshot);
    if (seen === undefined) {
      seenBySnapshot.set(snapshot, { copy: undefined, wasEqual: false, renderings: 0 });
      return undefined;
    }
    if (seen.renderings > 0) {
      seen.renderings -= 1;
      return undefined;
    }
    try {
      return update(seen, snapshot);
    } catch {
      // The rendering of a malformed snapshot says what is wrong with it.
      return undefined;
    }
  };
}

/** Returns the old copy of a table if it is equal, else a new one with the parts that are equal. */
function copyApp(old: App | undefined, app: App): App {
  if (isDeepFrozenApp(app)) return app;
  return reuseObject(old, {
    appId: app.appId,
    appName: app.appName,
    appType: app.appType,
    status: app.status,
    partitionCount: app.partitionCount,
    maxReplicaCount: app.maxReplicaCount,
    isStateful: app.isStateful,
    createSecond: app.createSecond,
    dropSecond: app.dropSecond,
    expireSecond: app.expireSecond,
    envs: copyRecord(old?.envs, app.envs),
    partitions: copyList(old?.partitions, app.partitions, copyPartition),
    health: app.health && copyRecord(old?.health, app.health),
    envCount: app.envCount,
  });
}

function copyPartition(old: Partition | undefined, partition: Partition): Partition {
  const { pidx, ballot, primary, secondaries, maxReplicaCount } = partition;
  assertArray(secondaries, 'secondaries');
  if (isSamePartition(old, partition)) return old;
  if (isFrozenPartition(partition)) return partition;
  const copy = { pidx, ballot, primary, secondaries: Object.freeze([...secondaries]), maxReplicaCount };
  return Object.freeze(copy);
}

function copyCluster(old: Cluster | undefined, cluster: Cluster): Cluster {
  const { balanceOperations, replicaCountStddev } = cluster;
  const before = old?.balanceOperations;
  return reuseObject(old, {
    apps: copyList(old?.apps, cluster.apps, copyApp),
    nodes: copyList(old?.nodes, cluster.nodes, copyNode),
    metaServers: reuseList(old?.metaServers, assertArray(cluster.metaServers, 'metaServers')),
    primaryMetaServer: cluster.primaryMetaServer,
    zookeeperHosts: reuseList(old?.zookeeperHosts, assertArray(cluster.zookeeperHosts, 'zookeeperHosts')),
    zookeeperRoot: cluster.zookeeperRoot,
    metaFunctionLevel: cluster.metaFunctionLevel,
    balanceOperations:
      balanceOperations === 'unknown'
        ? balanceOperations
        : copyRecord(before === 'unknown' ? undefined : before, balanceOperations),
    replicaCountStddev: replicaCountStddev && copyRecord(old?.replicaCountStddev, replicaCountStddev),
  });
}

function copyNode(old: ReplicaServer | undefined, node: ReplicaServer): ReplicaServer {
  const { address, status, replicaCounts } = node;
  return reuseObject(old, {
    address,
    status,
    replicaCounts: replicaCounts && copyRecord(old?.replicaCounts, replicaCounts),
  });
}

/** Copies the items of a list. Most lists have not changed: then nothing is created. */
function copyList<Item>(
  old: readonly Item[] | undefined,
  list: readonly Item[],
  copy: (old: Item | undefined, item: Item) => Item,
): readonly Item[] {
  assertArray(list, 'list');
  let copies: Item[] | undefined;
  for (let i = 0; i < list.length; i += 1) {
    const before = old?.[i];
    const copied = copy(before, list[i] as Item);
    if (copied !== before) copies ??= old?.slice(0, i) ?? [];
    copies?.push(copied);
  }
  if (copies === undefined && old?.length === list.length) return old;
  return Object.freeze(copies ?? old?.slice(0, list.length) ?? []);
}

function copyRecord<Value extends object>(old: Value | undefined, value: Value): Value {
  if (typeof value !== 'object' || value === null) throw new TypeError('not an object');
  return old !== undefined && shallowEqual(old, value) ? old : Object.freeze({ ...value });
}
