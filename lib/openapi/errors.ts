import { ERROR_CODES, httpStatus, type PegasusErrorCode } from '../model/errors.js';
import type { Route } from '../routing/route.js';

/** An error response that routes have in common. */
export interface ErrorKind {
  readonly status: number;
  /** The name in `components.responses`. */
  readonly name: string;
  readonly description: string;
  /** The code where it is not the one of the status. */
  readonly code?: PegasusErrorCode;
  /** A header that the response has, with its description. */
  readonly header?: readonly [name: string, description: string];
  /** Whether a request with this method can get the response. Default: always. */
  has?(route: Route, method: string): boolean;
}

const hasSource = ({ operation }: Route) => operation !== undefined;
const hasBody = (_: Route, method: string) => method === 'POST';

/** All error responses, by status. */
export const ERROR_KINDS: readonly ErrorKind[] = [
  { status: 400, name: 'InvalidParameters', description: 'An argument is invalid.' },
  {
    status: 401,
    name: 'Unauthenticated',
    description: "The application's authorize asks for credentials.",
    header: ['WWW-Authenticate', 'The scheme of the credentials and its parameters.'],
  },
  {
    status: 403,
    name: 'Denied',
    description:
      "The application's authorize, allowedHosts or the origin of the page denies the request. Without authorize every write is denied.",
  },
  { status: 404, name: 'NotFound', description: 'The object does not exist.', has: hasSource },
  {
    status: 405,
    name: 'MethodNotAllowed',
    description: 'The endpoint does not have the method.',
    code: 'ERR_HANDLER_NOT_FOUND',
    header: ['Allow', 'The methods of the endpoint.'],
  },
  {
    status: 408,
    name: 'BodyTimeout',
    description: 'The body did not arrive in time.',
    code: 'ERR_TIMEOUT',
    has: hasBody,
  },
  {
    status: 413,
    name: 'BodyTooLarge',
    description: 'The body is too large.',
    code: 'ERR_INVALID_PARAMETERS',
    has: hasBody,
  },
  {
    status: 414,
    name: 'UrlTooLong',
    description: 'The URL is too long.',
    code: 'ERR_INVALID_PARAMETERS',
  },
  { status: 500, name: 'Failed', description: 'The request failed.' },
  {
    status: 503,
    name: 'Unavailable',
    description: 'The server cannot answer now.',
    header: ['Retry-After', 'Seconds until the next attempt.'],
  },
  { status: 504, name: 'Timeout', description: 'The source did not answer in time.', has: hasSource },
];

/** Returns the error codes of a kind. */
export function codesOf({ status, code }: ErrorKind): readonly PegasusErrorCode[] {
  return code === undefined ? ERROR_CODES.filter((one) => httpStatus(one) === status) : [code];
}
