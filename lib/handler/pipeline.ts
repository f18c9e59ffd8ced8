import type { ResponseBody } from '../http/body.js';
import { evaluatePreconditions } from '../http/preconditions.js';
import { createBodyReader } from '../http/read-body.js';
import { selectRepresentation } from '../http/representation.js';
import { type HttpResponse, headOnlyResponse, preconditionFailedResponse } from '../http/response.js';
import { waitForTurn } from '../http/turn.js';
import { waitForReading } from '../http/unread.js';
import { PegasusError } from '../model/errors.js';
import { isPromiseLike, type MaybePromise } from '../model/maybe-promise.js';
import type { ClusterSource } from '../model/source.js';
import type { Route } from '../routing/route.js';
import { parseArguments } from '../routing/router.js';
import type { SourceOperation } from '../routing/source-operation.js';
import { type CallSource, createSourceCaller } from '../source-calls/call-source.js';
import { renderSafely, skippedTableError } from '../source-calls/client-errors.js';
import { ageHeader, callStaleSince } from './age.js';
import { createAuthorizer } from './authorize.js';
import { checkFetchSite, checkHost } from './browser-access.js';
import { checkMethod, checkUrlLength } from './checks.js';
import type { RequestContext } from './context.js';
import { renderError } from './error-response.js';
import { callRole, redirectToPrimary } from './primary-redirect.js';
import type { ReportError } from './report.js';
import type { ResolvedOptions } from './resolve-options.js';

/** One step of a request. */
export interface Step<Result = unknown> {
  /** Does the work of the step. */
  run(context: RequestContext): MaybePromise<Result>;
  /** Stores the result in the context, or returns the response. */
  finish(context: RequestContext, result: Result): HttpResponse | undefined;
}

/** Runs steps until one responds. This is the one place of the pipeline that distinguishes promises from synchronous results. */
export function runSteps(
  steps: readonly Step[],
  context: RequestContext,
  from = 0,
): MaybePromise<HttpResponse> {
  for (let i = from; i < steps.length; i += 1) {
    const step = steps[i] as Step;
    const result = step.run(context);
    if (isPromiseLike(result)) {
      return result.then((settled) => step.finish(context, settled) ?? runSteps(steps, context, i + 1));
    }
    const response = step.finish(context, result);
    if (response !== undefined) return response;
  }
  throw new Error('no step has responded');
}

/** Returns the steps of the requests to a route, in their order. */
export type StepsOf = (route: Route) => readonly Step[];

