import type { App } from '../contracts.js';
import type { UNFROZEN } from '../render.js';
import { appFigures } from './app-figures.js';
import { addReplicaCounts, type ReplicaCounts } from './replica-counts.js';

/** The replicas of many apps by node. A part of renderings, as {@link appFigures} is. */
export function* replicaCountsOf(
  apps: readonly App[],
): Generator<'' | typeof UNFROZEN, ReadonlyMap<string, ReplicaCounts>, void> {
  const sums = new Map<string, ReplicaCounts>();
  for (const app of apps) {
    const { replicaCounts } = yield* appFigures(app);
    addReplicaCounts(sums, replicaCounts);
  }
  return sums;
}
