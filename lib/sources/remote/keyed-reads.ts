import type { CachedRead } from './cached-read.js';

/** Cached reads by key, of which the ones that were used last stay. */
export interface KeyedReads<T> {
  /** Returns the read of a key, and makes one if there is none. */
  of(key: string): CachedRead<T>;
  /** Returns the read of a key; `undefined` for none. */
  find(key: string): CachedRead<T> | undefined;
}

/** Makes {@link KeyedReads} of at most `max` keys. */
export function createKeyedReads<T>(max: number, create: (key: string) => CachedRead<T>): KeyedReads<T> {
  /** The key that was used last is the last one. */
  const reads = new Map<string, CachedRead<T>>();

  function find(key: string): CachedRead<T> | undefined {
    const found = reads.get(key);
    if (found === undefined) return undefined;
    reads.delete(key);
    reads.set(key, found);
    return found;
  }

  return {
    find,
    of(key) {
      const found = find(key);
      if (found !== undefined) return found;
      const [oldest] = reads.keys();
      if (reads.size >= max && oldest !== undefined) reads.delete(oldest);
      const created = create(key);
      reads.set(key, created);
      return created;
    },
  };
}
