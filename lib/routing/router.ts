import type { HTTPMethod } from 'find-my-way';
import findMyWay from '#find-my-way';
import { splitTarget } from '../http/request-target.js';
import { PegasusError } from '../model/errors.js';
import { parseQueryParams } from './parse-query-params.js';
import type { Route } from './route.js';

/** The route of a request. */
export interface RouteMatch<Found extends Route = Route> {
  readonly route: Found;
  /** Whether the route has the method of the request. */
  readonly isMethodAllowed: boolean;
  /** The query without `?`; empty when there is none. */
  readonly rawQuery: string;
  /** The decoded path below the route's own, empty after a trailing slash; `undefined` for the route's own path. */
  readonly subpath: string | undefined;
  /** The parsed query; see {@link parseArguments}. */
  parsed: ParsedArguments | undefined;
}

/** The arguments of a request, or the client's mistake in them. */
export interface ParsedArguments {
  readonly args: unknown;
  readonly error: PegasusError | undefined;
}

type FoundRoute<Found extends Route> = Pick<RouteMatch<Found>, 'route' | 'subpath'>;

interface CachedMatch<Found extends Route> {
  readonly method: string;
  readonly url: string;
  readonly match: RouteMatch<Found>;
}

/** Finds the route of a request; `undefined` if no endpoint has the path. */
export type MatchRoute<Found extends Route> = (method: string, url: string) => RouteMatch<Found> | undefined;

/** Rejects `*` and fragments: find-my-way would read the one as a slash and cut off the other. */
const IS_PATH = /^(\/[^#]*)?$/s;

/** Matches that are cached. Dashboards and collectors request the same few URLs all day. */
const MAX_CACHED_MATCHES = 256;

/** Longer URLs are not cached, which limits the memory of the cache. */
const MAX_CACHED_URL_LENGTH = 512;

/** Creates the router. It caches recent matches, so that a repeated URL costs one lookup. */
export function createRouter<Found extends Route>(
  routes: readonly Found[],
  basePath: string,
): MatchRoute<Found> {
  const router = findMyWay({ ignoreDuplicateSlashes: true, ignoreTrailingSlash: true });
  for (const route of routes) {
    const path = basePath + route.endpoint.path;
    router.on(route.methods as HTTPMethod[], path, () => {}, route);
    if (route.hasSubpaths) router.on(route.methods as HTTPMethod[], `${path}/*`, () => {}, route);
  }
  const methods = [...new Set(routes.flatMap((route) => route.methods))] as HTTPMethod[];
  const matchCache = new Map(
    methods.map((method) => [method as string, new Map<string, RouteMatch<Found>>()]),
  );

  function findRoute(method: HTTPMethod, path: string): FoundRoute<Found> | undefined {
    const found = router.find(method, path || '/');
    if (found === null) return undefined;
    const route = found.store as Found;
    const isBelow = route.hasSubpaths && (found.params['*'] !== undefined || path.endsWith('/'));
    return { route, subpath: isBelow ? (found.params['*'] ?? '') : undefined };
  }

  // Most requests repeat the one before. Comparing two texts takes a quarter of the time of a lookup, which hashes the text.
  let last: CachedMatch<Found> | undefined;

  return function match(method, url) {
    if (last?.url === url && last.method === method) return last.match;
    const cached = matchCache.get(method)?.get(url);
    if (cached !== undefined) {
      last = { method, url, match: cached };
      return cached;
    }
    const { path, rawQuery } = splitTarget(url);
    if (!IS_PATH.test(path)) return undefined;
    const allowed = findRoute(method as HTTPMethod, path);
    if (allowed === undefined) {
      const other = methods.map((one) => findRoute(one, path)).find((found) => found !== undefined);
      return other && { ...other, isMethodAllowed: false, rawQuery, parsed: undefined };
    }
    const found: RouteMatch<Found> = { ...allowed, isMethodAllowed: true, rawQuery, parsed: undefined };
    const cache = matchCache.get(method);
    if (cache !== undefined && url.length <= MAX_CACHED_URL_LENGTH) {
      if (cache.size >= MAX_CACHED_MATCHES) cache.clear();
      cache.set(url, found);
    }
    return found;
  };
}

/**
 * Parses the arguments of a request.
 *
 * @param body - The body of a POST request; else `undefined`, and the arguments are cached with the match.
 * @returns The client's mistake as a value: throwing it would cost more than the rest of the response.
 */
export function parseArguments(
  match: RouteMatch,
  maxQueryParams: number,
  body: string | undefined,
): ParsedArguments {
  if (body !== undefined) return parse(match, maxQueryParams, body);
  match.parsed ??= parse(match, maxQueryParams, undefined);
  return match.parsed;
}

function parse(
  { route, rawQuery }: RouteMatch,
  maxQueryParams: number,
  body: string | undefined,
): ParsedArguments {
  const { params, rejectUnknownParams, endpoint } = route;
  try {
    const args = parseQueryParams(
      { path: endpoint.path, params, rejectUnknownParams },
      rawQuery,
      maxQueryParams,
    );
    return {
      args: body === undefined ? args : { ...args, body: route.body?.parse(body) },
      error: undefined,
    };
  } catch (error) {
    if (error instanceof PegasusError) return { args: undefined, error };
    throw error;
  }
}
