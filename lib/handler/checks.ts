import type { ErrorResponse } from '../http/response.js';
import type { RequestContext } from './context.js';

/** Returns the error for a URL that is too long. */
export function checkUrlLength(url = '/', maxUrlLength: number): ErrorResponse | undefined {
  if (url.length <= maxUrlLength) return undefined;
  const message = `the request target may have ${maxUrlLength} bytes at most`;
  return { code: 'ERR_INVALID_PARAMETERS', message, status: 414 };
}

/** Returns the error for a method that the endpoint does not have. */
export function checkMethod({ req, route, endpoint, match }: RequestContext): ErrorResponse | undefined {
  if (match.isMethodAllowed) return undefined;
  const allow = route.methods.join(', ');
  const message = `method ${req.method} is not allowed for "${endpoint.path}", use ${allow}`;
  return { code: 'ERR_HANDLER_NOT_FOUND', message, status: 405, allow };
}
