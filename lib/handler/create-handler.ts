import { publishRequest } from '../diagnostics/publish.js';
import { CLIENT_DISCONNECTED } from '../http/deadline.js';
import { isEnded } from '../http/exchange.js';
import { cutOff, type PegasusRequest, type PegasusResponse } from '../http/node.js';
import { isResponse } from '../http/response.js';
import { sendResponse } from '../http/send.js';
import { isPromiseLike, type MaybePromise } from '../model/maybe-promise.js';
import type { ClusterSource } from '../model/source.js';
import type { PegasusHandler } from '../routing/endpoint.js';
import type { RouteMatch } from '../routing/router.js';
import { validateSource } from '../validate/source.js';
import { createCore, type HandledRoute, unexpectedError } from './core.js';
import { rememberRoutes } from './openapi-document.js';
import type { HandlerOptions } from './options.js';
import { resolveOptions } from './resolve-options.js';
import { strippedTarget } from './stripped-target.js';

/** Tells a programmer how to mount the handler: without a response of Node, no client can be told. */
const WRONG_MOUNT_MESSAGE =
  "the handler takes node:http's (req, res, next?): under koa mount it with koa-mount and koa-connect, under fastify with @fastify/middie; for hosts that pass a Request and expect a Response (hono, Next's app router, SvelteKit, Bun, Deno) create it with createPegasusFetch";

/**
 * Creates the Pegasus HTTP interface of a source: a `(req, res, next?)` function for `http.createServer`, Express, Fastify, Koa and any
 * framework built on Node's `req` and `res`. Handlers share no state.
 *
 * @typeParam Req - The request that `authorize` and `onError` get; see {@link HandlerOptions}.
 * @param source - Where the data comes from. {@link memoryCluster} creates a source from a description.
 * @param options - See {@link HandlerOptions}.
 * @throws TypeError if the source or an option is invalid.
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { createPegasusHandler, memoryCluster } from 'pegasus-http';
 *
 * const cluster = memoryCluster({
 *   nodes: ['127.0.0.1:34801', '127.0.0.1:34802', '127.0.0.1:34803'],
 *   apps: [{ appName: 'temp', partitionCount: 8 }],
 * });
 * createServer(createPegasusHandler(cluster)).listen(34601, '127.0.0.1');
 * // curl 'http://127.0.0.1:34601/meta/app?name=temp&detail'
 * ```
 */
export function createPegasusHandler<Req extends PegasusRequest = PegasusRequest>(
  source: ClusterSource,
  options?: HandlerOptions<Req>,
): PegasusHandler {
  if (new.target !== undefined) {
    throw new TypeError('createPegasusHandler is a function, not a class: call it without new');
  }
  const parts = validateSource(source, 'createPegasusHandler');
  // The handler passes on the request that the framework gives it: Req is the application's word for it.
  const resolved = resolveOptions(options as HandlerOptions | undefined);
  const { timeoutMs, basePath } = resolved;
  const core = createCore(parts, resolved, () => handler);
  const { match, respond, report } = core;

  function handle(
    req: PegasusRequest,
    res: PegasusResponse,
    next: (() => unknown) | undefined,
  ): MaybePromise<unknown> {
    const matched = matchRequest(req);
    if (matched === undefined && next !== undefined) return next();
    publishRequest(handler, req, matched?.route.endpoint, res);
    if (matched === undefined) return sendResponse(req, res, core.notFound(req), timeoutMs);
    const response = respond(req, res, matched);
    if (isResponse(response)) return sendResponse(req, res, response, timeoutMs);
    return response.then((settled) => sendResponse(req, res, settled, timeoutMs));
  }

  function matchRequest(req: PegasusRequest): RouteMatch<HandledRoute> | undefined {
    const method = req.method ?? 'GET';
    const matched = match(method, req.url ?? '/');
    if (matched !== undefined && matched.route.endpoint.path !== '/') return matched;
    const target = strippedTarget(req, basePath);
    return target === undefined ? matched : match(method, target);
  }

  function fail(error: unknown, req: PegasusRequest, res: PegasusResponse): void {
    if (error === CLIENT_DISCONNECTED) return;
    const response = core.failed(error, req, matchRequest(req)?.route.endpoint);
    try {
      if (isEnded(res)) cutOff(res);
      else sendResponse(req, res, response, timeoutMs);
    } catch (cause) {
      // A patched response throws: the client can only be disconnected.
      report(unexpectedError(cause), req, matchRequest(req)?.route.endpoint);
      cutOff(res);
    }
  }

  // An arrow function, so that it cannot be called with new.
  const listener = (req: PegasusRequest, res: PegasusResponse, next?: () => unknown): void => {
    if (typeof res?.writeHead !== 'function') throw new TypeError(WRONG_MOUNT_MESSAGE);
    try {
      const pending = handle(req, res, next);
      if (isPromiseLike(pending)) Promise.resolve(pending).catch((error) => fail(error, req, res));
    } catch (error) {
      fail(error, req, res);
    }
  };

  const handler: PegasusHandler = Object.assign(listener, { endpoints: core.endpoints });
  rememberRoutes(handler, core.routes);
  return handler;
}
