import { noteEndpoints } from '../diagnostics/events.js';
import { announceError, announceRequest } from '../diagnostics/publish.js';
import { routesFor } from '../endpoints/index.js';
import type { ResponseBody } from '../http/body.js';
import { CLIENT_GONE, Patience } from '../http/deadline.js';
import type { PegasusRequest, PegasusResponse } from '../http/node.js';
import { bodyReader } from '../http/read-body.js';
import { type Refused, sendBody, sendError, sendRedirect } from '../http/send.js';
import { PegasusError } from '../model/errors.js';
import type { MaybePromise } from '../model/maybe-promise.js';
import { chain, isPromiseLike } from '../model/maybe-promise.js';
import type { ClusterSource } from '../model/source.js';
import type { Endpoint, PegasusHandler } from '../routing/endpoint.js';
import { type Asked, argumentsOf, targetReader } from '../routing/router.js';
import { partlyUnusable, sourceAsker, usable } from '../source-calls/call-source.js';
import { readSource } from '../validate/source.js';
import { guardOf } from './authorize.js';
import type { Exchange } from './context.js';
import type { HandlerOptions } from './options.js';
import { ageOf, redirectOf } from './primary-redirect.js';
import { readOptions } from './resolve-options.js';

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
  if (new.target !== undefined) {
    throw new TypeError('createPegasusHandler is a function, not a class: call it without new');
  }
  const parts = readSource(source);
  const settings = readOptions(options);
  const { authorize, basePath, maxQueryParams, maxUrlLength, maxPendingRequests, timeoutMs } = settings;
  const routes = routesFor(parts, settings);
  const readTarget = targetReader(routes, basePath);
  const readBody = bodyReader(timeoutMs);
  const ask = sourceAsker(parts, maxPendingRequests, timeoutMs);
  const guard = authorize && guardOf(authorize, timeoutMs, maxPendingRequests, report);

  function handle(
    asked: Asked,
    req: PegasusRequest,
    res: PegasusResponse,
    next?: () => unknown,
  ): MaybePromise<unknown> {
    const { route } = asked;
    if (route === undefined && next !== undefined) return next();
    announceRequest(pegasusHandler, req, route?.endpoint, res);
    if (route === undefined) {
      if (isTooLong(req)) return sendTooLong(req, res);
      const message = `service not found for "${asked.path.replace(/^\/+/, '')}"`;
      return sendError(req, res, { code: 'ERR_HANDLER_NOT_FOUND', message });
    }
    const patience = new Patience(res, timeoutMs);
    const exchange: Exchange = { handler: pegasusHandler, req, res, asked, route, patience };
    const answered =
      guard === undefined
        ? admit(exchange)
        : chain(guard(exchange), (denial) => {
            if (denial === undefined) return admit(exchange);
            return refuse(exchange, denial);
          });
    return isPromiseLike(answered) ? Promise.resolve(answered).finally(() => patience.end()) : answered;
  }

  function admit(exchange: Exchange): MaybePromise<void> {
    const { req, res, route } = exchange;
    const { endpoint, methods } = route;
    if (isTooLong(req)) return sendTooLong(req, res, endpoint);
    if (!methods.includes(req.method ?? 'GET')) {
      const allow = methods.join(', ');
      const message = `method ${req.method} is not allowed for "${endpoint.path}", use ${allow}`;
      return refuse(exchange, { code: 'ERR_HANDLER_NOT_FOUND', message, status: 405, allow });
    }
    if (req.method !== 'POST') return answer(exchange);
    return readBody(req, route.bodyLimit ?? 0).then((sent) =>
      typeof sent === 'string' ? answer(exchange, sent) : refuse(exchange, sent),
    );
  }

  /** Every step gives what the next one needs, or what the client has to be told instead: that is no news for the host. */
  function answer(exchange: Exchange, sent?: string): MaybePromise<void> {
    const { req, res, asked, route } = exchange;
    const args = argumentsOf(asked, route, maxQueryParams, sent);
    if (args instanceof PegasusError) return refuse(exchange, args);
    return chain(redirectOf(ask, exchange), (location) => {
      if (location instanceof PegasusError) return refuse(exchange, location);
      if (location !== undefined) return sendRedirect(res, location);
      return chain(bodyOf(exchange, args), (body) => {
        if (body instanceof PegasusError) return refuse(exchange, body);
        return chain(ageOf(ask, parts, exchange), (age) => {
          if (age instanceof PegasusError) return refuse(exchange, age);
          return sendBody(req, res, body, guard !== undefined, age);
        });
      });
    });
  }

  function bodyOf(exchange: Exchange, args: unknown): MaybePromise<ResponseBody | PegasusError> {
    const { req, route } = exchange;
    const { endpoint, question } = route;
    if (question === undefined) return route.answer(undefined, args, () => {});
    const reportTable = (table: string, cause: unknown) =>
      report(partlyUnusable(question.part, table, cause), req, endpoint);
    return chain(ask(question, args, exchange), (value) =>
      usable(question.part, () => route.answer(value, args, reportTable)),
    );
  }

  function refuse({ req, res, route }: Exchange, refused: Refused): void {
    sendError(req, res, refused, route.endpoint);
  }

  function isTooLong({ url = '/' }: PegasusRequest): boolean {
    return url.length > maxUrlLength;
  }

  function sendTooLong(req: PegasusRequest, res: PegasusResponse, endpoint?: Endpoint): void {
    const message = `the request target may have ${maxUrlLength} bytes at most`;
    sendError(req, res, { code: 'ERR_INVALID_PARAMETERS', message, status: 414 }, endpoint);
  }

  function report(error: PegasusError, req: PegasusRequest, endpoint: Endpoint | undefined): void {
    announceError(pegasusHandler, req, endpoint, error);
    settings.reportError(error, req, endpoint);
  }

  function fail(error: unknown, req: PegasusRequest, res: PegasusResponse, endpoint?: Endpoint): void {
    if (error === CLIENT_GONE) return;
    const shown = error instanceof PegasusError ? error : unexpected(error);
    // Only what came from elsewhere has a cause; that too many are waiting is no news to the host.
    if (Object.hasOwn(shown, 'cause')) report(shown, req, endpoint);
    try {
      sendError(req, res, shown, endpoint);
    } catch (cause) {
      // The response itself throws (some host has patched it): nothing can be said any more, but nobody is left waiting.
      report(unexpected(cause), req, endpoint);
      req.destroy();
    }
  }

  const pegasusHandler: PegasusHandler = (req, res, next) => {
    if (typeof res?.writeHead !== 'function') throw new TypeError(MISMOUNTED);
    let endpoint: Endpoint | undefined;
    try {
      const asked = readTarget(req.url ?? '/');
      endpoint = asked.route?.endpoint;
      const pending = handle(asked, req, res, next);
      if (isPromiseLike(pending)) Promise.resolve(pending).catch((error) => fail(error, req, res, endpoint));
    } catch (error) {
      fail(error, req, res, endpoint);
    }
  };
  noteEndpoints(
    pegasusHandler,
    routes.map(({ endpoint }) => endpoint.path),
  );
  return pegasusHandler;
}

/** Nobody is there to be answered, and whoever mounted it so must hear of it. */
const MISMOUNTED =
  "the handler takes node:http's (req, res, next?): under koa mount it by koa-mount and koa-connect, under fastify by @fastify/middie";

function unexpected(cause: unknown): PegasusError {
  return new PegasusError('ERR_UNKNOWN', 'this request failed', { cause });
}
