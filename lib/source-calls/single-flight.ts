import type { Patience } from '../http/deadline.js';
import type { SourceContext } from '../model/source-context.js';

/** What a call rejects with that has taken as long as a request may: whoever still has patience asks again. */
export const CALL_EXPIRED: unique symbol = Symbol('call expired');

/** The {@link SourceContext} that a source is given. Its signal is made when it is looked at; most sources never do. */
export class Call implements SourceContext {
  #controller: AbortController | undefined;
  #abort: { readonly reason: DOMException | undefined } | undefined;

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#abort !== undefined) this.#controller.abort(this.#abort.reason);
    }
    return this.#controller.signal;
  }

  /** Fires the signal. */
  abort(reason: DOMException | undefined): void {
    this.#abort = { reason };
    this.#controller?.abort(reason);
  }
}

/** A call that is not answered yet, for all the requests that wait on it. */
class CallUnderWay {
  readonly answer: Promise<unknown>;
  readonly #call: Call;
  readonly #startMs = performance.now();
  readonly #onOver: () => void;
  #waiting = 0;
  #isOver = false;
  #timer: NodeJS.Timeout | undefined;
  #reject: ((reason: unknown) => void) | undefined;

  constructor(call: Call, answer: PromiseLike<unknown>, onOver: () => void) {
    this.#call = call;
    this.#onOver = onOver;
    this.answer = new Promise((resolve, reject) => {
      this.#reject = reject;
      Promise.resolve(answer).then(resolve, reject);
    });
    const over = () => this.#over();
    this.answer.then(over, over);
  }

  /** The time of the first request is the call's as well; only where others join does it need a clock of its own. */
  enter(limitMs: number): void {
    this.#waiting += 1;
    if (this.#waiting < 2 || this.#timer !== undefined) return;
    const leftMs = Math.ceil(Math.max(limitMs - (performance.now() - this.#startMs), 1));
    this.#timer = setTimeout(() => {
      const reason = new DOMException(`no answer within ${limitMs} ms`, 'TimeoutError');
      this.#over();
      this.#call.abort(reason);
      this.#reject?.(CALL_EXPIRED);
    }, leftMs);
  }

  /** @param reason - What the signal says where nobody is left who waits. */
  leave(reason: DOMException | undefined): void {
    this.#waiting -= 1;
    if (this.#waiting > 0 || this.#isOver) return;
    this.#over();
    this.#call.abort(reason);
  }

  #over(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#onOver();
  }
}

/** The calls of one part of a source that are not answered yet, by what they ask, and the requests that wait on them. */
export class WaitingLine {
  readonly #mostWaiting: number;
  readonly #limitMs: number;
  readonly #calls = new Map<string, CallUnderWay>();
  #waiting = 0;

  /**
   * @param mostWaiting - Requests.
   * @param limitMs - How long a call may take, in milliseconds, where several requests wait on it.
   */
  constructor(mostWaiting: number, limitMs: number) {
    this.#mostWaiting = mostWaiting;
    this.#limitMs = limitMs;
  }

  /** Whether another request cannot be let in. */
  get isFull(): boolean {
    return this.#waiting >= this.#mostWaiting;
  }

  /** Whether there is no call that could be shared: then nobody has to know its key. */
  get hasNone(): boolean {
    return this.#calls.size === 0;
  }

  /** Whether a call can be joined. */
  has(key: string): boolean {
    return this.#calls.has(key);
  }

  /** Waits on the call that {@link WaitingLine.has}. */
  join(key: string, patience: Patience): Promise<unknown> {
    return this.#wait(this.#calls.get(key) as CallUnderWay, patience);
  }

  /**
   * Waits on a call that was just made.
   *
   * @param key - What it asks; `undefined` where nobody else may have its answer.
   */
  start(
    key: string | undefined,
    call: Call,
    answer: PromiseLike<unknown>,
    patience: Patience,
  ): Promise<unknown> {
    const underWay = new CallUnderWay(call, answer, () => {
      if (key !== undefined && this.#calls.get(key) === underWay) this.#calls.delete(key);
    });
    if (key !== undefined) this.#calls.set(key, underWay);
    return this.#wait(underWay, patience);
  }

  async #wait(underWay: CallUnderWay, patience: Patience): Promise<unknown> {
    this.#waiting += 1;
    underWay.enter(this.#limitMs);
    try {
      return await patience.wait(underWay.answer);
    } finally {
      this.#waiting -= 1;
      underWay.leave(patience.lostFor);
    }
  }
}