/** Creates the steps of a handler. A route gets only those that it needs. */
export function createSteps(source: ClusterSource, options: ResolvedOptions, report: ReportError): StepsOf {
  const { allowedHosts, authorize, maxPendingRequests, maxQueryParams, maxUrlLength, timeoutMs } = options;
  const authorizer = createAuthorizer(authorize, timeoutMs, maxPendingRequests, report);
  const callSource = createSourceCaller(source, maxPendingRequests, timeoutMs);
  const readBody = createBodyReader(timeoutMs);

  const turn = wait(({ req, res }) => waitForTurn(req, res));
  const hostCheck = check((context) => checkHost(allowedHosts, context));
  const authorization = check(authorizer);
  const urlAndMethodCheck = check(
    (context) => checkUrlLength(context.req.url, maxUrlLength) ?? checkMethod(context),
  );
  const earlyResponse = step(
    ({ req, route, match }) => route.respond?.(req, match.subpath, authorize !== undefined),
    (context, early) => (early && 'code' in early ? renderError(context, early) : early),
  );
  const bodyReading = step(
    ({ req, route }) => (req.method === 'POST' ? readBody(req, route.body?.maxBytes ?? 0) : undefined),
    function storeRequestBody(context, body) {
      if (typeof body === 'object') return renderError(context, body);
      context.requestBody = body;
      return undefined;
    },
  );
  const argumentParsing = step(
    ({ match, requestBody }) => parseArguments(match, maxQueryParams, requestBody),
    function storeArguments(context, args) {
      if (args instanceof PegasusError) return renderError(context, args);
      context.args = context.route.withHeaders(args, context.req.headers ?? {});
      return undefined;
    },
  );
  const primaryRedirect = step((context) => callRole(callSource, context), redirectToPrimary);
  const staleness = step(
    (context) => callStaleSince(callSource, source, context),
    function storeAge(context, staleSince) {
      context.age = ageHeader(staleSince);
      return undefined;
    },
  );
  const rendering = step(
    afterReading((context) => renderValue(context, report)),
    function storeBody(context, body) {
      if (body instanceof PegasusError) return renderError(context, body);
      context.responseBody = body;
      return undefined;
    },
  );
  const selection = respond(({ req, responseBody, endpoint, route, age }) => {
    const isPrivate = authorize !== undefined || endpoint.access === 'write';
    const extra = route.vary === undefined ? age : { ...age, vary: route.vary };
    return selectRepresentation(req, responseBody as ResponseBody, isPrivate, extra);
  });

  return function stepsOf({ endpoint, methods, operation, readHasEffects, respond: early }) {
    const isWrite = endpoint.access === 'write';
    const hasEffects = isWrite || readHasEffects;
    const isMetaState = operation?.part === 'metaState';
    const steps = [
      turn,
      allowedHosts !== undefined && hostCheck,
      hasEffects && check(checkFetchSite),
      (authorize !== undefined || isWrite) && authorization,
      urlAndMethodCheck,
      early !== undefined && earlyResponse,
      methods.includes('POST') && bodyReading,
      argumentParsing,
      isMetaState && primaryRedirect,
      hasEffects && respond(respondBeforeEffects),
      operation !== undefined && sourceCall(operation, callSource),
      rendering,
      isMetaState && staleness,
      selection,
    ];
    return steps.filter((one) => one !== false);
  };
}

function sourceCall(operation: SourceOperation, callSource: CallSource): Step {
  return step(
    afterReading((context) => callSource(operation, context.args, context)),
    function storeValue(context, value) {
      context.value = value;
      return undefined;
    },
  );
}

function step<Result>(run: Step<Result>['run'], finish: Step<Result>['finish']): Step {
  return { run, finish } as Step;
}

/** Delays a run while the client of the connection does not read its large responses. */
function afterReading<Result>(run: Step<Result>['run']): Step<Result>['run'] {
  return (context) => {
    const waiting = waitForReading(context.res);
    return waiting === undefined ? run(context) : waiting.then(() => run(context));
  };
}

/** Creates a step that only waits. */
function wait(run: Step<void>['run']): Step {
  return step(run, () => undefined);
}

/** Creates a step that responds to the error that `run` returns. */
function check(run: Step<Parameters<typeof renderError>[1] | undefined>['run']): Step {
  return step(run, (context, error) => error && renderError(context, error));
}

/** Creates a step that responds with what `run` returns. */
function respond(run: Step<HttpResponse | undefined>['run']): Step {
  return step(run, (_, response) => response);
}

/** Responds without the source where calling it would have effects that the request must not have. */
function respondBeforeEffects({ req, route, endpoint, args }: RequestContext): HttpResponse | undefined {
  if (req.method === 'HEAD' && route.readHasEffects) return headOnlyResponse(route.contentType(args));
  const isFailed = endpoint.access === 'write' && evaluatePreconditions(req, undefined) !== undefined;
  return isFailed ? preconditionFailedResponse() : undefined;
}

function renderValue(
  context: RequestContext,
  report: ReportError,
): MaybePromise<ResponseBody | PegasusError> {
  const { req, endpoint, route, value, args } = context;
  const part = route.operation?.part;
  if (part === undefined) return route.render(undefined, args, () => {});
  const onSkippedTable = (table: string, cause: unknown) =>
    report(skippedTableError(part, table, cause), req, endpoint);
  return renderSafely(part, () => route.render(value, args, onSkippedTable));
}
