import { setTimeout as sleep } from 'node:timers/promises';
import { PegasusError } from '../model/errors.js';

/** The first pause between two attempts. Each further one is twice as long. */
const FIRST_PAUSE_MS = 100;

/** Errors that another attempt, or another server, may not have. */
const TRANSIENT: ReadonlySet<string> = new Set([
  'ERR_NETWORK_FAILURE',
  'ERR_TIMEOUT',
  'ERR_INVALID_DATA',
  'ERR_FORWARD_TO_OTHERS',
  'ERR_SERVICE_NOT_ACTIVE',
  'ERR_BUSY',
  'ERR_UNKNOWN',
]);

/** Whether another attempt may succeed. */
export function isTransient(error: unknown): error is PegasusError {
  return error instanceof PegasusError && TRANSIENT.has(error.code);
}

/**
 * Runs a read until it succeeds, or fails for good. Between two attempts it waits for a random time, so that many clients do not come back together.
 *
 * @throws The error of the last attempt, or the first that is not transient.
 */
export async function withRetries<T>(
  retries: number,
  signal: AbortSignal,
  attempt: () => Promise<T>,
): Promise<T> {
  for (let retry = 0; ; retry += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (retry >= retries || signal.aborted || !isTransient(error)) throw error;
    }
    const pause = FIRST_PAUSE_MS * 2 ** retry;
    await sleep(pause / 2 + Math.random() * pause, undefined, { signal }).catch(() => {});
    if (signal.aborted) throw signal.reason;
  }
}
