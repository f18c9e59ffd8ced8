import type { SourceContext } from '../model/source-context.js';

/** The {@link SourceContext} of one call. It creates its signal on first access, because most sources never read it. */
export class LazySourceContext implements SourceContext {
  #controller: AbortController | undefined;
  #aborted: { readonly reason: DOMException | undefined } | undefined;

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#aborted !== undefined) this.#controller.abort(this.#aborted.reason);
    }
    return this.#controller.signal;
  }

  /** Aborts the signal. */
  abort(reason: DOMException | undefined): void {
    this.#aborted = { reason };
    this.#controller?.abort(reason);
  }
}
