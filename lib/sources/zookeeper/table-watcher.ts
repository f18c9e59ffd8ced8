import type { App, Partition } from '../../model/cluster.js';
import type { PegasusError } from '../../model/errors.js';
import type { Follower, StopFollowing } from './watch.js';
import { parseApp, parsePartition, type StoredApp } from './znode-codec.js';

/** One table as it lies in ZooKeeper, followed. */
export interface Table {
  /** What is known of it now; `undefined` while its own znode is missing or cannot be read. */
  snapshot(): App | undefined;
  /** What cannot be read of it, if anything. */
  problem(): PegasusError | undefined;
  stop(): void;
}

/**
 * Follows a table: its znode, and as many partitions as that says. The partitions are never listed, for other things live there too.
 *
 * @param known - What was known of it before: whatever is still the same stays the same object.
 * @param onProblem - Called when a znode of it turns out to be garbage, or is refused.
 */
export function followTable(
  follower: Follower,
  path: string,
  appId: number,
  known: App | undefined,
  onProblem: (error: PegasusError) => void,
): Table {
  const partitions: (Partition | undefined)[] = known === undefined ? [] : byPidx(known.partitions);
  const following: StopFollowing[] = [];
  /** By pidx; the table's own znode is -1. */
  const problems = new Map<number, PegasusError>();
  let stored: StoredApp | undefined;
  let current = known;
  let isChanged = true;

  function fail(pidx: number, error: PegasusError): void {
    problems.set(pidx, error);
    onProblem(error);
  }

  function followPartition(pidx: number): StopFollowing {
    const partitionPath = `${path}/${pidx}`;
    return follower.data(partitionPath, {
      read(data) {
        isChanged = true;
        problems.delete(pidx);
        const old = partitions[pidx];
        partitions[pidx] = undefined;
        if (data === undefined) return;
        try {
          const read = parsePartition(data, partitionPath, appId, pidx);
          partitions[pidx] = read !== undefined && isSamePartition(old, read) ? old : read;
        } catch (error) {
          fail(pidx, error as PegasusError);
        }
      },
      refused(error) {
        isChanged = true;
        partitions[pidx] = undefined;
        fail(pidx, error);
      },
    });
  }

  function fit(partitionCount: number): void {
    for (const stop of following.splice(partitionCount)) stop();
    for (const pidx of problems.keys()) if (pidx >= partitionCount) problems.delete(pidx);
    partitions.length = Math.min(partitions.length, partitionCount);
    while (following.length < partitionCount) following.push(followPartition(following.length));
  }

  const stopFollowing = follower.data(path, {
    read(data) {
      isChanged = true;
      problems.delete(-1);
      stored = undefined;
      // Without it: it has just been removed, and the list of tables is about to say so.
      if (data === undefined) return;
      try {
        stored = parseApp(data, path, appId);
        // Dropped tables stay for good, and no answer shows their partitions: following them would only cost.
        fit(stored.status === 'DROPPED' ? 0 : stored.partitionCount);
      } catch (error) {
        fail(-1, error as PegasusError);
      }
    },
    refused(error) {
      isChanged = true;
      stored = undefined;
      fail(-1, error);
    },
  });

  return {
    snapshot() {
      if (isChanged) current = stored && keptApp(current, stored, partitions);
      isChanged = false;
      return current;
    },
    problem: () => problems.values().next().value,
    stop() {
      stopFollowing();
      for (const stop of following) stop();
    },
  };
}

function byPidx(partitions: readonly Partition[]): (Partition | undefined)[] {
  const sparse: (Partition | undefined)[] = [];
  for (const partition of partitions) sparse[partition.pidx] = partition;
  return sparse;
}

/** The app as it was, unless something has changed; then whatever has not stays. */
function keptApp(old: App | undefined, stored: StoredApp, sparse: readonly (Partition | undefined)[]): App {
  const found = sparse.filter((partition) => partition !== undefined);
  const partitions = old !== undefined && isSameList(old.partitions, found) ? old.partitions : found;
  const envs = old !== undefined && isSameRecord(old.envs, stored.envs) ? old.envs : stored.envs;
  const app: App = { ...stored, envs, partitions: Object.freeze(partitions) };
  return old !== undefined && isSameRecord(old, app) ? old : Object.freeze(app);
}

function isSamePartition(a: Partition | undefined, b: Partition): boolean {
  return (
    a !== undefined &&
    a.ballot === b.ballot &&
    a.primary === b.primary &&
    a.maxReplicaCount === b.maxReplicaCount &&
    isSameList(a.secondaries, b.secondaries)
  );
}

/** Whether two lists hold the same values, or the same objects. */
export function isSameList<T>(a: readonly T[], b: readonly T[]): boolean {
  return a === b || (a.length === b.length && a.every((value, i) => value === b[i]));
}

/** Whether two objects have the same keys, and under each the same value or the same object. */
export function isSameRecord(a: object, b: object): boolean {
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every(
    (key) =>
      Object.hasOwn(b, key) && (a as Record<string, unknown>)[key] === (b as Record<string, unknown>)[key],
  );
}
