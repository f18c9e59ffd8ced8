import type { MaybePromise } from '../model/maybe-promise.js';
import type { ClusterSource } from '../model/source.js';
import type { SourceContext } from '../model/source-context.js';

/** The name of one part of a source. */
export type PartName = keyof ClusterSource;

/** What a source can be asked. */
export interface Question<Arguments = unknown, Value = unknown> {
  readonly part: PartName;
  /** The function that answers it, as the part has it: `app`, `profiler.cpu`. */
  readonly name: string;
  /**
   * What tells this question from others to the same function. Requests that ask the same while the answer is under way share it;
   * without a key each gets an answer of its own.
   */
  keyOf?(args: Arguments): string;
  /** How many milliseconds the answer takes by its nature, on top of the handler's `timeoutMs`. */
  takesMs?(args: Arguments): number;
  ask(source: ClusterSource, args: Arguments, call: SourceContext): MaybePromise<Value>;
}
