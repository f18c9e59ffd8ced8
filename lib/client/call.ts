import { PegasusError } from '../model/errors.js';
import { type CallOptions, resolveCall } from './options.js';

/**
 * Runs one call with its time limit.
 *
 * @param run - Gets the signal that ends the call: the caller's, the time limit's or the client's.
 */
export type CallRunner = <T>(
  options: CallOptions | undefined,
  run: (signal: AbortSignal) => Promise<T>,
) => Promise<T>;

/**
 * Makes a {@link CallRunner}.
 *
 * @param ended - Aborts when the client is closed.
 */
export function createCallRunner(timeoutMs: number, ended: AbortSignal): CallRunner {
  return async function call(options, run) {
    const { signal, timeoutMs: limit } = resolveCall(options, timeoutMs);
    const late = new AbortController();
    const timer = setTimeout(
      () => late.abort(new PegasusError('ERR_TIMEOUT', `no answer in ${limit} ms`)),
      limit,
    );
    const signals = [ended, late.signal, ...(signal === undefined ? [] : [signal])];
    try {
      const any = AbortSignal.any(signals);
      any.throwIfAborted();
      return await run(any);
    } finally {
      clearTimeout(timer);
    }
  };
}
