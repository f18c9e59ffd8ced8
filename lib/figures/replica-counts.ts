import type { App } from '../contracts.js';

/** The replicas that one node holds. */
export interface ReplicaCounts {
  primary: number;
  secondary: number;
}

/** For each node that an app's partitions name, the replicas that it holds of them. */
export function replicaCountsOf(app: App): Map<string, ReplicaCounts> {
  const counts = new Map<string, ReplicaCounts>();
  for (const { primary, secondaries } of app.partitions) {
    if (primary !== null) countsOn(counts, primary).primary += 1;
    for (const secondary of secondaries) countsOn(counts, secondary).secondary += 1;
  }
  return counts;
}

/** The same over many apps. */
export function replicaCountsOfAll(apps: readonly App[]): Map<string, ReplicaCounts> {
  const sums = new Map<string, ReplicaCounts>();
  for (const app of apps) {
    for (const [address, { primary, secondary }] of replicaCountsOf(app)) {
      const sum = countsOn(sums, address);
      sum.primary += primary;
      sum.secondary += secondary;
    }
  }
  return sums;
}

function countsOn(counts: Map<string, ReplicaCounts>, address: string): ReplicaCounts {
  let found = counts.get(address);
  if (found === undefined) {
    found = { primary: 0, secondary: 0 };
    counts.set(address, found);
  }
  return found;
}
