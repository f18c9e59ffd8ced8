import type { App, Partition } from '../model/cluster.js';
import { memoizeBlocks } from '../render/block-cache.js';
import { assertArray, assertAscending } from '../render/format.js';
import { runWithoutPause } from '../render/time-slicing.js';
import { addHealth, addPartition, type Health, initialHealth } from './health.js';
import {
  addReplicaCounts,
  addReplicas,
  type ReplicaCounts,
  type ReplicaCountsByNode,
} from './replica-counts.js';

/** Statistics of an app, derived from its partitions where the source does not give them. */
export interface AppStats {
  readonly app: App;
  readonly health: Readonly<Health>;
  readonly replicaCounts: ReplicaCountsByNode;
  /** Whether the app and its partitions are deeply frozen, so that the statistics stay valid. */
  readonly isFrozen: boolean;
}

/** Statistics of a block of partitions. */
interface BlockStats {
  readonly firstPidx: number;
  readonly lastPidx: number;
  readonly health: Health;
  readonly replicaCounts: ReplicaCountsByNode;
  readonly isFrozen: boolean;
}

const cache = new WeakMap<App, AppStats>();
const partitionBlocks = memoizeBlocks(blockStats, isFrozenPartition);

/** Computes the statistics of an app in one go. Cached as long as a frozen app lives. */
export function appStats(app: App): AppStats {
  return cache.get(app) ?? runWithoutPause(appStatsInSteps(app));
}

/**
 * Computes the statistics of an app and yields where the caller may pause. If the result is not frozen, the app may have changed
 * during a pause, and the result must not be used.
 */
export function* appStatsInSteps(app: App): Generator<void, AppStats, void> {
  const cached = cache.get(app);
  if (cached !== undefined) return cached;
  let isFrozen = [app, app.envs, app.partitions, app.health].every(Object.isFrozen);
  const health = initialHealth(app.partitionCount);
  const replicaCounts = new Map<string, ReplicaCounts>();
  let pidx = -1;
  for (const block of partitionBlocks(assertArray(app.partitions, 'partitions'), app.maxReplicaCount)) {
    assertAscending(pidx, block.firstPidx, 'pidx');
    pidx = block.lastPidx;
    addHealth(health, block.health);
    addReplicaCounts(replicaCounts, block.replicaCounts);
    isFrozen &&= block.isFrozen;
    yield;
  }
  const stats: AppStats = { app, health: app.health ?? health, replicaCounts, isFrozen };
  if (isFrozen) cache.set(app, stats);
  return stats;
}

function blockStats(partitions: readonly Partition[], maxReplicaCount: number): BlockStats {
  const health = initialHealth(0);
  const replicaCounts = new Map<string, ReplicaCounts>();
  let lastPidx = -1;
  for (const partition of partitions) {
    lastPidx = assertAscending(lastPidx, partition.pidx, 'pidx');
    addPartition(health, partition, partition.maxReplicaCount ?? maxReplicaCount);
    addReplicas(replicaCounts, partition);
  }
  const isFrozen = partitions.every(isFrozenPartition);
  return { firstPidx: partitions[0]?.pidx ?? -1, lastPidx, health, replicaCounts, isFrozen };
}

/** Whether the statistics of an app are cached, which only those of deeply frozen apps are. */
export function hasFrozenStats(app: App): boolean {
  return cache.has(app);
}

/** Whether an app is deeply frozen. O(1) if its statistics are cached. Never throws, although the app may be malformed. */
export function isDeepFrozenApp(app: App): boolean {
  if (cache.has(app)) return true;
  try {
    const { envs, partitions, health } = app;
    return [app, envs, partitions, health].every(Object.isFrozen) && partitions.every(isFrozenPartition);
  } catch {
    return false;
  }
}

/** Like {@link isDeepFrozenApp}, but yields where the caller may pause, and caches the statistics on the way. */
export function* isDeepFrozenAppInSteps(app: App): Generator<void, boolean, void> {
  if (cache.has(app)) return true;
  try {
    return (yield* appStatsInSteps(app)).isFrozen;
  } catch {
    return isDeepFrozenApp(app);
  }
}

/** Whether a partition is deeply frozen. */
export function isFrozenPartition(partition: Partition): boolean {
  return Object.isFrozen(partition) && Object.isFrozen(partition.secondaries);
}
