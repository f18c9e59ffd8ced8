import { type PegasusRequest, requestHost } from '../http/node.js';
import { splitTarget } from '../http/request-target.js';

/**
 * Where a backup sends a request: the primary's base URL, the endpoint's own path, the query as it came. Nothing else
 * of the request enters it, so that nobody can be redirected elsewhere.
 *
 * @returns `undefined` when that is where the request has just been: a server that takes itself for a backup of itself
 *   must not send its clients round in circles.
 * @throws TypeError when `primaryUrl` is not a base URL.
 */
export function redirectLocation(
  req: PegasusRequest,
  primaryUrl: string,
  path: string,
  rawQuery: string,
): string | undefined {
  const base = parseBase(primaryUrl);
  const location = base.origin + base.pathname.replace(/\/+$/, '') + path;
  if (isSelf(req, new URL(location))) return undefined;
  return rawQuery === '' ? location : `${location}?${visibleAscii(rawQuery)}`;
}

function parseBase(primaryUrl: string): URL {
  const base = URL.canParse(primaryUrl) ? new URL(primaryUrl) : undefined;
  if (base === undefined || !/^https?:$/.test(base.protocol) || base.search || base.hash || base.username) {
    throw new TypeError('primaryUrl must be an http(s) URL without a query, such as http://10.0.0.1:34601');
  }
  return base;
}

/** The same place is the same path on the same host, as the client calls it or as the socket has it. */
function isSelf(req: PegasusRequest, target: URL): boolean {
  const asked = splitTarget(originalUrl(req)).path.replace(/\/{2,}/g, '/');
  if (asked.replace(/\/$/, '') !== target.pathname) return false;
  const port = target.port || (target.protocol === 'https:' ? '443' : '80');
  const host = requestHost(req)?.toLowerCase();
  if (host === target.host || host === `${target.hostname}:${port}`) return true;
  const { localAddress, localPort } = req.socket;
  // A server that listens on `::` sees IPv4 clients come in on a mapped address.
  return localAddress?.replace('::ffff:', '') === target.hostname && String(localPort) === port;
}

/** express and connect cut the mount path off `url` and keep the whole here. */
function originalUrl(req: PegasusRequest): string {
  const original: unknown = 'originalUrl' in req ? req.originalUrl : undefined;
  return typeof original === 'string' ? original : (req.url ?? '/');
}

/**
 * What may stand in a header and survives a client's parsing of it: raw bytes and controls are escaped (Node hands out
 * bytes as Latin-1), and so is `#`, behind which a client would cut. All other characters stay as they came.
 */
function visibleAscii(rawQuery: string): string {
  return rawQuery.replace(/[^\x21-\x7e]|#/gu, (character) => {
    const bytes = Buffer.from(character, character > '\xff' ? 'utf8' : 'latin1');
    return `%${bytes.toString('hex').toUpperCase().match(/../g)?.join('%')}`;
  });
}
