import type { MaybePromise } from '../model/maybe-promise.js';
import type { Profiler } from '../model/profiler.js';
import { createSymbolTable, type SymbolTable } from './symbol-table.js';

/** The result of {@link ProfilerLock.runExclusive} while another profile of the kind is being taken. */
export const BUSY: unique symbol = Symbol('busy');

/** The state that all handlers of one profiler share. */
export interface ProfilerLock {
  /** The addresses in the profiles so far. `/pprof/symbol` of every handler knows them. */
  readonly symbols: SymbolTable;
  /** Takes a profile. Resolves to {@link BUSY} at once when one of the kind is being taken. */
  runExclusive<T>(kind: string, take: () => MaybePromise<T>): Promise<T | typeof BUSY>;
}

const LOCKS = new WeakMap<Profiler, ProfilerLock>();

/** Returns the lock of a profiler, which is always the same object. */
export function lockFor(profiler: Profiler): ProfilerLock {
  let lock = LOCKS.get(profiler);
  if (lock === undefined) {
    lock = createLock();
    LOCKS.set(profiler, lock);
  }
  return lock;
}

function createLock(): ProfilerLock {
  const running = new Set<string>();
  return {
    symbols: createSymbolTable(),
    async runExclusive(kind, take) {
      if (running.has(kind)) return BUSY;
      running.add(kind);
      try {
        return await take();
      } finally {
        running.delete(kind);
      }
    },
  };
}
