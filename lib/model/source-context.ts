/** The context of one call of a source. */
export interface SourceContext {
  /**
   * Aborts when no request waits for the result any more: each has reached the handler's `timeoutMs` (reason: a `TimeoutError`) or its
   * client has disconnected (reason: an `AbortError`). Pass it to `fetch`, a database driver, or other abortable work.
   */
  readonly signal: AbortSignal;
}
