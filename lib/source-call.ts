import type { SourceCall } from './contracts.js';
import { PegasusError } from './errors.js';
import { LONGEST_TIMEOUT } from './options.js';
import { isGone, type PegasusResponse } from './request.js';

/** What {@link RequestCall.wait} rejects with when nobody is left to answer. */
export const CLIENT_GONE: unique symbol = Symbol('client gone');

/**
 * The {@link SourceCall} of one request, as the handler holds it. Its clock starts with the first wait: most requests are answered at
 * once, and pay neither for a timer nor, when the source does not look at it, for a signal. A class, because there is one for every
 * request, and a getter in a closure's literal would cost more than all the rest of it.
 */
export class RequestCall implements SourceCall {
  readonly #res: PegasusResponse;
  #limitMs: number;
  #controller: AbortController | undefined;
  #stopped: { readonly reason: unknown; readonly signal: DOMException } | undefined;
  #rejectWait: ((reason: unknown) => void) | undefined;
  #end: (() => void) | undefined;

  constructor(res: PegasusResponse, timeoutMs: number) {
    this.#res = res;
    this.#limitMs = timeoutMs;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#stopped !== undefined) this.#controller.abort(this.#stopped.signal);
    }
    return this.#controller.signal;
  }

  /**
   * Waits for a source.
   *
   * @throws `ERR_TIMEOUT` when the request's time is over, {@link CLIENT_GONE} when the client is; the signal has fired then.
   */
  wait<T>(answer: PromiseLike<T>): Promise<T> {
    this.#end ??= this.#start();
    return new Promise<T>((resolve, reject) => {
      this.#rejectWait = reject;
      Promise.resolve(answer).then(resolve, reject);
      if (this.#stopped !== undefined) reject(this.#stopped.reason);
    });
  }

  /** Gives the request more time than `timeoutMs`. Before the first wait. */
  allow(moreMs: number): void {
    this.#limitMs = Math.min(this.#limitMs + moreMs, LONGEST_TIMEOUT);
  }

  /** Lets go of the timer and the listener. */
  end(): void {
    this.#end?.();
  }

  #start(): () => void {
    const timer = setTimeout(() => {
      const message = `no answer within ${this.#limitMs} ms`;
      this.#stop(new PegasusError('ERR_TIMEOUT', message), new DOMException(message, 'TimeoutError'));
    }, this.#limitMs);
    // Nothing is written while a source is waited for, so that a close can only mean one thing.
    const onClose = () => this.#stop(CLIENT_GONE, new DOMException('the client is gone', 'AbortError'));
    this.#res.on('close', onClose);
    if (isGone(this.#res)) onClose();
    return () => {
      clearTimeout(timer);
      this.#res.off('close', onClose);
    };
  }

  #stop(reason: unknown, signal: DOMException): void {
    this.#stopped = { reason, signal };
    this.#controller?.abort(signal);
    this.#rejectWait?.(reason);
  }
}
