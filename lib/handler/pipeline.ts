import type { ResponseBody } from '../http/body.js';
import { evaluatePreconditions } from '../http/preconditions.js';
import { createBodyReader } from '../http/read-body.js';
import { selectRepresentation } from '../http/representation.js';
import {
  type ErrorResponse,
  type HttpResponse,
  headOnlyResponse,
  preconditionFailedResponse,
} from '../http/response.js';
import { waitForTurn } from '../http/turn.js';
import { waitForReading } from '../http/unread.js';
import type { PegasusError } from '../model/errors.js';
import { isPromiseLike, type MaybePromise } from '../model/maybe-promise.js';
import type { ClusterSource } from '../model/source.js';
import type { Route } from '../routing/route.js';
import { parseArguments } from '../routing/router.js';
import type { SourceOperation } from '../routing/source-operation.js';
import { type CallSource, createSourceCaller } from '../source-calls/call-source.js';
import { renderFailure } from '../source-calls/client-errors.js';
import { ageHeader, callStaleSince, type StaleSince } from './age.js';
import { createAuthorizer } from './authorize.js';
import { checkFetchSite, checkHost } from './browser-access.js';
import { checkMethod, checkUrlLength } from './checks.js';
import type { RequestContext } from './context.js';
import { renderError } from './error-response.js';
import { callRole, redirectToPrimary } from './primary-redirect.js';
import type { ReportError } from './report.js';
import type { ResolvedOptions } from './resolve-options.js';
import { check, goOn, type Step } from './step.js';

/** Returns the steps of the requests to a route, in their order. */
export type StepsOf = (route: Route) => readonly Step[];

/** Creates the steps of a handler. A route gets only those that it needs. */
export function createSteps(source: ClusterSource, options: ResolvedOptions, report: ReportError): StepsOf {
  const { allowedHosts, authorize, maxPendingRequests, maxQueryParams, maxUrlLength, timeoutMs } = options;
  const authorizer = createAuthorizer(authorize, timeoutMs, maxPendingRequests, report);
  const callSource = createSourceCaller(source, maxPendingRequests, timeoutMs);
  const readBody = createBodyReader(timeoutMs);

  const checkAllowedHost = check((context) => checkHost(allowedHosts, context));
  const authorizeRequest = check(authorizer);

  /** Checks the URL and the method, responds early where the route does, and reads the arguments. */
  function readRequest(context: RequestContext): MaybePromise<HttpResponse | undefined> {
    const { req, route, match } = context;
    const error = checkUrlLength(req.url, maxUrlLength) ?? checkMethod(context);
    if (error !== undefined) return renderError(context, error);
    const early = route.respond?.(req, match.subpath, authorize !== undefined);
    if (early !== undefined) return 'code' in early ? renderError(context, early) : early;
    if (req.method !== 'POST') return parseRequest(context, undefined);
    return goOn(context, readBody(req, route.body?.maxBytes ?? 0), parseRequest);
  }

  function parseRequest(
    context: RequestContext,
    body: string | ErrorResponse | undefined,
  ): HttpResponse | undefined {
    if (typeof body === 'object') return renderError(context, body);
    const { match, route, req } = context;
    const { args, error } = parseArguments(match, maxQueryParams, body);
    if (error !== undefined) return renderError(context, error);
    context.args = route.withHeaders(args, req.headers ?? {});
    return undefined;
  }

  function redirectIfBackup(context: RequestContext): MaybePromise<HttpResponse | undefined> {
    return goOn(context, callRole(callSource, context), redirectToPrimary);
  }

  function addAge(context: RequestContext): MaybePromise<HttpResponse | undefined> {
    return goOn(context, callStaleSince(callSource, context), storeAge);
  }

  function selectResponse({
    req,
    responseBody,
    endpoint,
    route,
    age,
  }: RequestContext): MaybePromise<HttpResponse> {
    const isPrivate = authorize !== undefined || endpoint.access === 'write';
    const extra = route.vary === undefined ? age : { ...age, vary: route.vary };
    return selectRepresentation(req, responseBody as ResponseBody, isPrivate, extra);
  }

  return function stepsOf({ endpoint, operation, readHasEffects }) {
    const isWrite = endpoint.access === 'write';
    const hasEffects = isWrite || readHasEffects;
    const isMetaState = operation?.part === 'metaState';
    const hasAge = isMetaState && source.metaState?.staleSince !== undefined;
    const steps: (Step | false)[] = [
      awaitTurn,
      allowedHosts !== undefined && checkAllowedHost,
      hasEffects && check(checkFetchSite),
      (authorize !== undefined || isWrite) && authorizeRequest,
      readRequest,
      isMetaState && redirectIfBackup,
      hasEffects && respondBeforeEffects,
      awaitReader,
      operation !== undefined && sourceCall(operation, callSource),
      renderBody,
      hasAge && addAge,
      selectResponse,
    ];
    return steps.filter((step) => step !== false);
  };
}

/** Waits while too many pipelined requests are before this one. */
function awaitTurn({ req, res }: RequestContext): MaybePromise<undefined> {
  return waitForTurn(req, res);
}

/** Waits while the client of the connection does not read its large responses. */
function awaitReader({ res }: RequestContext): MaybePromise<undefined> {
  return waitForReading(res);
}

/** Creates the step that calls the source. After a wait, others may have large responses that the client does not read. */
function sourceCall(operation: SourceOperation, callSource: CallSource): Step {
  return (context) => {
    const value = callSource(operation, context.args, context);
    if (isPromiseLike(value)) {
      return value.then((settled) => {
        context.value = settled;
        return awaitReader(context);
      });
    }
    context.value = value;
    return undefined;
  };
}

function renderBody(context: RequestContext): MaybePromise<HttpResponse | undefined> {
  return goOn(context, renderValue(context), storeBody);
}

function renderValue(context: RequestContext): MaybePromise<ResponseBody | PegasusError> {
  const { route, value, args } = context;
  const part = route.operation?.part;
  if (part === undefined) return route.render(undefined, args, context);
  try {
    const body = route.render(value, args, context);
    return isPromiseLike(body) ? body.then(undefined, (cause) => renderFailure(part, cause)) : body;
  } catch (cause) {
    return renderFailure(part, cause);
  }
}

function storeBody(context: RequestContext, body: ResponseBody | PegasusError): HttpResponse | undefined {
  // Faster than `instanceof`, which also recognizes errors of other installed copies of this package.
  if (!('chunks' in body)) return renderError(context, body);
  context.responseBody = body;
  return undefined;
}

function storeAge(context: RequestContext, staleSince: StaleSince): undefined {
  context.age = ageHeader(staleSince);
}

/** Responds without the source where calling it would have effects that the request must not have. */
function respondBeforeEffects({ req, route, endpoint, args }: RequestContext): HttpResponse | undefined {
  if (req.method === 'HEAD' && route.readHasEffects) return headOnlyResponse(route.contentType(args));
  const isFailed = endpoint.access === 'write' && evaluatePreconditions(req, undefined) !== undefined;
  return isFailed ? preconditionFailedResponse() : undefined;
}
