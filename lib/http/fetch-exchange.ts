import { EventEmitter } from 'node:events';

/**
 * The state of a response of the Fetch API, with the events and fields of Node's responses that the library reads. It is `destroyed` when the
 * signal of the request has aborted, or the host has cancelled the body.
 */
export class FetchExchange extends EventEmitter {
  readonly socket: undefined = undefined;
  statusCode: number | undefined = undefined;
  writableEnded = false;
  /** Whether the host has taken the whole response. */
  writableFinished = false;
  readonly #request: Request;
  #isClosed = false;
  #signal: AbortSignal | undefined;
  readonly #onAbort = () => this.close();

  constructor(request: Request) {
    super();
    this.#request = request;
  }

  /** Whether the client has disconnected, or the response is complete. */
  get destroyed(): boolean {
    return this.#isClosed || (this.#request.signal?.aborted ?? false);
  }

  /** Observes the signal from the first listener on: some hosts create a signal only when it is read. */
  override on(event: string, listener: () => void): this {
    if (this.#signal === undefined && !this.#isClosed) {
      this.#signal = this.#request.signal;
      this.#signal?.addEventListener('abort', this.#onAbort, { once: true });
    }
    return super.on(event, listener);
  }

  override once(event: string, listener: () => void): this {
    // The signal has to be observed, which only `on` does.
    const wrapped = () => {
      this.off(event, wrapped);
      listener();
    };
    return this.on(event, wrapped);
  }

  /** Ends a response that the host has taken as a whole. */
  finish(): void {
    if (this.#isClosed) return;
    this.writableEnded = true;
    this.writableFinished = true;
    this.emit('finish');
    this.close();
  }

  /** Ends the exchange, complete or not. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.emit('close');
  }
}
