/** What a source is told about the requests that it is asked for. */
export interface SourceContext {
  /**
   * Fires when the answer is no longer wanted: the handler's `timeoutMs` is over (reason: a `TimeoutError`) or the
   * client is gone (reason: an `AbortError`), and nobody else waits for it whose time is not over. Hand it to `fetch`, a database
   * driver, or whatever else can be stopped.
   */
  readonly signal: AbortSignal;
}
