import type { Partition } from '../contracts.js';
import { list } from '../text/format.js';

/** The replicas that one node holds. */
export interface ReplicaCounts {
  primary: number;
  secondary: number;
}

/** Counts the replicas of one partition, by node. */
export function addReplicas(counts: Map<string, ReplicaCounts>, { primary, secondaries }: Partition): void {
  if (primary !== null) countsOn(counts, primary).primary += 1;
  for (const secondary of list(secondaries, 'secondaries')) countsOn(counts, secondary).secondary += 1;
}

/** Adds the counts of one app to those of others. */
export function addReplicaCounts(
  sums: Map<string, ReplicaCounts>,
  counts: ReadonlyMap<string, ReplicaCounts>,
): void {
  for (const [address, { primary, secondary }] of counts) {
    const sum = countsOn(sums, address);
    sum.primary += primary;
    sum.secondary += secondary;
  }
}

function countsOn(counts: Map<string, ReplicaCounts>, address: string): ReplicaCounts {
  let found = counts.get(address);
  if (found === undefined) {
    found = { primary: 0, secondary: 0 };
    counts.set(address, found);
  }
  return found;
}
