import type { App, Partition } from '../contracts.js';
import { UNFROZEN } from '../render.js';
import { above } from '../text/format.js';
import { addHealth, type Health, healthOfNone } from './health.js';
import { addReplicas, type ReplicaCounts } from './replica-counts.js';

/** What follows from an app's partitions. */
export interface AppFigures {
  readonly app: App;
  readonly health: Health;
  /** By node. */
  readonly replicaCounts: ReadonlyMap<string, ReplicaCounts>;
}

/** After so many partitions there is a place to pause. */
const PAUSE_EVERY = 1024;

const kept = new WeakMap<App, AppFigures>();

/**
 * Looks at every partition of an app once; its figures are kept as long as the app is, if it is frozen through and through. A part of
 * renderings: it yields where they may pause, and `UNFROZEN`.
 */
export function* appFigures(app: App): Generator<'' | typeof UNFROZEN, AppFigures, void> {
  const known = kept.get(app);
  if (known !== undefined) return known;
  let isFrozen = Object.isFrozen(app) && Object.isFrozen(app.envs) && Object.isFrozen(app.partitions);
  if (!isFrozen) yield UNFROZEN;
  const health = healthOfNone(app);
  const replicaCounts = new Map<string, ReplicaCounts>();
  let pidx = -1;
  for (let i = 0; i < app.partitions.length; i += 1) {
    if (i % PAUSE_EVERY === 0) yield '';
    const partition = app.partitions[i] as Partition;
    pidx = above(pidx, partition.pidx, 'pidx');
    addHealth(health, partition, app.maxReplicaCount);
    addReplicas(replicaCounts, partition);
    if (isFrozen && !isFrozenPartition(partition)) {
      isFrozen = false;
      yield UNFROZEN;
    }
  }
  const figures: AppFigures = { app, health, replicaCounts };
  if (isFrozen) kept.set(app, figures);
  return figures;
}

/** Whether the app that figures are of can never change. */
export function areFrozenFigures(figures: AppFigures): boolean {
  return kept.get(figures.app) === figures;
}

/** Whether a partition can never change. */
export function isFrozenPartition(partition: Partition): boolean {
  return Object.isFrozen(partition) && Object.isFrozen(partition.secondaries);
}
