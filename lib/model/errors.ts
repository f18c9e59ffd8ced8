/**
 * A stable code for every error, so that `switch (error.code)` narrows. The names are Pegasus's own (`error_code.h`).
 *
 * | code | status | meaning |
 * |---|---|---|
 * | `ERR_INVALID_PARAMETERS` | 400 | an argument is invalid (413: the body is too large, 414: the URL is too long) |
 * | `ERR_UNAUTHENTICATED` | 401 | `authorize` asks for credentials |
 * | `ERR_ACL_DENY` | 403 | `authorize` or another rule denies the request |
 * | `ERR_HANDLER_NOT_FOUND` | 404 | no such endpoint (405: the endpoint has not this method) |
 * | `ERR_OBJECT_NOT_FOUND` | 404 | no such table, perf counter or node |
 * | `ERR_APP_EXIST` | 500 | a table of that name exists |
 * | `ERR_INVALID_STATE` | 500 | the state does not allow the operation |
 * | `ERR_INVALID_DATA` | 500 | stored data cannot be read |
 * | `ERR_NETWORK_FAILURE` | 500 | a source cannot reach what it reads from |
 * | `ERR_ZOOKEEPER_OPERATION` | 500 | ZooKeeper refused an operation |
 * | `ERR_UNKNOWN` | 500 | any other failure |
 * | `ERR_BUSY` | 503 | too many requests at the same time |
 * | `ERR_BUSY_CREATING` | 503 | the table is being created or recalled |
 * | `ERR_BUSY_DROPPING` | 503 | the table is being dropped |
 * | `ERR_FORWARD_TO_OTHERS` | 503 | another server must answer, and it is unknown which |
 * | `ERR_SERVICE_NOT_ACTIVE` | 503 | not ready yet |
 * | `ERR_TIMEOUT` | 504 | no answer in time (408: the body of the client did not arrive in time) |
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

/** All codes. */
export const ERROR_CODES = Object.keys(STATUS) as readonly PegasusErrorCode[];

/** Marks errors of this class across installed copies of this package. */
const BRAND: unique symbol = Symbol.for('pegasus-http.PegasusError') as never;

/**
 * The error class of this library. The library throws it and passes it to `onError`. A source throws it to choose the code of the
 * response. `instanceof` also recognizes errors of another installed copy of this package.
 *
 * @example A source that is not ready yet. The client gets 503 ERR_SERVICE_NOT_ACTIVE.
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
  /** The kind of error. */
  readonly code: PegasusErrorCode;
  /** @internal */
  declare readonly [BRAND]: true;

  /**
   * @param code - Determines the status of the response.
   * @param message - A description for a person. The message of an error that a source throws reaches `onError` (as the `cause`), never
   *   the client.
   * @param options - `cause`: the error that led to this one.
   */
  constructor(code: PegasusErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = Object.hasOwn(STATUS, code) ? code : 'ERR_UNKNOWN';
  }

  /** @internal */
  static override [Symbol.hasInstance](value: unknown): boolean {
    // A subclass inherits this method, and needs the usual check.
    // biome-ignore lint/complexity/noThisInStatic: `this` is the subclass
    if (this !== PegasusError) return Function.prototype[Symbol.hasInstance].call(this, value);
    return typeof value === 'object' && value !== null && (value as PegasusError)[BRAND] === true;
  }
}

Object.defineProperty(PegasusError.prototype, BRAND, { value: true });

/** Returns the HTTP status of a code. A code of another version of this package is a 500. */
export function httpStatus(code: PegasusErrorCode): number {
  return STATUS[code] ?? 500;
}

/**
 * Creates an error that the request of a client causes. It has no stack, because nothing has failed: a stack would cost more than the
 * rest of the response, and any client can request many.
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

/** Creates an `ERR_INVALID_PARAMETERS`. */
export function invalidParameters(message: string): PegasusError {
  return new PegasusError('ERR_INVALID_PARAMETERS', message);
}
