import findMyWay from 'find-my-way';
import { parseQuery, type QueryParams } from '../http/query.js';
import { splitTarget } from '../http/request-target.js';
import { clientError, PegasusError } from '../model/errors.js';
import type { Route } from './route.js';

/** What a request target asks for. */
export interface Asked {
  /** `undefined`: none of the interface's. */
  readonly route: Route | undefined;
  readonly path: string;
  /** Without the `?`; empty when there is none. */
  readonly rawQuery: string;
  /** The route's own arguments, or what is wrong with them, once they have been read. */
  args: { readonly read: unknown } | undefined;
}

/** No `*`, no fragment: find-my-way would take the one for a slash, and cut the other off. */
const IS_PATH = /^(\/[^#]*)?$/s;

/** How many targets are remembered. Dashboards and collectors ask for the same few all day. */
const MOST_TARGETS = 256;

/** Longer ones, in characters, are not remembered: that bounds the memory. */
const LONGEST_TARGET = 512;

/**
 * Makes the function that takes request targets apart, by the radix router that it builds of the routes. The last few that
 * were in order are remembered, so that a target that comes again costs one look.
 */
export function targetReader(routes: readonly Route[], basePath: string): (target: string) => Asked {
  const router = findMyWay({ ignoreDuplicateSlashes: true, ignoreTrailingSlash: true });
  for (const route of routes) router.on('GET', basePath + route.endpoint.path, () => {}, route);
  const remembered = new Map<string, Asked>();

  return function readTarget(target) {
    const known = remembered.get(target);
    if (known !== undefined) return known;
    const { path, rawQuery } = splitTarget(target);
    const route = IS_PATH.test(path)
      ? (router.find('GET', path || '/')?.store as Route | undefined)
      : undefined;
    const asked: Asked = { route, path, rawQuery, args: undefined };
    if (route !== undefined && target.length <= LONGEST_TARGET) {
      if (remembered.size >= MOST_TARGETS) remembered.clear();
      remembered.set(target, asked);
    }
    return asked;
  };
}

/**
 * The arguments of a request, or what is wrong with them.
 *
 * @param maxQueryParams - That the query may have.
 * @param body - Of a POST: then the target alone does not say what is asked.
 */
export function argumentsOf(
  asked: Asked,
  route: Route,
  maxQueryParams: number,
  body: string | undefined,
): unknown {
  if (body !== undefined) return readArguments(asked, route, maxQueryParams, body);
  asked.args ??= { read: readArguments(asked, route, maxQueryParams, undefined) };
  return asked.args.read;
}

function readArguments(
  { rawQuery }: Asked,
  route: Route,
  maxQueryParams: number,
  body: string | undefined,
): unknown {
  try {
    return route.read(checkedParameters(route, rawQuery, maxQueryParams), body);
  } catch (error) {
    if (error instanceof PegasusError) return error;
    throw error;
  }
}

function checkedParameters(route: Route, rawQuery: string, maxQueryParams: number): QueryParams {
  const query = parseQuery(rawQuery, maxQueryParams);
  if (!query.ok) throw clientError('ERR_INVALID_PARAMETERS', query.message);
  if (route.strict) {
    for (const name of query.parameters.keys()) {
      if (route.parameters.includes(name)) continue;
      throw clientError(
        'ERR_INVALID_PARAMETERS',
        `unknown parameter "${name}": ${route.endpoint.path} takes ${route.parameters.join(' and ')}`,
      );
    }
  }
  return query.parameters;
}
