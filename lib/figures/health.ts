import type { App, Partition } from '../contracts.js';
import { show } from '../text/format.js';

/** How many of an app's partitions are in which state of health. */
export interface Health {
  readonly fullyHealthy: number;
  readonly unhealthy: number;
  readonly writeUnhealthy: number;
  readonly readUnhealthy: number;
}

/** The replicas that a partition has, its primary among them. */
export function replicaCount(partition: Partition): number {
  return (hasPrimary(partition) ? 1 : 0) + partition.secondaries.length;
}

/**
 * Judges every partition: *fully healthy* has a primary and all its replicas; *write unhealthy* has no primary, or is
 * not fully healthy and has fewer than two replicas; *read unhealthy* has no primary. A partition that is missing from
 * the snapshot has no replica that anyone knows of.
 */
export function healthOf(app: App): Health {
  let fullyHealthy = 0;
  let writable = 0;
  let readable = 0;
  for (const partition of app.partitions) {
    if (!hasPrimary(partition)) continue;
    const replicas = replicaCount(partition);
    const full = replicas >= app.maxReplicaCount;
    readable += 1;
    if (full || replicas >= 2) writable += 1;
    if (full) fullyHealthy += 1;
  }
  return {
    fullyHealthy,
    unhealthy: app.partitionCount - fullyHealthy,
    writeUnhealthy: app.partitionCount - writable,
    readUnhealthy: app.partitionCount - readable,
  };
}

/** `undefined` is refused: a source that forgot the field must not make a healthy table of it. */
function hasPrimary({ primary }: Partition): boolean {
  if (primary === null || typeof primary === 'string') return primary !== null;
  throw new TypeError(`primary must be an address or null, not ${show(primary)}`);
}
