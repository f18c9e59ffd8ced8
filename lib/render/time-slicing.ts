import { setImmediate } from 'node:timers/promises';
import type { MaybePromise } from '../model/maybe-promise.js';

/** The longest time, in milliseconds, that one slice may block the event loop. */
const SLICE_MS = 2;

/**
 * Runs a generator to its end. Short ones finish synchronously; long ones run in slices, with other work of the process between
 * them. Each `yield` is a place to pause.
 */
export function runInSlices<T>(steps: Generator<unknown, T, void>): MaybePromise<T> {
  const result = runSlice(steps);
  return result.done === true ? result.value : runRemainingSlices(steps);
}

async function runRemainingSlices<T>(steps: Generator<unknown, T, void>): Promise<T> {
  for (;;) {
    await setImmediate();
    const result = runSlice(steps);
    if (result.done === true) return result.value;
  }
}

function runSlice<T>(steps: Generator<unknown, T, void>): IteratorResult<unknown, T> {
  const endMs = performance.now() + SLICE_MS;
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
