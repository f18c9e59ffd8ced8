import type { Partition } from '../model/cluster.js';
import { describeValue } from '../validate/describe-value.js';

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

/** The health of so many partitions that nobody has judged: as far as is known, none has a replica. */
export function initialHealth(partitionCount: number): Health {
  return {
    fullyHealthy: 0,
    unhealthy: partitionCount,
    writeUnhealthy: partitionCount,
    readUnhealthy: partitionCount,
  };
}

/**
 * Judges one partition: *fully healthy* has a primary and all its replicas; *write unhealthy* has no primary, or is not fully
 * healthy and has fewer than two replicas; *read unhealthy* has no primary. A partition that is never judged, for it is missing from the
 * snapshot, stays unhealthy in every way.
 */
export function addPartition(health: Health, partition: Partition, maxReplicaCount: number): void {
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

/** Judges an app by its partitions: it is *fully healthy* when all of them are, and *unhealthy* in a way when one of them is. */
export function addApp(apps: Health, { unhealthy, writeUnhealthy, readUnhealthy }: Health): void {
  if (unhealthy === 0) apps.fullyHealthy += 1;
  if (unhealthy > 0) apps.unhealthy += 1;
  if (writeUnhealthy > 0) apps.writeUnhealthy += 1;
  if (readUnhealthy > 0) apps.readUnhealthy += 1;
}

/** Adds what was judged of some partitions to what is known of all. */
export function addHealth(health: Health, judged: Health): void {
  health.fullyHealthy += judged.fullyHealthy;
  health.unhealthy += judged.unhealthy;
  health.writeUnhealthy += judged.writeUnhealthy;
  health.readUnhealthy += judged.readUnhealthy;
}

/** `undefined` is refused: a source that forgot the field must not make a healthy table of it. */
function hasPrimary({ primary }: Partition): boolean {
  if (primary === null || typeof primary === 'string') return primary !== null;
  throw new TypeError(`primary must be an address or null, not ${describeValue(primary)}`);
}
