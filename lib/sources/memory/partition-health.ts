import type { App, Partition } from '../../model/cluster.js';

/** The healths of partitions, as the metrics of Pegasus's tables count them. */
export const PARTITION_HEALTHS = ['healthy', 'writable_ill', 'unwritable', 'unreadable', 'dead'] as const;

export type PartitionHealth = (typeof PARTITION_HEALTHS)[number];

/** Returns the health of a partition; `undefined` stands for one that the state does not have. */
export function partitionHealth(partition: Partition | undefined, app: App): PartitionHealth {
  if (partition === undefined) return 'dead';
  const { primary, secondaries, maxReplicaCount = app.maxReplicaCount } = partition;
  if (primary === null) return secondaries.length === 0 ? 'dead' : 'unreadable';
  const replicas = 1 + secondaries.length;
  if (replicas < minReplicaCount(maxReplicaCount)) return 'unwritable';
  return replicas < maxReplicaCount ? 'writable_ill' : 'healthy';
}

/** The replicas that a write needs: a majority, or one where only two are wanted. */
function minReplicaCount(maxReplicaCount: number): number {
  return maxReplicaCount <= 2 ? 1 : Math.floor(maxReplicaCount / 2) + 1;
}
