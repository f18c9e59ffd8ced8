import { PegasusError, type PegasusErrorCode } from '../../model/errors.js';
import type { MaybePromise } from '../../model/maybe-promise.js';
import { elapsedSince, now, type Timestamp } from '../timestamp.js';

/** One question to the cluster, whose answer is kept for a while. */
export interface CachedRead<T> {
  /** Returns the answer: at once while it is current, else when the read that all callers share is done. */
  get(): MaybePromise<T>;
  /** Returns the answer that is kept, however old; `undefined` for none. */
  kept(): { readonly value: T; readonly readAt: Timestamp } | undefined;
}

/** What a {@link CachedRead} needs. */
export interface CachedReadOptions<T> {
  readonly maxAgeMs: number;
  readonly maxStaleMs: number;
  /** How long a caller waits for a read while there is an old answer. */
  readonly maxWaitMs: number;
  /** Asks the cluster. */
  read(): Promise<T>;
  /** Combines an answer with the one before, so that equal parts stay the same objects. */
  reuse(old: T | undefined, fresh: T): T;
  /** Called with the time at which an answer was known to be right. */
  onConfirmed(value: T, readAt: Timestamp): void;
  onFailure(error: unknown): void;
}

/**
 * Makes a {@link CachedRead}.
 *
 * The age of an answer counts from the moment before its request was sent. While reads fail, the last answer is returned, and one read
 * at a time tries again, at most once in `maxAgeMs`.
 */
export function createCachedRead<T>(options: CachedReadOptions<T>): CachedRead<T> {
  const { maxAgeMs, maxStaleMs, maxWaitMs } = options;
  let kept: { readonly value: T; readonly readAt: Timestamp } | undefined;
  let pending: Promise<T> | undefined;
  let failed: { readonly error: unknown; readonly at: Timestamp } | undefined;

  function start(): Promise<T> {
    const readAt = now();
    const started = options.read().then(
      (fresh) => {
        const value = options.reuse(kept?.value, fresh);
        kept = { value, readAt };
        failed = undefined;
        options.onConfirmed(value, readAt);
        return value;
      },
      (error) => {
        // The cluster has answered, and what it said before does not hold any more.
        if (!isOutage(error)) kept = undefined;
        failed = { error, at: now() };
        options.onFailure(error);
        throw error;
      },
    );
    const done = () => {
      pending = undefined;
    };
    started.then(done, done);
    return started;
  }

  /** Returns the answer that is kept if it may be served; throws the reason otherwise. */
  function stale(error: unknown): T {
    if (kept !== undefined && elapsedSince(kept.readAt) <= maxStaleMs) return kept.value;
    throw kept === undefined ? unavailable(error) : tooOld(maxStaleMs, error);
  }

  async function waitFor(read: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(resolve, maxWaitMs, 'late');
    });
    try {
      const first = await Promise.race([read.then((value) => ({ value })), late]);
      if (first !== 'late') return first.value;
    } catch (error) {
      return stale(error);
    } finally {
      clearTimeout(timer);
    }
    return kept !== undefined && elapsedSince(kept.readAt) <= maxStaleMs ? kept.value : read.catch(stale);
  }

  return {
    get() {
      if (kept !== undefined && elapsedSince(kept.readAt) <= maxAgeMs) return kept.value;
      // After a failure, callers do not wait for the next attempt as long as there is an answer.
      const isPaused = failed !== undefined && elapsedSince(failed.at) < maxAgeMs;
      if (isPaused && pending === undefined) return stale(failed?.error);
      pending ??= start();
      if (failed !== undefined && kept !== undefined && elapsedSince(kept.readAt) <= maxStaleMs)
        return kept.value;
      return waitFor(pending);
    },
    kept: () => kept,
  };
}

/** The codes of errors by which the cluster answers a question. All others mean that it did not answer. */
const ANSWERS: ReadonlySet<string> = new Set<PegasusErrorCode>([
  'ERR_INVALID_PARAMETERS',
  'ERR_UNAUTHENTICATED',
  'ERR_ACL_DENY',
  'ERR_HANDLER_NOT_FOUND',
  'ERR_OBJECT_NOT_FOUND',
  'ERR_BUSY_CREATING',
  'ERR_BUSY_DROPPING',
]);

/** Whether a read failed because the cluster did not answer. */
export function isOutage(error: unknown): boolean {
  return !(error instanceof PegasusError && ANSWERS.has(error.code));
}

/** Before the first answer, a cluster that cannot be reached is unavailable as it is after `maxStaleMs`: its clients try again. */
function unavailable(error: unknown): unknown {
  if (!(error instanceof PegasusError) || error.code !== 'ERR_NETWORK_FAILURE') return error;
  return new PegasusError('ERR_SERVICE_NOT_ACTIVE', `the cluster does not answer: ${error.message}`, {
    cause: error,
  });
}

function tooOld(maxStaleMs: number, cause: unknown): PegasusError {
  const because = cause instanceof Error ? `: ${cause.message}` : '';
  return new PegasusError(
    'ERR_SERVICE_NOT_ACTIVE',
    `the last known state is older than maxStaleMs (${maxStaleMs}) allows${because}`,
    { cause },
  );
}
