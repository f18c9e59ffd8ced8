import type { OutgoingHttpHeader } from 'node:http';
import type { ResponseHeaders } from './body.js';
import type { PegasusResponse } from './node.js';

/** Directives that let a cache store or reuse more than the library's own directives do. */
const WEAKER_DIRECTIVE = /^(?:public|immutable|max-age|s-maxage|stale-while-revalidate|stale-if-error)\b/i;

/**
 * Joins the headers of a response with those that the application has set before, such as `Vary: Origin` of a CORS middleware.
 *
 * Only lists are joined. All other headers of this library replace those of the application, because they describe the body (`Content-Type`,
 * `Content-Length`, `ETag`) or this response alone (`Allow`, `Location`, `Age`, `Retry-After`). Headers that the library does not set, such
 * as `Link` and `Access-Control-Expose-Headers`, stay as they are.
 */
export function joinPresetHeaders(
  res: PegasusResponse,
  headers: ResponseHeaders,
): Readonly<Record<string, string | readonly string[]>> {
  // Some made-up responses have only the methods that write.
  if (typeof res.getHeader !== 'function') return headers;
  const { vary, 'cache-control': cacheControl, 'www-authenticate': challenge } = headers;
  const presetVary = vary && res.getHeader('vary');
  const presetCacheControl = cacheControl && res.getHeader('cache-control');
  const presetChallenge = challenge && res.getHeader('www-authenticate');
  if (!presetVary && !presetCacheControl && !presetChallenge) return headers;
  return {
    ...headers,
    ...(vary && presetVary && { vary: joinVary(presetVary, vary) }),
    ...(cacheControl &&
      presetCacheControl && { 'cache-control': joinCacheControl(presetCacheControl, cacheControl) }),
    // Challenges contain commas, so that each stays a line of its own.
    ...(challenge &&
      presetChallenge && { 'www-authenticate': [...[presetChallenge].flat().map(String), challenge] }),
  };
}

function joinVary(preset: OutgoingHttpHeader, own: string): string {
  const names = itemsOf(preset);
  return names.includes('*') ? '*' : joinItems(names, own);
}

function joinCacheControl(preset: OutgoingHttpHeader, own: string): string {
  return joinItems(
    itemsOf(preset).filter((directive) => !WEAKER_DIRECTIVE.test(directive)),
    own,
  );
}

function joinItems(preset: readonly string[], own: string): string {
  return preset.some((item) => item.toLowerCase() === own) ? preset.join(', ') : [...preset, own].join(', ');
}

function itemsOf(header: OutgoingHttpHeader): readonly string[] {
  const items = String(header).split(',');
  return items.map((item) => item.trim()).filter((item) => item !== '');
}
