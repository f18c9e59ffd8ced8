import findMyWay from 'find-my-way';
import { askSource, readSource, usable } from './ask-source.js';
import type { ClusterSource, MetaRole } from './contracts.js';
import { invalidParameters, PegasusError } from './errors.js';
import { type HandlerOptions, readOptions } from './options.js';
import { type Parameters, parseQuery } from './query.js';
import { redirectLocation } from './redirect.js';
import { type PegasusRequest, type PegasusResponse, splitTarget } from './request.js';
import { type Headers, sendError, sendJson, sendRedirect } from './respond.js';
import { type Route, routesFor } from './routes.js';
import { CLIENT_GONE, type RequestCall, requestCall } from './source-call.js';
import { count, show } from './text/format.js';

/**
 * Answers one request. It never throws and returns nothing: the answer, whatever it is, goes to `res`.
 *
 * @param req - Read for its method, URL and headers; never changed.
 * @param res - Answered exactly once, unless `next` is called or the client is gone.
 * @param next - Called, without arguments and before anything is written, when the path is none of the interface's.
 *   Without it such a path is a 404.
 */
export type PegasusHandler = (req: PegasusRequest, res: PegasusResponse, next?: () => unknown) => void;

/**
 * Makes the Pegasus HTTP interface out of a source: `(req, res, next?) => void` for `http.createServer`, express,
 * fastify, koa, or whatever else has Node's `req` and `res`. Handlers share nothing with each other.
 *
 * @param source - Where the answers come from; {@link memoryCluster} makes one out of a description.
 * @param options - See {@link HandlerOptions}.
 * @throws TypeError at once, when the source or an option is not what it must be.
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { createPegasusHandler, memoryCluster } from 'pegasus-http';
 *
 * const cluster = memoryCluster({
 *   nodes: ['127.0.0.1:34801', '127.0.0.1:34802'],
 *   apps: [{ appName: 'temp', partitionCount: 8 }],
 * });
 * createServer(createPegasusHandler(cluster)).listen(34601);
 * // curl 'http://127.0.0.1:34601/meta/app?name=temp&detail'
 * ```
 */
export function createPegasusHandler(source: ClusterSource, options?: HandlerOptions): PegasusHandler {
  const { basePath, timeoutMs, reportError } = readOptions(options);
  const parts = readSource(source);
  const router = findMyWay({ ignoreDuplicateSlashes: true, ignoreTrailingSlash: true });
  for (const route of routesFor(parts)) router.on('GET', basePath + route.path, () => {}, route);

  async function handle(req: PegasusRequest, res: PegasusResponse, next?: () => unknown): Promise<void> {
    const { path, rawQuery } = splitTarget(req.url ?? '/');
    const route: Route | undefined = router.find('GET', path || '/')?.store;
    if (route === undefined) {
      if (next !== undefined) await next();
      else sendError(res, 'ERR_HANDLER_NOT_FOUND', `service not found for "${path.replace(/^\/+/, '')}"`);
    } else if (!route.methods.includes(req.method ?? 'GET')) {
      const allow = route.methods.join(', ');
      const message = `method ${req.method} is not allowed for "${route.path}", use ${allow}`;
      sendError(res, 'ERR_HANDLER_NOT_FOUND', message, { status: 405, allow });
    } else {
      const call = requestCall(res, timeoutMs);
      try {
        await answer(req, res, route, rawQuery, call);
      } finally {
        call.end();
      }
    }
  }

  async function answer(
    req: PegasusRequest,
    res: PegasusResponse,
    route: Route,
    rawQuery: string,
    call: RequestCall,
  ): Promise<void> {
    const args = route.read(checkedParameters(route, rawQuery));
    const { part } = route;
    if (part === 'none') return sendJson(res, 200, route.answer(undefined, args));
    if (part === 'metaState') {
      const role = await askSource(part, call, () => parts.metaState?.role(call) as MetaRole);
      const location = usable(part, () => locationFor(role, req, route.path, rawQuery));
      if (location !== undefined) return sendRedirect(res, location);
    }
    const value = await askSource(part, call, () => route.ask(parts, args, call));
    const json = usable(part, () => route.answer(value, args));
    sendJson(res, 200, json, part === 'metaState' ? await ageOf(call) : undefined);
  }

  /** How old the answer is, where the source says that it is. */
  async function ageOf(call: RequestCall): Promise<Headers> {
    const since = await askSource('metaState', call, () => parts.metaState?.staleSince?.(call));
    if (since === undefined) return {};
    const age = Math.floor(Date.now() / 1000 - since);
    return { age: usable('metaState', () => count(Math.max(age, 0), 'staleSince')) };
  }

  function fail(error: unknown, req: PegasusRequest, res: PegasusResponse): void {
    if (error === CLIENT_GONE) return;
    const shown = error instanceof PegasusError ? error : unexpected(error);
    // Only what came from elsewhere has a cause; what a client asked wrongly is no news to the host.
    if (Object.hasOwn(shown, 'cause')) reportError(shown, req);
    sendError(res, shown.code, shown.message);
  }

  return function pegasusHandler(req, res, next) {
    handle(req, res, next)
      .catch((error) => fail(error, req, res))
      // The response itself threw (some host has patched it): nothing can be said any more, but nobody is left waiting.
      .catch((error) => {
        reportError(unexpected(error), req);
        req.destroy();
      });
  };
}

/** @returns Where to send the client; `undefined` when this server is the primary and answers itself. */
function locationFor(
  role: MetaRole,
  req: PegasusRequest,
  path: string,
  rawQuery: string,
): string | undefined {
  if (role.role === 'primary') return undefined;
  if (role.role !== 'backup') throw new TypeError(`role must be "primary" or "backup", not ${show(role)}`);
  const location =
    role.primaryUrl === null ? undefined : redirectLocation(req, role.primaryUrl, path, rawQuery);
  if (location === undefined)
    throw new PegasusError('ERR_FORWARD_TO_OTHERS', 'no primary meta server is known');
  return location;
}

function checkedParameters(route: Route, rawQuery: string): Parameters {
  const query = parseQuery(rawQuery);
  if (!query.ok) throw invalidParameters(query.message);
  if (route.strict) {
    for (const name of query.parameters.keys()) {
      if (route.parameters.includes(name)) continue;
      throw invalidParameters(
        `unknown parameter "${name}": ${route.path} takes ${route.parameters.join(' and ')}`,
      );
    }
  }
  return query.parameters;
}

function unexpected(cause: unknown): PegasusError {
  return new PegasusError('ERR_UNKNOWN', 'this request failed', { cause });
}
