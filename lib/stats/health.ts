import type { Partition } from '../model/cluster.js';
import { describeValue } from '../validate/describe-value.js';

/** How many partitions, or apps, are in each state of health. */
export interface Health {
  fullyHealthy: number;
  unhealthy: number;
  writeUnhealthy: number;
  readUnhealthy: number;
}

/** Counts the replicas of a partition, including the primary. */
export function replicaCount(partition: Partition): number {
  return (hasPrimary(partition) ? 1 : 0) + partition.secondaries.length;
}

/** Returns the health of partitions before any is added: none has a known replica. */
export function initialHealth(partitionCount: number): Health {
  return {
    fullyHealthy: 0,
    unhealthy: partitionCount,
    writeUnhealthy: partitionCount,
    readUnhealthy: partitionCount,
  };
}

/**
 * Adds one partition. It is *fully healthy* with a primary and all replicas, *write unhealthy* without a primary or with fewer than two
 * replicas and not all of them, and *read unhealthy* without a primary. A partition that is missing from the snapshot stays unhealthy
 * in every way.
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

/** Adds one app: it is *fully healthy* if all its partitions are, and *unhealthy* in a way if one of them is. */
export function addApp(apps: Health, { unhealthy, writeUnhealthy, readUnhealthy }: Readonly<Health>): void {
  if (unhealthy === 0) apps.fullyHealthy += 1;
  if (unhealthy > 0) apps.unhealthy += 1;
  if (writeUnhealthy > 0) apps.writeUnhealthy += 1;
  if (readUnhealthy > 0) apps.readUnhealthy += 1;
}

/** Adds the counts of `other` to `health`. */
export function addHealth(health: Health, other: Readonly<Health>): void {
  health.fullyHealthy += other.fullyHealthy;
  health.unhealthy += other.unhealthy;
  health.writeUnhealthy += other.writeUnhealthy;
  health.readUnhealthy += other.readUnhealthy;
}

/** Rejects `undefined`: a source that omits the field must not make a table look healthy. */
function hasPrimary({ primary }: Partition): boolean {
  if (primary === null || typeof primary === 'string') return primary !== null;
  throw new TypeError(`primary must be an address or null, not ${describeValue(primary)}`);
}
