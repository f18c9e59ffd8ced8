import { publishRequest } from '../diagnostics/publish.js';
import { createRoutes } from '../endpoints/index.js';
import { CLIENT_DISCONNECTED } from '../http/deadline.js';
import { cutOff, isEnded, type PegasusRequest, type PegasusResponse } from '../http/node.js';
import { splitTarget } from '../http/request-target.js';
import { sendResponse } from '../http/send.js';
import { PegasusError } from '../model/errors.js';
import { isPromiseLike, type MaybePromise } from '../model/maybe-promise.js';
import type { ClusterSource } from '../model/source.js';
import type { Endpoint, PegasusHandler } from '../routing/endpoint.js';
import { createRouter } from '../routing/router.js';
import { validateSource } from '../validate/source.js';
import { checkUrlLength } from './checks.js';
import { RequestContext } from './context.js';
import { renderError } from './error-response.js';
import { rememberRoutes } from './openapi-document.js';
import type { HandlerOptions } from './options.js';
import { createSteps, runSteps } from './pipeline.js';
import { createReporter } from './report.js';
import { resolveOptions } from './resolve-options.js';

/** Tells a programmer how to mount the handler: without a response of Node, no client can be told. */
const WRONG_MOUNT_MESSAGE =
  "the handler takes node:http's (req, res, next?): under koa mount it with koa-mount and koa-connect, under fastify with @fastify/middie";

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
  const parts = validateSource(source);
  // The handler passes on the request that the framework gives it: Req is the application's word for it.
  const resolved = resolveOptions(options as HandlerOptions | undefined);
  const { timeoutMs, maxUrlLength } = resolved;
  const routes = createRoutes(parts, resolved);
  const match = createRouter(routes, resolved.basePath);
  const report = createReporter(() => handler, resolved.onError);
  const stepsOf = createSteps(parts, resolved, report);
  const stepsByRoute = new Map(routes.map((route) => [route, stepsOf(route)]));

  function handle(
    req: PegasusRequest,
    res: PegasusResponse,
    next: (() => unknown) | undefined,
  ): MaybePromise<unknown> {
    const matched = match(req.method ?? 'GET', req.url ?? '/');
    if (matched === undefined && next !== undefined) return next();
    publishRequest(handler, req, matched?.route.endpoint, res);
    if (matched === undefined) return sendNotFound(req, res);
    const context = new RequestContext(handler, req, res, matched, timeoutMs);
    const response = runSteps(stepsByRoute.get(matched.route) ?? [], context);
    if (!isPromiseLike(response)) return sendResponse(req, res, response, timeoutMs);
    return Promise.resolve(response)
      .finally(() => context.deadline[Symbol.dispose]())
      .then((settled) => sendResponse(req, res, settled, timeoutMs));
  }

  function sendNotFound(req: PegasusRequest, res: PegasusResponse): MaybePromise<void> {
    const { path } = splitTarget(req.url ?? '/');
    const message = `service not found for "${path.replace(/^\/+/, '')}"`;
    const error = checkUrlLength(req.url, maxUrlLength) ?? {
      code: 'ERR_HANDLER_NOT_FOUND' as const,
      message,
    };
    return sendResponse(req, res, renderError({ req, endpoint: undefined }, error), timeoutMs);
  }

  function fail(error: unknown, req: PegasusRequest, res: PegasusResponse): void {
    if (error === CLIENT_DISCONNECTED) return;
    const endpoint = endpointOf(req);
    const shown = error instanceof PegasusError ? error : unexpectedError(error);
    // An error without a cause is the client's mistake or a full queue, which is no news for the application.
    if (Object.hasOwn(shown, 'cause')) report(shown, req, endpoint);
    try {
      if (isEnded(res)) cutOff(res);
      else sendResponse(req, res, renderError({ req, endpoint }, shown), timeoutMs);
    } catch (cause) {
      // A patched response throws: the client can only be disconnected.
      report(unexpectedError(cause), req, endpoint);
      cutOff(res);
    }
  }

  function endpointOf(req: PegasusRequest): Endpoint | undefined {
    return match(req.method ?? 'GET', req.url ?? '/')?.route.endpoint;
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

  const endpoints: readonly Endpoint[] = Object.freeze(routes.map(({ endpoint }) => endpoint));
  const handler: PegasusHandler = Object.assign(listener, { endpoints });
  rememberRoutes(handler, routes);
  return handler;
}

function unexpectedError(cause: unknown): PegasusError {
  return new PegasusError('ERR_UNKNOWN', 'this request failed', { cause });
}
