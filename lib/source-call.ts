import type { SourceCall } from './contracts.js';
import { PegasusError } from './errors.js';
import { LONGEST_TIMEOUT } from './options.js';
import { isGone, type PegasusResponse } from './request.js';

/** What {@link RequestCall.wait} rejects with when nobody is left to answer. */
export const CLIENT_GONE: unique symbol = Symbol('client gone');

/** The {@link SourceCall} of one request, as the handler holds it. */
export interface RequestCall extends SourceCall {
  /**
   * Waits for a source.
   *
   * @throws `ERR_TIMEOUT` when the request's time is over, {@link CLIENT_GONE} when the client is; the signal has fired then.
   */
  wait<T>(answer: PromiseLike<T>): Promise<T>;
  /** Gives the request more time than `timeoutMs`. Before the first wait. */
  allow(moreMs: number): void;
  /** Lets go of the timer and the listener. */
  end(): void;
}

/**
 * Starts the clock of one request at its first wait. Most requests are answered at once: they pay neither for a timer nor,
 * when the source does not look at it, for a signal.
 */
export function requestCall(res: PegasusResponse, timeoutMs: number): RequestCall {
  let controller: AbortController | undefined;
  let stopped: { readonly reason: unknown; readonly signal: DOMException } | undefined;
  let timer: NodeJS.Timeout | undefined;
  let limitMs = timeoutMs;
  let rejectWait: ((reason: unknown) => void) | undefined;

  function stop(reason: unknown, name: 'TimeoutError' | 'AbortError', message: string): void {
    stopped = { reason, signal: new DOMException(message, name) };
    controller?.abort(stopped.signal);
    rejectWait?.(reason);
  }

  function onTimeout(): void {
    const message = `no answer within ${limitMs} ms`;
    stop(new PegasusError('ERR_TIMEOUT', message), 'TimeoutError', message);
  }

  function onClose(): void {
    // Nothing is written while a source is waited for, so that a close can only mean one thing.
    stop(CLIENT_GONE, 'AbortError', 'the client is gone');
  }

  function start(): void {
    timer = setTimeout(onTimeout, limitMs);
    res.on('close', onClose);
    if (isGone(res)) onClose();
  }

  return {
    get signal() {
      if (controller === undefined) {
        controller = new AbortController();
        if (stopped !== undefined) controller.abort(stopped.signal);
      }
      return controller.signal;
    },
    wait<T>(answer: PromiseLike<T>): Promise<T> {
      if (timer === undefined) start();
      return new Promise<T>((resolve, reject) => {
        rejectWait = reject;
        Promise.resolve(answer).then(resolve, reject);
        if (stopped !== undefined) reject(stopped.reason);
      });
    },
    allow(moreMs) {
      limitMs = Math.min(limitMs + moreMs, LONGEST_TIMEOUT);
    },
    end() {
      clearTimeout(timer);
      res.off('close', onClose);
    },
  };
}
