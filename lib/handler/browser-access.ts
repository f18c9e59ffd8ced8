import { requestHost } from '../http/exchange.js';
import { namesHost } from '../http/host.js';
import type { ErrorResponse } from '../http/response.js';
import type { RequestContext } from './context.js';

/**
 * Denies requests whose `Host` is not in `allowedHosts`. With DNS rebinding, a page of another site reads a server on loopback under
 * the page's own host name; only `Host` tells.
 */
export function checkHost(
  allowedHosts: ReadonlySet<string> | undefined,
  { req }: RequestContext,
): ErrorResponse | undefined {
  if (allowedHosts === undefined || namesHost(requestHost(req), allowedHosts)) return undefined;
  return { code: 'ERR_ACL_DENY', message: 'the host of this request is not in allowedHosts' };
}

/**
 * Denies requests that pages of other sites make (`Sec-Fetch-Site`, sent by browsers) where the request has effects: such as an image whose
 * URL resets a counter. Following a link is allowed for reads and denied for writes.
 */
export function checkFetchSite({ req, route }: RequestContext): ErrorResponse | undefined {
  const isWrite = route.endpoint.access === 'write';
  const site = req.headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return undefined;
  if (!isWrite && (site !== 'cross-site' || req.headers['sec-fetch-mode'] === 'navigate')) return undefined;
  return { code: 'ERR_ACL_DENY', message: 'pages of other sites may not make this request' };
}
