/**
 * A stable code for every error, so that `switch (error.code)` narrows. The names are Pegasus's own (`error_code.h`).
 *
 * | code | status | |
 * |---|---|---|
 * | `ERR_INVALID_PARAMETERS` | 400 | what was asked or given is not in order (413: too large a body, 414: too long a target) |
 * | `ERR_UNAUTHENTICATED` | 401 | the host's `authorize` wants credentials |
 * | `ERR_ACL_DENY` | 403 | the host's `authorize` has not allowed it |
 * | `ERR_HANDLER_NOT_FOUND` | 404 | no such endpoint (405: not by this method) |
 * | `ERR_OBJECT_NOT_FOUND` | 404 | no such table, perf counter, node |
 * | `ERR_APP_EXIST` | 500 | there is a table of that name already |
 * | `ERR_INVALID_STATE` | 500 | the state does not allow it |
 * | `ERR_INVALID_DATA` | 500 | what is stored cannot be read |
 * | `ERR_NETWORK_FAILURE` | 500 | a source cannot reach what it reads from |
 * | `ERR_ZOOKEEPER_OPERATION` | 500 | ZooKeeper refused |
 * | `ERR_UNKNOWN` | 500 | whatever else went wrong |
 * | `ERR_BUSY` | 503 | too much to do |
 * | `ERR_BUSY_CREATING` | 503 | the table is being created or recalled |
 * | `ERR_BUSY_DROPPING` | 503 | the table is being dropped |
 * | `ERR_FORWARD_TO_OTHERS` | 503 | another server must answer, and nobody knows which |
 * | `ERR_SERVICE_NOT_ACTIVE` | 503 | not ready yet |
 * | `ERR_TIMEOUT` | 504 | no answer in time (408: the client's own body did not come in time) |
 */
export type PegasusErrorCode =
  | 'ERR_INVALID_PARAMETERS'
  | 'ERR_UNAUTHENTICATED'
  | 'ERR_ACL_DENY'
  | 'ERR_HANDLER_NOT_FOUND'
  | 'ERR_OBJECT_NOT_FOUND'
  | 'ERR_APP_EXIST'
  | 'ERR_INVALID_STATE'
  | 'ERR_INVALID_DATA'
  | 'ERR_NETWORK_FAILURE'
  | 'ERR_ZOOKEEPER_OPERATION'
  | 'ERR_UNKNOWN'
  | 'ERR_BUSY'
  | 'ERR_BUSY_CREATING'
  | 'ERR_BUSY_DROPPING'
  | 'ERR_FORWARD_TO_OTHERS'
  | 'ERR_SERVICE_NOT_ACTIVE'
  | 'ERR_TIMEOUT';

const STATUS: Readonly<Record<PegasusErrorCode, number>> = {
  ERR_INVALID_PARAMETERS: 400,
  ERR_UNAUTHENTICATED: 401,
  ERR_ACL_DENY: 403,
  ERR_HANDLER_NOT_FOUND: 404,
  ERR_OBJECT_NOT_FOUND: 404,
  ERR_APP_EXIST: 500,
  ERR_INVALID_STATE: 500,
  ERR_INVALID_DATA: 500,
  ERR_NETWORK_FAILURE: 500,
  ERR_ZOOKEEPER_OPERATION: 500,
  ERR_UNKNOWN: 500,
  ERR_BUSY: 503,
  ERR_BUSY_CREATING: 503,
  ERR_BUSY_DROPPING: 503,
  ERR_FORWARD_TO_OTHERS: 503,
  ERR_SERVICE_NOT_ACTIVE: 503,
  ERR_TIMEOUT: 504,
};

/**
 * The one error class. The library throws it, hands it to `onError`, and reads its `code` when a source throws it.
 *
 * @example A source that is not ready yet, for which the client gets 503 ERR_SERVICE_NOT_ACTIVE
 * ```ts
 * import { type Cluster, PegasusError } from 'pegasus-http';
 *
 * declare const loaded: Cluster | undefined;
 *
 * export function cluster(): Cluster {
 *   if (loaded === undefined) throw new PegasusError('ERR_SERVICE_NOT_ACTIVE', 'still loading from 10.0.0.7');
 *   return loaded;
 * }
 * ```
 */
export class PegasusError extends Error {
  /** Always `PegasusError`. */
  override readonly name = 'PegasusError';
  /** What kind of error it is. */
  readonly code: PegasusErrorCode;

  /**
   * @param code - Decides the status of the response.
   * @param message - For a person. What a source writes here reaches `onError` (as the `cause`), never the client.
   * @param options - `cause`: what this error came from.
   */
  constructor(code: PegasusErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = Object.hasOwn(STATUS, code) ? code : 'ERR_UNKNOWN';
  }
}

/** The HTTP status of a code. */
export function httpStatus(code: PegasusErrorCode): number {
  return STATUS[code];
}

/**
 * What a client is told because of its own request: nothing has failed, and nobody will look at a stack. Taking one would cost more
 * than all the rest of such an answer, and anybody can ask for many.
 */
export function clientError(code: PegasusErrorCode, message: string): PegasusError {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return new PegasusError(code, message);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** Shorthand for what was given wrongly to an operation or an option. */
export function invalidParameters(message: string): PegasusError {
  return new PegasusError('ERR_INVALID_PARAMETERS', message);
}
