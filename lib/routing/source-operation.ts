import type { MaybePromise } from '../model/maybe-promise.js';
import type { ClusterSource } from '../model/source.js';
import type { SourceContext } from '../model/source-context.js';

/** The name of one part of a source. */
export type SourcePart = keyof ClusterSource;

/** One operation of a source. */
export interface SourceOperation<Args = unknown, Value = unknown> {
  readonly part: SourcePart;
  /** The method of the part, such as `app` or `profiler.cpu`. */
  readonly method: string;
  /**
   * Returns the deduplication key. Concurrent requests with the same method and key share one call. Without `key` every request makes its
   * own call.
   */
  key?(args: Args): string;
  /** Returns how many milliseconds the operation takes by its nature, in addition to `timeoutMs`. */
  expectedMs?(args: Args): number;
  /** Calls the source. */
  call(source: ClusterSource, args: Args, context: SourceContext): MaybePromise<Value>;
}
