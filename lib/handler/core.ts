import { createRoutes } from '../endpoints/index.js';
import type { AnyRequest, AnyResponse } from '../http/exchange.js';
import { splitTarget } from '../http/request-target.js';
import { type HttpResponse, isResponse } from '../http/response.js';
import { PegasusError } from '../model/errors.js';
import type { MaybePromise } from '../model/maybe-promise.js';
import type { ClusterSource } from '../model/source.js';
import type { Endpoint, PegasusFetch, PegasusHandler } from '../routing/endpoint.js';
import type { Route } from '../routing/route.js';
import { createRouter, type MatchRoute, type RouteMatch } from '../routing/router.js';
import { checkUrlLength } from './checks.js';
import { RequestContext } from './context.js';
import { renderError } from './error-response.js';
import { createSteps } from './pipeline.js';
import { createReporter, type ReportError } from './report.js';
import type { ResolvedOptions } from './resolve-options.js';
import { runSteps, type Step } from './step.js';

/** A route with the steps of its requests. */
export interface HandledRoute extends Route {
  readonly steps: readonly Step[];
}

/** What `createPegasusHandler` and `createPegasusFetch` share: everything but receiving the request and sending the response. */
export interface Core {
  readonly routes: readonly Route[];
  readonly endpoints: readonly Endpoint[];
  readonly match: MatchRoute<HandledRoute>;
  readonly report: ReportError;
  /** Runs the steps of a request to an endpoint. Throws, or rejects, with what a step throws. */
  respond(req: AnyRequest, res: AnyResponse, matched: RouteMatch<HandledRoute>): MaybePromise<HttpResponse>;
  /** Returns the response to a path without an endpoint. */
  notFound(req: AnyRequest): HttpResponse;
  /** Returns the response to a request that has thrown `error`, and reports the error. */
  failed(error: unknown, req: AnyRequest, endpoint: Endpoint | undefined): HttpResponse;
}

/**
 * Creates the core of a handler.
 *
 * @param parts - The parts of the source, checked.
 * @param handler - Returns the handler, which does not exist yet.
 */
export function createCore(
  parts: ClusterSource,
  options: ResolvedOptions,
  handler: () => PegasusHandler | PegasusFetch,
): Core {
  const { timeoutMs, maxUrlLength } = options;
  const routes = createRoutes(parts, options);
  const report = createReporter(handler, options.onError);
  const stepsOf = createSteps(parts, options, report);
  const handledRoutes = routes.map((route): HandledRoute => ({ ...route, steps: stepsOf(route) }));
  const match = createRouter(handledRoutes, options.basePath);

  return {
    routes,
    endpoints: Object.freeze(routes.map(({ endpoint }) => endpoint)),
    match,
    report,
    respond(req, res, matched) {
      const context = new RequestContext(handler(), req, res, matched, timeoutMs, report);
      const response = runSteps(matched.route.steps, context);
      if (isResponse(response)) return response;
      return Promise.resolve(response).finally(() => context.deadline[Symbol.dispose]());
    },
    notFound(req) {
      const { path } = splitTarget(req.url ?? '/');
      const message = `service not found for "${path.replace(/^\/+/, '')}"`;
      const error = checkUrlLength(req.url, maxUrlLength) ?? {
        code: 'ERR_HANDLER_NOT_FOUND' as const,
        message,
      };
      return renderError({ req, endpoint: undefined }, error);
    },
    failed(error, req, endpoint) {
      const shown = error instanceof PegasusError ? error : unexpectedError(error);
      // An error without a cause is the client's mistake or a full queue, which is no news for the application.
      if (Object.hasOwn(shown, 'cause')) report(shown, req, endpoint);
      return renderError({ req, endpoint }, shown);
    },
  };
}

/** Wraps an error that is not for the client. */
export function unexpectedError(cause: unknown): PegasusError {
  return new PegasusError('ERR_UNKNOWN', 'this request failed', { cause });
}
