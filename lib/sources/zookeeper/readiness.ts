import { PegasusError } from '../../model/errors.js';
import * as check from '../../validate/checks.js';

/** Lets callers wait until nothing is in the way. */
export interface Readiness {
  /**
   * @throws `ERR_TIMEOUT` that says what is in the way when the time is over, `ERR_SERVICE_NOT_ACTIVE` when it was closed.
   */
  ready(timeoutMs?: number): Promise<void>;
  /** To be called when something may have gone out of the way, or when it was closed. */
  wake(): void;
}

/** @param obstacle - What is in the way, `undefined` when nothing is. */
export function readiness(obstacle: () => string | undefined, isClosed: () => boolean): Readiness {
  const waiters = new Set<() => void>();

  function woken(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        waiters.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, withinMs);
      waiters.add(wake);
    });
  }

  return {
    async ready(timeoutMs = 30_000) {
      check.integer(timeoutMs, 'timeoutMs', 1, 2 ** 31 - 1);
      const end = performance.now() + timeoutMs;
      for (let found = obstacle(); found !== undefined; found = obstacle()) {
        if (isClosed()) throw notActive(found);
        const left = end - performance.now();
        if (left <= 0) throw new PegasusError('ERR_TIMEOUT', `not ready within ${timeoutMs} ms: ${found}`);
        await woken(left);
      }
    },
    wake() {
      for (const wake of waiters) wake();
    },
  };
}

export function notActive(message: string): PegasusError {
  return new PegasusError('ERR_SERVICE_NOT_ACTIVE', message);
}
