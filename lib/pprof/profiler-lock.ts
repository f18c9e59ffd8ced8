import type { MaybePromise } from '../model/maybe-promise.js';
import type { Profiler } from '../model/profiler.js';
import { type AddressBook, addressBook } from './symbol-table.js';

/** What {@link ProfilerDesk.alone} answers while another profile of the kind is being taken. */
export const BUSY: unique symbol = Symbol('busy');

/** Stands before a profiler, which may be behind several handlers of one process. */
export interface ProfilerDesk {
  /** The addresses that were handed out; `/pprof/symbol` of any of the handlers knows them. */
  readonly book: AddressBook;
  /** Takes a profile, or says at once that one of its kind is being taken. */
  alone<T>(kind: string, take: () => MaybePromise<T>): Promise<T | typeof BUSY>;
}

const DESKS = new WeakMap<Profiler, ProfilerDesk>();

/** The one desk of a profiler. */
export function deskOf(profiler: Profiler): ProfilerDesk {
  let desk = DESKS.get(profiler);
  if (desk === undefined) {
    desk = newDesk();
    DESKS.set(profiler, desk);
  }
  return desk;
}

function newDesk(): ProfilerDesk {
  const underWay = new Set<string>();
  return {
    book: addressBook(),
    async alone(kind, take) {
      if (underWay.has(kind)) return BUSY;
      underWay.add(kind);
      try {
        return await take();
      } finally {
        underWay.delete(kind);
      }
    },
  };
}
