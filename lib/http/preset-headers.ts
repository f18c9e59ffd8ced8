import type { OutgoingHttpHeader } from 'node:http';
import type { ResponseHeaders } from './body.js';
import type { PegasusResponse } from './node.js';

/** Joins the items of a header that the application has set with those of the library. */
type Join = (preset: OutgoingHttpHeader, own: string) => string | readonly string[];

/**
 * The headers of this library that are lists. All others replace those of the application, because they describe the body
 * (`Content-Type`, `Content-Length`, `ETag`) or this response alone (`Allow`, `Location`, `Age`, `Retry-After`).
 */
const JOINS: readonly { readonly name: string; readonly join: Join }[] = [
  { name: 'vary', join: joinVary },
  { name: 'cache-control', join: joinCacheControl },
  // Challenges contain commas, so that each stays a line of its own.
  { name: 'www-authenticate', join: (preset, own) => [...[preset].flat().map(String), own] },
];

/** Directives that let a cache store or reuse more than the library's own directives do. */
const WEAKER_DIRECTIVE = /^(?:public|immutable|max-age|s-maxage|stale-while-revalidate|stale-if-error)\b/i;

/**
 * Joins the headers of a response with those that the application has set before, such as `Vary: Origin` of a CORS middleware.
 * Headers that the library does not set, such as `Link` and `Access-Control-Expose-Headers`, stay as they are.
 */
export function joinPresetHeaders(
  res: PegasusResponse,
  headers: ResponseHeaders,
): Readonly<Record<string, string | readonly string[]>> {
  // Some made-up responses have only the methods that write.
  if (typeof res.getHeader !== 'function') return headers;
  let joined: Record<string, string | readonly string[]> | undefined;
  for (const { name, join } of JOINS) {
    const preset = res.getHeader(name);
    const own = preset === undefined ? undefined : headers[name];
    if (own === undefined || preset === undefined) continue;
    joined ??= { ...headers };
    joined[name] = join(preset, own);
  }
  return joined ?? headers;
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
