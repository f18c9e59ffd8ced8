import type { Partition } from '../model/cluster.js';
import { assertArray } from '../render/format.js';

/** The replicas on one node. */
export interface ReplicaCounts {
  primary: number;
  secondary: number;
}

/** Replica counts by node address. */
export type ReplicaCountsByNode = ReadonlyMap<string, ReplicaCounts>;

/** Adds the replicas of one partition. */
export function addReplicas(counts: Map<string, ReplicaCounts>, { primary, secondaries }: Partition): void {
  if (primary !== null) getOrCreate(counts, primary).primary += 1;
  for (const secondary of assertArray(secondaries, 'secondaries'))
    getOrCreate(counts, secondary).secondary += 1;
}

/** Adds the counts of `other` to `sums`. */
export function addReplicaCounts(sums: Map<string, ReplicaCounts>, other: ReplicaCountsByNode): void {
  for (const [address, { primary, secondary }] of other) {
    const sum = getOrCreate(sums, address);
    sum.primary += primary;
    sum.secondary += secondary;
  }
}

function getOrCreate(counts: Map<string, ReplicaCounts>, address: string): ReplicaCounts {
  let found = counts.get(address);
  if (found === undefined) {
    found = { primary: 0, secondary: 0 };
    counts.set(address, found);
  }
  return found;
}
