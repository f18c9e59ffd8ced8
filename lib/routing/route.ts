import type { ResponseBody } from '../http/body.js';
import type { QueryParams } from '../http/query.js';
import type { PegasusError } from '../model/errors.js';
import type { MaybePromise } from '../model/maybe-promise.js';
import type { Endpoint } from './endpoint.js';
import type { Question } from './source-operation.js';

/**
 * One row of the table: a request goes through `read`, its question to the source and `answer`, in this order. `read` and `answer`
 * are pure; the question makes the one call of a source.
 */
export interface Route<Arguments = unknown, Value = unknown> {
  readonly endpoint: Endpoint;
  readonly methods: readonly string[];
  /** The parameters that it knows. */
  readonly parameters: readonly string[];
  /** Whether a parameter that it does not know is refused or ignored. */
  readonly strict: boolean;
  /** What `GET /` says of it. */
  readonly help: string;
  /** The most bytes that the body of a POST may have. */
  readonly bodyLimit?: number;
  /** Takes the arguments out of the query, and out of the body of a POST; throws `ERR_INVALID_PARAMETERS`. */
  read(parameters: QueryParams, body: string | undefined): Arguments;
  /** What is asked of the source; `undefined` where nothing is. What rests on the meta state is answered by the primary meta alone. */
  readonly question?: Question<Arguments, Value> | undefined;
  /**
   * Makes the body of what the source said, or what says why there is none.
   *
   * @param reportTable - Told of a table that cannot be printed, where the answer goes without it. Once for each body that is made.
   */
  answer(value: Value, args: Arguments, reportTable: ReportTable): MaybePromise<ResponseBody | PegasusError>;
}

/** Tells the host of a table that an answer goes without. */
export type ReportTable = (table: string, cause: unknown) => void;

/** What almost every path takes. */
export const GET = ['GET', 'HEAD'] as const;
