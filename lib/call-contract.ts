/** A value, or a promise of it. */
export type MaybePromise<T> = T | PromiseLike<T>;

/** What a source is told about the request that it is asked for. */
export interface SourceCall {
  /**
   * Fires when the answer is no longer wanted: the handler's `timeoutMs` is over (reason: a `TimeoutError`) or the
   * client is gone (reason: an `AbortError`). Hand it to `fetch`, a database driver, or whatever else can be stopped.
   */
  readonly signal: AbortSignal;
}
