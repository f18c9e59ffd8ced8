import type { Partition } from '../model/cluster.js';
import { assertArray } from '../render/format.js';

/** The replicas that one node holds. */
export interface ReplicaCounts {
  primary: number;
  secondary: number;
}

/** Counts the replicas of one partition, by node. */
export function addReplicas(counts: Map<string, ReplicaCounts>, { primary, secondaries }: Partition): void {
  if (primary !== null) getOrCreate(counts, primary).primary += 1;
  for (const secondary of assertArray(secondaries, 'secondaries'))
    getOrCreate(counts, secondary).secondary += 1;
}

/** Adds the counts of one app to those of others. */
export function addReplicaCounts(
  sums: Map<string, ReplicaCounts>,
  counts: ReadonlyMap<string, ReplicaCounts>,
): void {
  for (const [address, { primary, secondary }] of counts) {
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
