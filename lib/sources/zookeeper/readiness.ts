import { PegasusError } from '../../model/errors.js';
import * as check from '../../validate/checks.js';
import { notActive } from './errors.js';

/** Lets callers wait until a source or an election is ready. */
export interface Readiness {
  /**
   * Waits until nothing prevents an answer.
   *
   * @throws PegasusError `ERR_TIMEOUT`, with the reason, when `timeoutMs` elapses; `ERR_SERVICE_NOT_ACTIVE` after `close()`.
   */
  ready(timeoutMs?: number): Promise<void>;
  /** Makes the callers check again. Call it when a reason may be gone, and after `close()`. */
  notify(): void;
}

/**
 * Makes a {@link Readiness}.
 *
 * @param notReadyReason - Returns what prevents an answer; `undefined` when nothing does.
 * @param isClosed - Returns whether waiting is in vain.
 */
export function createReadiness(
  notReadyReason: () => string | undefined,
  isClosed: () => boolean,
): Readiness {
  const waiters = new Set<() => void>();

  function notified(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const waiter = () => {
        clearTimeout(timer);
        waiters.delete(waiter);
        resolve();
      };
      const timer = setTimeout(waiter, withinMs);
      waiters.add(waiter);
    });
  }

  return {
    async ready(timeoutMs = 30_000) {
      check.integer(timeoutMs, 'ready: timeoutMs', 1, 2 ** 31 - 1);
      const end = performance.now() + timeoutMs;
      for (let reason = notReadyReason(); reason !== undefined; reason = notReadyReason()) {
        if (isClosed()) throw notActive(reason);
        const left = end - performance.now();
        if (left <= 0) throw new PegasusError('ERR_TIMEOUT', `not ready within ${timeoutMs} ms: ${reason}`);
        await notified(left);
      }
    },
    notify() {
      for (const waiter of waiters) waiter();
    },
  };
}
