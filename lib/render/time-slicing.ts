import { setImmediate } from 'node:timers/promises';
import type { MaybePromise } from '../model/maybe-promise.js';

/** The longest time, in milliseconds, that one slice may block the event loop. */
const SLICE_MS = 2;

/** The longest slice of work that must also go on in a busy process. */
export const BUSY_SLICE_MS = 20;

/**
 * Runs a generator to its end. Short ones finish synchronously; long ones run in slices, with other work of the process between
 * them. Each `yield` is a place to pause.
 *
 * @param maxSliceMs - A slice may be as long as the pause before it, up to this: half of the time of a busy process.
 * @defaultValue `maxSliceMs`: 2, whatever the pause takes
 */
export function runInSlices<T>(steps: Generator<unknown, T, void>, maxSliceMs = SLICE_MS): MaybePromise<T> {
  const result = runSlice(steps, SLICE_MS);
  return result.done === true ? result.value : runRemainingSlices(steps, maxSliceMs);
}

async function runRemainingSlices<T>(steps: Generator<unknown, T, void>, maxSliceMs: number): Promise<T> {
  for (;;) {
    const pausedMs = performance.now();
    await setImmediate();
    const pauseMs = performance.now() - pausedMs;
    const result = runSlice(steps, Math.min(maxSliceMs, Math.max(SLICE_MS, pauseMs)));
    if (result.done === true) return result.value;
  }
}

function runSlice<T>(steps: Generator<unknown, T, void>, sliceMs: number): IteratorResult<unknown, T> {
  const endMs = performance.now() + sliceMs;
  let result = steps.next();
  while (result.done !== true && performance.now() < endMs) result = steps.next();
  return result;
}

/** Runs a generator to its end without a pause. */
export function runWithoutPause<T>(steps: Generator<unknown, T, void>): T {
  let result = steps.next();
  while (result.done !== true) result = steps.next();
  return result.value;
}
