import type { AnyRequest } from './exchange.js';

/** The status that the preconditions of a request demand instead of a 200; `undefined` when they hold. */
export type PreconditionStatus = 304 | 412 | undefined;

/** One item of a list of entity tags, or a part that is none. RFC 9110, section 8.8.3. */
const ITEM = /[\t ]*(?:(W\/)?("[!\x23-\x7e\x80-\xff]*")|[^,]*)[\t ]*(?:,|$)/gy;

/**
 * Evaluates the preconditions of a request in the order of RFC 9110, section 13.2.2.
 *
 * The representations of this library have no modification date. RFC 9110 then tells servers to ignore
 * `If-Modified-Since` and `If-Unmodified-Since`. `If-Range` needs `Range`, which this library does not support.
 *
 * @param etag - The strong entity tag of the selected representation; `undefined` when it has none.
 */
export function evaluatePreconditions(req: AnyRequest, etag: string | undefined): PreconditionStatus {
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = req.headers;
  if (ifMatch !== undefined && !matches(ifMatch, etag, true)) return 412;
  // Without an entity tag the response is new for each request, so that no client can have it already, not even by `*`.
  if (ifNoneMatch === undefined || etag === undefined || !matches(ifNoneMatch, etag, false)) return undefined;
  return req.method === undefined || req.method === 'GET' || req.method === 'HEAD' ? 304 : 412;
}

/** @param isStrong - Whether weak tags never match, as `If-Match` demands. */
function matches(list: string, etag: string | undefined, isStrong: boolean): boolean {
  // Most clients send the one tag that they have got.
  if (list === etag) return true;
  if (list.replace(/[\t ]/g, '') === '*') return true;
  if (etag === undefined) return false;
  ITEM.lastIndex = 0;
  while (ITEM.lastIndex < list.length) {
    const [, weak, tag] = ITEM.exec(list) ?? [];
    if (tag === etag && !(isStrong && weak !== undefined)) return true;
  }
  return false;
}
