import type { AnyRequest } from './exchange.js';
import { splitTarget } from './request-target.js';
import { type HttpResponse, NO_STORE } from './response.js';

/**
 * Creates a redirect to a path below the requested one. It is relative, so that it is right behind any prefix that a proxy strips.
 *
 * @param below - The path below the requested one, without a leading slash.
 * @param vary - The request header that the redirect depends on.
 */
export function relativeRedirect(req: AnyRequest, below: string, vary: string | undefined): HttpResponse {
  const { path } = splitTarget(originalUrl(req));
  // A client resolves against the last slash: without one at the end the last segment is repeated.
  const last = path.slice(path.lastIndexOf('/') + 1);
  const location = last === '' ? below : `./${visibleSegment(last)}/${below}`;
  const headers = { location, 'content-length': '0', 'x-content-type-options': 'nosniff', ...NO_STORE };
  return { status: 302, headers: vary === undefined ? headers : { ...headers, vary }, chunks: [] };
}

/** Express and connect keep the whole path in `originalUrl`, and strip the mount path from `url`. */
function originalUrl(req: AnyRequest): string {
  const original: unknown = 'originalUrl' in req ? req.originalUrl : undefined;
  return typeof original === 'string' ? original : (req.url ?? '/');
}

/** Escapes what cannot stand in a header. */
function visibleSegment(segment: string): string {
  return segment.replace(
    /[^\x21-\x7e]|[#\\]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0').slice(-2)}`,
  );
}
