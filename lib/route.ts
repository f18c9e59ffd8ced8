import type { Body } from './body.js';
import type { ClusterSource, MaybePromise, SourceCall } from './contracts.js';
import type { PegasusError } from './errors.js';
import type { Parameters } from './query.js';

/**
 * One row of the table: a request goes through `read`, `ask` and `answer` in this order. `read` and `answer` are pure;
 * `ask` makes the one call of a source.
 */
export interface Route<Arguments = unknown, Value = unknown> {
  readonly path: string;
  readonly methods: readonly string[];
  /** The parameters that it knows. */
  readonly parameters: readonly string[];
  /** Whether a parameter that it does not know is refused or ignored. */
  readonly strict: boolean;
  /** What `GET /` says of it. */
  readonly help: string;
  /** Whose business it is. What rests on the meta state is answered by the primary meta alone; `none` needs no source. */
  readonly part: keyof ClusterSource | 'none';
  /** The most bytes that the body of a POST may have. */
  readonly bodyLimit?: number;
  /** Whether errors must be readable for `go tool pprof`. */
  readonly pprofErrors?: boolean;
  /** Takes the arguments out of the query, and out of the body of a POST; throws `ERR_INVALID_PARAMETERS`. */
  read(parameters: Parameters, body: string | undefined): Arguments;
  /** How many milliseconds the answer takes by its nature, on top of the handler's `timeoutMs`. */
  takesMs?(args: Arguments): number;
  ask(source: ClusterSource, args: Arguments, call: SourceCall): MaybePromise<Value>;
  /** Makes the body of what the source said, or what says why there is none. */
  answer(value: Value, args: Arguments): MaybePromise<Body | PegasusError>;
}

/** What almost every path takes. */
export const GET = ['GET', 'HEAD'] as const;
