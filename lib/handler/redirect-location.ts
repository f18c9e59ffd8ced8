import { networkInterfaces } from 'node:os';
import { cacheRecent } from '../http/cache-recent.js';
import { type AnyRequest, requestHost } from '../http/exchange.js';
import { canonicalHostname, parseHost } from '../http/host.js';
import { splitTarget } from '../http/request-target.js';

/**
 * Returns where a backup redirects a request: the base URL of the primary, the path of the endpoint, and the query as it came. Nothing else of
 * the request enters the URL, so that no client can be redirected elsewhere.
 *
 * @returns `undefined` if this is the URL of the request itself: a server that takes itself for a backup of itself must not redirect
 *   its clients in circles.
 * @throws TypeError if `primaryUrl` is not a base URL.
 */
export function redirectLocation(
  req: AnyRequest,
  primaryUrl: string,
  path: string,
  rawQuery: string,
): string | undefined {
  const base = parseBase(primaryUrl);
  if (isSelf(req, base, base.path + path)) return undefined;
  const location = base.origin + base.path + path;
  return rawQuery === '' ? location : `${location}?${visibleAscii(rawQuery)}`;
}

/** A base URL and what {@link isSelf} needs of it. */
interface Base {
  readonly origin: string;
  readonly hostname: string;
  /** Empty for the default port. */
  readonly urlPort: string;
  readonly port: string;
  /** Without a trailing slash. */
  readonly path: string;
}

/** The last result is cached, because the primary seldom changes. */
const parseBase = cacheRecent((primaryUrl: string): Base => {
  const { origin, hostname, port, protocol, pathname } = parseBaseUrl(primaryUrl);
  return {
    origin,
    hostname: canonicalHostname(hostname),
    urlPort: port,
    port: port || (protocol === 'https:' ? '443' : '80'),
    path: trimSlashes(pathname),
  };
});

function parseBaseUrl(primaryUrl: string): URL {
  const base = URL.canParse(primaryUrl) ? new URL(primaryUrl) : undefined;
  if (base !== undefined && /^https?:$/.test(base.protocol)) {
    const { search, hash, username, password } = base;
    if (search + hash + username + password === '') return base;
  }
  throw new TypeError(
    'primaryUrl must be an http(s) URL without a query or credentials, such as http://10.0.0.1:34601',
  );
}

/** Whether a URL is the one of the request: the same path on the same server. */
function isSelf(req: AnyRequest, base: Base, path: string): boolean {
  return isSamePath(req, path) && (isRequestedHost(req, base) || isOwnAddress(req, base));
}

/**
 * Whether the request has this path. Express and connect keep the whole path in `originalUrl`. Under koa-mount the mount path is lost, so the
 * end of the path has to be enough.
 */
function isSamePath(req: AnyRequest, pathname: string): boolean {
  const original: unknown = 'originalUrl' in req ? req.originalUrl : undefined;
  const { path } = splitTarget(typeof original === 'string' ? original : (req.url ?? '/'));
  const requested = trimSlashes(path.includes('//') ? path.replace(/\/{2,}/g, '/') : path);
  if (requested === pathname) return true;
  return typeof original !== 'string' && pathname.endsWith(requested);
}

function isRequestedHost(req: AnyRequest, base: Base): boolean {
  const host = parseHost(requestHost(req));
  if (host === undefined || host.hostname !== base.hostname) return false;
  return host.port === base.urlPort || host.port === base.port;
}

/** Whether a URL leads to the socket that the request came in on. */
function isOwnAddress(req: AnyRequest, { hostname, port }: Base): boolean {
  const { localAddress, localPort } = req.socket ?? {};
  if (localAddress === undefined || String(localPort) !== port) return false;
  const own = canonicalHostname(localAddress);
  if (hostname === own || (isLoopbackName(hostname) && isLoopback(own))) return true;
  return listensEverywhere(req) && isAddressOfThisMachine(hostname);
}

/** Whether a host name leads a client to its own machine. Clients connect to an unspecified address (`0.0.0.0`) as to loopback. */
function isLoopbackName(hostname: string): boolean {
  return ['localhost', '0.0.0.0', '::'].includes(hostname) || hostname.endsWith('.localhost');
}

function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.');
}

/** Whether the server listens on all addresses. Node has no public way to a socket's server. */
function listensEverywhere(req: AnyRequest): boolean {
  const server = (req.socket as { server?: { address?(): unknown } }).server;
  const address = server?.address?.() as { address?: string } | null | undefined;
  return address?.address === '::' || address?.address === '0.0.0.0';
}

function isAddressOfThisMachine(hostname: string): boolean {
  if (isLoopbackName(hostname) || isLoopback(hostname)) return true;
  return Object.values(networkInterfaces()).some((addresses) =>
    addresses?.some(({ address }) => address === hostname),
  );
}

/** Removes trailing slashes. No regular expression, because `/\/+$/` takes quadratic time on long paths. */
function trimSlashes(path: string): string {
  let end = path.length;
  while (end > 0 && path[end - 1] === '/') end -= 1;
  return path.slice(0, end);
}

/**
 * Escapes characters that cannot stand in a header or that a client would misread: raw bytes, controls, and `#`, after which a client
 * would cut. Node passes bytes as Latin-1. Other characters stay as they came.
 */
function visibleAscii(rawQuery: string): string {
  return rawQuery.replace(/[^\x21-\x7e]|#/gu, (character) => {
    const bytes = Buffer.from(character, character > '\xff' ? 'utf8' : 'latin1');
    return `%${bytes.toString('hex').toUpperCase().match(/../g)?.join('%')}`;
  });
}
