import { PegasusError } from '../../model/errors.js';
import { createOutageReport } from '../outage-report.js';
import type { Timestamp } from '../timestamp.js';
import { elapsedSince } from '../timestamp.js';
import { type CachedRead, createCachedRead, isOutage } from './cached-read.js';
import { createKeyedReads, type KeyedReads } from './keyed-reads.js';
import type { ResolvedRemoteOptions } from './resolve-options.js';

/** How long a client waits for the cluster while there is an older answer. */
const MAX_WAIT_MS = 1_000;

/** Makes the cached reads of one source, and knows how old their answers are. */
export interface Reads {
  /** Makes a read of one question. */
  one<T>(read: () => Promise<T>, reuse?: (old: T | undefined, fresh: T) => T): CachedRead<T>;
  /** Makes reads of one kind of questions, of which at most `max` stay. */
  keyed<T>(
    max: number,
    read: (key: string) => Promise<T>,
    reuse?: (old: T | undefined, fresh: T) => T,
  ): KeyedReads<T>;
  /** Gives a value that follows from an answer the age of that answer. */
  derive<T extends object>(value: T, answer: object): T;
  /** Returns unix seconds up to which an answer is known to be right; `undefined` while it is current. */
  staleSince(answer: unknown): number | undefined;
  isFailing(): boolean;
  failures(): number;
}

/** Makes {@link Reads}. */
export function createReads(options: ResolvedRemoteOptions): Reads {
  const { maxAgeMs, maxStaleMs } = options;
  const outage = createOutageReport(options);
  /** When each answer was last known to be right. */
  const confirmed = new WeakMap<object, Timestamp>();
  /** The answers that values follow from. */
  const origins = new WeakMap<object, object>();
  let failures = 0;
  let isFailing = false;

  function one<T>(
    read: () => Promise<T>,
    reuse: (old: T | undefined, fresh: T) => T = (_, fresh) => fresh,
  ): CachedRead<T> {
    return createCachedRead({
      maxAgeMs,
      maxStaleMs,
      maxWaitMs: MAX_WAIT_MS,
      read,
      reuse,
      onConfirmed(value, readAt) {
        if (typeof value === 'object' && value !== null) confirmed.set(value, readAt);
        isFailing = false;
        outage.end('the cluster has answered: its state is current again');
      },
      onFailure(error) {
        if (!isOutage(error)) return;
        failures += 1;
        isFailing = true;
        outage.begin(
          error instanceof PegasusError
            ? error
            : new PegasusError('ERR_UNKNOWN', String((error as Error)?.message ?? error), { cause: error }),
        );
      },
    });
  }

  return {
    one,
    keyed: (max, read, reuse) => createKeyedReads(max, (key) => one(() => read(key), reuse)),
    derive(value, answer) {
      origins.set(value, answer);
      return value;
    },
    staleSince(answer) {
      if (typeof answer !== 'object' || answer === null) return undefined;
      const at = confirmed.get(origins.get(answer) ?? answer);
      return at === undefined || elapsedSince(at) <= maxAgeMs ? undefined : at.wall / 1_000;
    },
    isFailing: () => isFailing,
    failures: () => failures,
  };
}
