import type { App, Partition } from '../model/cluster.js';
import { blockMaker, type Making } from '../render/body-cache.js';
import { assertArray, assertAscending } from '../render/format.js';
import { UNFROZEN } from '../render/time-slicing.js';
import { addHealth, addPartition, type Health, initialHealth } from './health.js';
import { addReplicaCounts, addReplicas, type ReplicaCounts } from './replica-counts.js';

/** What follows from an app's partitions. */
export interface AppStats {
  readonly app: App;
  readonly health: Health;
  /** By node. */
  readonly replicaCounts: ReadonlyMap<string, ReplicaCounts>;
}

/** What follows from a block of partitions. */
interface Part {
  readonly first: number;
  readonly last: number;
  readonly health: Health;
  readonly replicaCounts: ReadonlyMap<string, ReplicaCounts>;
}

const kept = new WeakMap<App, AppStats>();
const parts = blockMaker(partOf);

/**
 * Looks at the partitions of an app; its figures are kept as long as the app is, if it is frozen through and through. A part of
 * renderings: it yields where they may pause, and `UNFROZEN`.
 */
export function* appStats(app: App): Making<AppStats> {
  const known = kept.get(app);
  if (known !== undefined) return known;
  let isFrozen = Object.isFrozen(app) && Object.isFrozen(app.envs) && Object.isFrozen(app.partitions);
  if (!isFrozen) yield UNFROZEN;
  const health = initialHealth(app.partitionCount);
  const replicaCounts = new Map<string, ReplicaCounts>();
  let pidx = -1;
  for (const part of parts(assertArray(app.partitions, 'partitions'), app.maxReplicaCount)) {
    if (part === '' || part === UNFROZEN) {
      if (part === '' || isFrozen) yield part;
      if (part === UNFROZEN) isFrozen = false;
      continue;
    }
    assertAscending(pidx, part.first, 'pidx');
    pidx = part.last;
    addHealth(health, part.health);
    addReplicaCounts(replicaCounts, part.replicaCounts);
  }
  const figures: AppStats = { app, health, replicaCounts };
  if (isFrozen) kept.set(app, figures);
  return figures;
}

function* partOf(partitions: readonly Partition[], maxReplicaCount: number): Making<Part> {
  if (!partitions.every(isFrozenPartition)) yield UNFROZEN;
  const health = initialHealth(0);
  const replicaCounts = new Map<string, ReplicaCounts>();
  let last = -1;
  for (const partition of partitions) {
    last = assertAscending(last, partition.pidx, 'pidx');
    addPartition(health, partition, maxReplicaCount);
    addReplicas(replicaCounts, partition);
  }
  return { first: partitions[0]?.pidx ?? -1, last, health, replicaCounts };
}

/** Whether the app that figures are of can never change. */
export function areFrozenFigures(figures: AppStats): boolean {
  return kept.get(figures.app) === figures;
}

/** Whether a partition can never change. */
export function isFrozenPartition(partition: Partition): boolean {
  return Object.isFrozen(partition) && Object.isFrozen(partition.secondaries);
}
