import type { PegasusRequest } from '../http/node.js';

/**
 * Returns the target of a request of which express has stripped more than the mount path, or the `basePath` as well; `undefined` if it has not.
 *
 * Express strips all that the mount path matches. A wildcard, such as NestJS's `forRoutes('/pegasus{/*path}')`, matches the path of the
 * endpoint too, so that `url` is `/` for every endpoint.
 *
 * @param basePath - Without a trailing slash; empty for the root.
 */
export function strippedTarget(req: PegasusRequest, basePath: string): string | undefined {
  const { baseUrl, params } = req as { readonly baseUrl?: unknown; readonly params?: unknown };
  if (typeof baseUrl !== 'string' || baseUrl === '') return undefined;
  const url = req.url ?? '/';
  if (basePath !== '') {
    const isBelow = baseUrl === basePath || baseUrl.startsWith(`${basePath}/`);
    return isBelow ? baseUrl + url : undefined;
  }
  const below = wildcardPath(baseUrl, params);
  return below === undefined ? undefined : below + url;
}

/** Returns the end of a stripped path that a wildcard has matched. Its segments are taken from the path, where they are not decoded. */
function wildcardPath(baseUrl: string, params: unknown): string | undefined {
  const wildcard = wildcardOf(params).filter((segment) => segment !== '');
  if (wildcard.length === 0) return undefined;
  const below = baseUrl
    .split('/')
    .filter((segment) => segment !== '')
    .slice(-wildcard.length);
  const isWildcard = below.length === wildcard.length && below.every((raw, i) => decode(raw) === wildcard[i]);
  return isWildcard ? `/${below.join('/')}` : undefined;
}

/** Returns the segments that a wildcard has matched. Express 5 has an array under its name, express 4 a text under `0`. */
function wildcardOf(params: unknown): readonly unknown[] {
  if (typeof params !== 'object' || params === null) return [];
  const array: unknown = Object.values(params).find(Array.isArray);
  if (Array.isArray(array)) return array;
  const text: unknown = '0' in params ? params[0] : undefined;
  return typeof text === 'string' ? text.split('/') : [];
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
