import type { App, Partition } from '../contracts.js';
import { show } from '../text/format.js';

/** How many of an app's partitions are in which state of health. */
export interface Health {
  fullyHealthy: number;
  unhealthy: number;
  writeUnhealthy: number;
  readUnhealthy: number;
}

/** The replicas that a partition has, its primary among them. */
export function replicaCount(partition: Partition): number {
  return (hasPrimary(partition) ? 1 : 0) + partition.secondaries.length;
}

/**
 * The health of an app before any of its partitions is looked at: a partition that is missing from the snapshot has no replica that
 * anyone knows of.
 */
export function healthOfNone({ partitionCount }: App): Health {
  return {
    fullyHealthy: 0,
    unhealthy: partitionCount,
    writeUnhealthy: partitionCount,
    readUnhealthy: partitionCount,
  };
}

/**
 * Judges one partition: *fully healthy* has a primary and all its replicas; *write unhealthy* has no primary, or is not fully
 * healthy and has fewer than two replicas; *read unhealthy* has no primary.
 */
export function addHealth(health: Health, partition: Partition, maxReplicaCount: number): void {
  if (!hasPrimary(partition)) return;
  const replicas = replicaCount(partition);
  const isFull = replicas >= maxReplicaCount;
  health.readUnhealthy -= 1;
  if (isFull || replicas >= 2) health.writeUnhealthy -= 1;
  if (isFull) {
    health.fullyHealthy += 1;
    health.unhealthy -= 1;
  }
}

/** `undefined` is refused: a source that forgot the field must not make a healthy table of it. */
function hasPrimary({ primary }: Partition): boolean {
  if (primary === null || typeof primary === 'string') return primary !== null;
  throw new TypeError(`primary must be an address or null, not ${show(primary)}`);
}
