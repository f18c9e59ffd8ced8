import type { Partition } from '../../model/cluster.js';

/** Places fresh partitions on nodes in turn: as the meta server does it, the ballot counts each replica that joined. */
export function placed(
  partitionCount: number,
  maxReplicaCount: number,
  nodes: readonly string[],
): Partition[] {
  const replicas = Math.min(maxReplicaCount, nodes.length);
  return Array.from({ length: partitionCount }, (_, pidx) => {
    const members = Array.from({ length: replicas }, (_, i) => nodes[(pidx + i) % nodes.length] as string);
    const [primary = null, ...secondaries] = members;
    return frozenPartition({ pidx, ballot: members.length, primary, secondaries });
  });
}

/**
 * The configuration after a node has gone. A primary hands over to the first secondary that is alive: two changes, the loss
 * and the election. Any other loss is one.
 */
export function withoutNode(
  partition: Partition,
  address: string,
  isAlive: (address: string) => boolean,
): Partition {
  const { primary, ballot } = partition;
  const secondaries = partition.secondaries.filter((secondary) => secondary !== address);
  if (primary === address) {
    const heir = secondaries.find(isAlive);
    if (heir === undefined)
      return frozenPartition({ ...partition, primary: null, secondaries, ballot: ballot + 1 });
    const others = secondaries.filter((secondary) => secondary !== heir);
    return frozenPartition({ ...partition, primary: heir, secondaries: others, ballot: ballot + 2 });
  }
  if (secondaries.length === partition.secondaries.length) return partition;
  return frozenPartition({ ...partition, secondaries, ballot: ballot + 1 });
}

/** The configuration after a node has come back: it leads where nobody does, else it follows, if one more is wanted. */
export function withNode(partition: Partition, address: string, maxReplicaCount: number): Partition {
  const { primary, secondaries, ballot } = partition;
  if (primary === null) return frozenPartition({ ...partition, primary: address, ballot: ballot + 1 });
  if (secondaries.length + 1 >= maxReplicaCount || isMember(partition, address)) return partition;
  return frozenPartition({ ...partition, secondaries: [...secondaries, address], ballot: ballot + 1 });
}

/** Whether a node holds a replica. */
export function isMember({ primary, secondaries }: Partition, address: string): boolean {
  return primary === address || secondaries.includes(address);
}

/** A partition that nobody can change any more. */
export function frozenPartition({ pidx, ballot, primary, secondaries }: Partition): Partition {
  return Object.freeze({ pidx, ballot, primary, secondaries: Object.freeze([...secondaries]) });
}
