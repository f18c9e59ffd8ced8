import { type ErrorResponse, type HttpResponse, isResponse } from '../http/response.js';
import { isPromiseLike, type MaybePromise } from '../model/maybe-promise.js';
import type { RequestContext } from './context.js';
import { renderError } from './error-response.js';

/** One step of a request. Stores its result in the context, or returns the response. */
export type Step = (context: RequestContext) => MaybePromise<HttpResponse | undefined>;

/** Runs steps until one responds. */
export function runSteps(
  steps: readonly Step[],
  context: RequestContext,
  from = 0,
): MaybePromise<HttpResponse> {
  for (let i = from; i < steps.length; i += 1) {
    const response = (steps[i] as Step)(context);
    if (response === undefined) continue;
    if (isResponse(response)) return response;
    return response.then((settled) => settled ?? runSteps(steps, context, i + 1));
  }
  throw new Error('no step has responded');
}

/**
 * Goes on with a result: at once if it is there, else when it comes. `finish` gets the context as an argument, because one closure for each
 * step of each request would cost more than the step.
 */
export function goOn<Result>(
  context: RequestContext,
  result: MaybePromise<Result>,
  finish: (context: RequestContext, result: Result) => HttpResponse | undefined,
): MaybePromise<HttpResponse | undefined> {
  return isPromiseLike(result) ? goOnLater(context, result, finish) : finish(context, result);
}

function goOnLater<Result>(
  context: RequestContext,
  result: PromiseLike<Result>,
  finish: (context: RequestContext, result: Result) => HttpResponse | undefined,
): PromiseLike<HttpResponse | undefined> {
  return result.then((settled) => finish(context, settled));
}

/** Creates a step that responds to the error that `find` returns. */
export function check(find: (context: RequestContext) => MaybePromise<ErrorResponse | undefined>): Step {
  return (context) => goOn(context, find(context), respondToError);
}

function respondToError(context: RequestContext, error: ErrorResponse | undefined): HttpResponse | undefined {
  return error && renderError(context, error);
}
