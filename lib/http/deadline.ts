import { PegasusError } from '../model/errors.js';
import { isDisconnected, type PegasusResponse } from './node.js';

/** What {@link Patience.wait} rejects with when nobody is left to answer. */
export const CLIENT_GONE: unique symbol = Symbol('client gone');

/** `setTimeout` fires at once beyond this. */
export const LONGEST_TIMEOUT = 2 ** 31 - 1;

/**
 * How long one request can still wait: until its time is over or its client has left. Its clock starts with the first wait: most
 * requests are answered at once, and pay for no timer. A class, because there is one for every request.
 */
export class Patience {
  readonly #res: PegasusResponse;
  #limitMs: number;
  #lost: { readonly error: unknown; readonly reason: DOMException } | undefined;
  #rejectWait: ((reason: unknown) => void) | undefined;
  #end: (() => void) | undefined;

  constructor(res: PegasusResponse, limitMs: number) {
    this.#res = res;
    this.#limitMs = limitMs;
  }

  /** Why nothing is waited for any more, as an `AbortSignal` says it; `undefined` while there is patience. */
  get lostFor(): DOMException | undefined {
    return this.#lost?.reason;
  }

  /**
   * Waits for an answer. One at a time.
   *
   * @throws `ERR_TIMEOUT` when the time is over, {@link CLIENT_GONE} when the client is.
   */
  wait<T>(answer: PromiseLike<T>): Promise<T> {
    this.#end ??= this.#start();
    return new Promise<T>((resolve, reject) => {
      this.#rejectWait = reject;
      Promise.resolve(answer).then(resolve, reject);
      if (this.#lost !== undefined) reject(this.#lost.error);
    });
  }

  /** Gives it more time. Before the first wait. */
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
      this.#lose(new PegasusError('ERR_TIMEOUT', message), new DOMException(message, 'TimeoutError'));
    }, this.#limitMs);
    // Nothing is written while something is waited for, so that a close can only mean one thing.
    const onClose = () => this.#lose(CLIENT_GONE, new DOMException('the client is gone', 'AbortError'));
    this.#res.on('close', onClose);
    if (isDisconnected(this.#res)) onClose();
    return () => {
      clearTimeout(timer);
      this.#res.off('close', onClose);
    };
  }

  #lose(error: unknown, reason: DOMException): void {
    this.#lost = { error, reason };
    this.#rejectWait?.(error);
  }
}
