/**
 * Structural sharing: a new snapshot reuses every object of the previous one that is still equal.
 *
 * @module
 */
import type { App, Partition } from './cluster.js';

/** Returns the old table if it is equal, else a new one with the parts that are equal. */
export function reuseApp(
  old: App | undefined,
  stored: Omit<App, 'partitions'>,
  found: readonly Partition[],
): App {
  const partitions = reuseList(old?.partitions, found);
  const envs = old !== undefined && shallowEqual(old.envs, stored.envs) ? old.envs : stored.envs;
  return reuseObject(old, { ...stored, envs, partitions });
}

/** Whether two partitions are equal. */
export function isSamePartition(a: Partition | undefined, b: Partition): a is Partition {
  return (
    a !== undefined &&
    a.pidx === b.pidx &&
    a.ballot === b.ballot &&
    a.primary === b.primary &&
    a.maxReplicaCount === b.maxReplicaCount &&
    shallowEqualList(a.secondaries, b.secondaries)
  );
}

/** Returns the old list if it holds the same items, else a frozen copy of the new one. */
export function reuseList<T>(old: readonly T[] | undefined, fresh: readonly T[]): readonly T[] {
  return old !== undefined && shallowEqualList(old, fresh) ? old : Object.freeze([...fresh]);
}

/** Returns the old object if it holds the same values, else the new one, frozen. */
export function reuseObject<T extends object>(old: T | undefined, fresh: T): T {
  return old !== undefined && shallowEqual(old, fresh) ? old : Object.freeze(fresh);
}

/** Returns the old map if it holds the same entries, else the new one. */
export function reuseMap<K, V>(
  old: ReadonlyMap<K, V> | undefined,
  fresh: ReadonlyMap<K, V>,
): ReadonlyMap<K, V> {
  const isSame = old?.size === fresh.size && [...fresh].every(([key, value]) => old.get(key) === value);
  return isSame ? old : fresh;
}

function shallowEqualList<T>(a: readonly T[], b: readonly T[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return false;
  return true;
}

/** Whether two objects hold the same values. */
export function shallowEqual(a: object, b: object): boolean {
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every(
    (key) =>
      Object.hasOwn(b, key) && (a as Record<string, unknown>)[key] === (b as Record<string, unknown>)[key],
  );
}
