import type { MaybePromise } from '../model/maybe-promise.js';
import type { Profiler } from '../model/profiler.js';
import { createSymbolTable, type SymbolTable } from './symbol-table.js';

/** What {@link ProfilerLock.runExclusive} answers while another profile of the kind is being taken. */
export const BUSY: unique symbol = Symbol('busy');

/** Stands before a profiler, which may be behind several handlers of one process. */
export interface ProfilerLock {
  /** The addresses that were handed out; `/pprof/symbol` of any of the handlers knows them. */
  readonly symbols: SymbolTable;
  /** Takes a profile, or says at once that one of its kind is being taken. */
  runExclusive<T>(kind: string, take: () => MaybePromise<T>): Promise<T | typeof BUSY>;
}

const LOCKS = new WeakMap<Profiler, ProfilerLock>();

/** The one lock of a profiler. */
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
