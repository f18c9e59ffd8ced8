import { PegasusError } from '../model/errors.js';
import { onDisconnect } from './disconnect.js';
import type { AnyRequest, AnyResponse } from './exchange.js';

/** The rejection of {@link Deadline.race} when the client has disconnected. */
export const CLIENT_DISCONNECTED: unique symbol = Symbol('client disconnected');

/** Node's longest timer. `setTimeout` fires immediately beyond it. */
export const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/**
 * The deadline of one request. Rejects pending waits when `timeoutMs` elapses or the client disconnects. The timer starts on the
 * first wait, because most requests are answered synchronously. A class, because one is created for every request.
 */
export class Deadline {
  readonly #req: AnyRequest;
  readonly #res: AnyResponse;
  #timeoutMs: number;
  #aborted: { readonly error: unknown; readonly reason: DOMException } | undefined;
  #reject: ((reason: unknown) => void) | undefined;
  #stop: (() => void) | undefined;

  constructor(req: AnyRequest, res: AnyResponse, timeoutMs: number) {
    this.#req = req;
    this.#res = res;
    this.#timeoutMs = timeoutMs;
  }

  /** Why waiting has ended, as an `AbortSignal` reports it; `undefined` while waiting is allowed. */
  get abortReason(): DOMException | undefined {
    return this.#aborted?.reason;
  }

  /**
   * Waits for a promise until the deadline. One wait at a time.
   *
   * @throws `ERR_TIMEOUT` when the time elapses, {@link CLIENT_DISCONNECTED} when the client disconnects.
   */
  race<T>(pending: PromiseLike<T>): Promise<T> {
    this.#stop ??= this.#start();
    return new Promise<T>((resolve, reject) => {
      this.#reject = reject;
      Promise.resolve(pending).then(resolve, reject);
      if (this.#aborted !== undefined) reject(this.#aborted.error);
    });
  }

  /** Extends the time limit. Has no effect after the first wait. */
  extend(ms: number): void {
    this.#timeoutMs = Math.min(this.#timeoutMs + ms, MAX_TIMEOUT_MS);
  }

  /** Releases the timer and the listener. */
  [Symbol.dispose](): void {
    this.#stop?.();
  }

  #start(): () => void {
    const timer = setTimeout(() => {
      const message = `no answer within ${this.#timeoutMs} ms`;
      this.#abort(new PegasusError('ERR_TIMEOUT', message), new DOMException(message, 'TimeoutError'));
    }, this.#timeoutMs);
    // The handler writes nothing during a wait, so a closed connection means that the client has disconnected.
    const stopObserving = onDisconnect(this.#req, this.#res, () =>
      this.#abort(CLIENT_DISCONNECTED, new DOMException('the client has disconnected', 'AbortError')),
    );
    return () => {
      clearTimeout(timer);
      stopObserving();
    };
  }

  #abort(error: unknown, reason: DOMException): void {
    this.#aborted = { error, reason };
    this.#reject?.(error);
  }
}
