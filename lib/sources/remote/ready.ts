import { setTimeout as sleep } from 'node:timers/promises';
import { PegasusError } from '../../model/errors.js';
import type { MaybePromise } from '../../model/maybe-promise.js';
import * as check from '../../validate/checks.js';
import { checkArguments } from '../../validate/options.js';

/** How long to wait between two attempts. */
const PAUSE_MS = 200;

/** Waits until a read succeeds; see `ready` of `RemoteCluster`. */
export async function waitUntilReady(
  read: () => MaybePromise<unknown>,
  closed: AbortSignal,
  timeoutMs?: number,
): Promise<void> {
  if (timeoutMs !== undefined)
    checkArguments('RemoteCluster.ready', () => check.integer(timeoutMs, 'timeoutMs', 0, 2 ** 31 - 1));
  const late = new AbortController();
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => late.abort(), timeoutMs);
  const ended = AbortSignal.any([closed, late.signal]);
  let reason = 'the cluster has not answered yet';
  const aborted = new Promise<'ended'>((resolve) => {
    ended.addEventListener('abort', () => resolve('ended'), { once: true });
  });
  try {
    while (!ended.aborted) {
      try {
        const first = await Promise.race([(async () => read())().then(() => 'ready' as const), aborted]);
        if (first === 'ready') return;
      } catch (error) {
        reason = (error as Error).message;
        await sleep(PAUSE_MS, undefined, { signal: ended }).catch(() => {});
      }
    }
    if (closed.aborted) throw new PegasusError('ERR_SERVICE_NOT_ACTIVE', 'the source is closed');
    throw new PegasusError('ERR_TIMEOUT', `not ready in ${timeoutMs} ms: ${reason}`);
  } finally {
    clearTimeout(timer);
  }
}
