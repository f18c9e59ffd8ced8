import type { Deadline } from '../http/deadline.js';
import type { LazySourceContext } from './source-context.js';

/** A pending call and the number of requests that wait for it. */
class InFlightCall {
  readonly result: Promise<unknown>;
  readonly startMs = performance.now();
  readonly #context: LazySourceContext;
  readonly #onSettled: () => void;
  #waiters = 0;
  #isSettled = false;

  constructor(context: LazySourceContext, result: PromiseLike<unknown>, onSettled: () => void) {
    this.#context = context;
    this.#onSettled = onSettled;
    this.result = Promise.resolve(result);
    const settle = () => this.#settle();
    this.result.then(settle, settle);
  }

  addWaiter(): void {
    this.#waiters += 1;
  }

  /** @param reason - What the signal of the call reports if the last waiter leaves before the result arrives. */
  removeWaiter(reason: DOMException | undefined): void {
    this.#waiters -= 1;
    if (this.#waiters > 0 || this.#isSettled) return;
    this.#settle();
    this.#context.abort(reason);
  }

  #settle(): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    this.#onSettled();
  }
}

/**
 * In-flight calls to one part of the source, by deduplication key. Concurrent requests with the same key share one call, and each
 * waits until its own deadline.
 *
 * A request joins a call only while the call is younger than `maxAgeMs`, else it starts another. With half of the handler's `timeoutMs`
 * a call lives at most 1.5 times as long, and there are at most two calls per key and period.
 */
export class SingleFlight {
  readonly #maxPending: number;
  readonly #maxAgeMs: number;
  readonly #calls = new Map<string, InFlightCall>();
  #pending = 0;

  constructor({ maxPending, maxAgeMs }: { readonly maxPending: number; readonly maxAgeMs: number }) {
    this.#maxPending = maxPending;
    this.#maxAgeMs = maxAgeMs;
  }

  /** Whether no further request may wait. */
  get isFull(): boolean {
    return this.#pending >= this.#maxPending;
  }

  /** Whether no call is in flight, so that no request can join one. */
  get isIdle(): boolean {
    return this.#calls.size === 0;
  }

  /** Whether a request with this key would join a call. */
  has(key: string): boolean {
    return this.#find(key) !== undefined;
  }

  /** Waits for the call with the same key; `undefined` if there is none that is young enough. */
  join<T>(key: string, deadline: Deadline): Promise<T> | undefined {
    const call = this.#find(key);
    return call && (this.#wait(call, deadline) as Promise<T>);
  }

  /**
   * Adds a call and waits for it.
   *
   * @param key - `undefined` if no other request may have the result.
   * @param context - The context of the call, which is aborted when no request waits any more.
   */
  add<T>(
    key: string | undefined,
    context: LazySourceContext,
    result: PromiseLike<T>,
    deadline: Deadline,
  ): Promise<T> {
    const call: InFlightCall = new InFlightCall(context, result, () => {
      if (key !== undefined && this.#calls.get(key) === call) this.#calls.delete(key);
    });
    if (key !== undefined) this.#calls.set(key, call);
    return this.#wait(call, deadline) as Promise<T>;
  }

  #find(key: string): InFlightCall | undefined {
    const call = this.#calls.get(key);
    return call !== undefined && performance.now() - call.startMs < this.#maxAgeMs ? call : undefined;
  }

  async #wait(call: InFlightCall, deadline: Deadline): Promise<unknown> {
    this.#pending += 1;
    call.addWaiter();
    try {
      return await deadline.race(call.result);
    } finally {
      this.#pending -= 1;
      call.removeWaiter(deadline.abortReason);
    }
  }
}
