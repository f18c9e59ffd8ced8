import type { Partition } from '../../model/cluster.js';

/** Places new partitions on nodes in turn. As on a meta server, the ballot counts each replica that joined. */
export function placePartitions(
  partitionCount: number,
  maxReplicaCount: number,
  nodes: readonly string[],
): Partition[] {
  const replicas = Math.min(maxReplicaCount, nodes.length);
  return Array.from({ length: partitionCount }, (_, pidx) => {
    const members = Array.from({ length: replicas }, (_, i) => nodes[(pidx + i) % nodes.length] as string);
    const [primary = null, ...secondaries] = members;
    return freezePartition({ pidx, ballot: members.length, primary, secondaries });
  });
}

/**
 * Removes a node from a partition. The first secondary that is alive takes over from a lost primary, which is two changes: the
 * loss and the election. Any other loss is one.
 */
export function removeNode(
  partition: Partition,
  address: string,
  isAlive: (address: string) => boolean,
): Partition {
  const { primary, ballot } = partition;
  const secondaries = partition.secondaries.filter((secondary) => secondary !== address);
  if (primary === address) {
    const newPrimary = secondaries.find(isAlive);
    if (newPrimary === undefined)
      return freezePartition({ ...partition, primary: null, secondaries, ballot: ballot + 1 });
    const others = secondaries.filter((secondary) => secondary !== newPrimary);
    return freezePartition({ ...partition, primary: newPrimary, secondaries: others, ballot: ballot + 2 });
  }
  if (secondaries.length === partition.secondaries.length) return partition;
  return freezePartition({ ...partition, secondaries, ballot: ballot + 1 });
}

/** Adds a replica on a node: the primary where there is none, else a secondary if the partition wants one more. */
export function addReplica(partition: Partition, address: string, maxReplicaCount: number): Partition {
  const { primary, secondaries, ballot } = partition;
  if (primary === null) return freezePartition({ ...partition, primary: address, ballot: ballot + 1 });
  const wanted = partition.maxReplicaCount ?? maxReplicaCount;
  if (secondaries.length + 1 >= wanted || isMember(partition, address)) return partition;
  return freezePartition({ ...partition, secondaries: [...secondaries, address], ballot: ballot + 1 });
}

/** Tells whether a partition with a primary wants more secondaries than it has. */
export function lacksSecondary(partition: Partition, maxReplicaCount: number): boolean {
  const { primary, secondaries } = partition;
  return primary !== null && secondaries.length + 1 < (partition.maxReplicaCount ?? maxReplicaCount);
}

/** Tells whether a node has a replica of a partition. */
export function isMember({ primary, secondaries }: Partition, address: string): boolean {
  return primary === address || secondaries.includes(address);
}

/** Returns a frozen copy of a partition. */
export function freezePartition(partition: Partition): Partition {
  const { pidx, ballot, primary, secondaries, maxReplicaCount } = partition;
  return Object.freeze({
    pidx,
    ballot,
    primary,
    secondaries: Object.freeze([...secondaries]),
    ...(maxReplicaCount === undefined ? {} : { maxReplicaCount }),
  });
}
