import { publishError } from '../diagnostics/publish.js';
import type { PegasusRequest } from '../http/node.js';
import type { PegasusError } from '../model/errors.js';
import type { Endpoint, PegasusHandler } from '../routing/endpoint.js';
import type { HandlerOptions } from './options.js';

/** Reports an error to the application: to `onError` and to the subscribers of `pegasus-http:error`. */
export type ReportError = (error: PegasusError, req: PegasusRequest, endpoint: Endpoint | undefined) => void;

/** Creates the reporter of a handler. A throw or a rejection of `onError` never affects the request. */
export function createReporter(
  handler: () => PegasusHandler,
  onError: HandlerOptions['onError'],
): ReportError {
  return (error, req, endpoint) => {
    publishError({ handler: handler(), req, endpoint, error });
    new Promise((resolve) => resolve(onError?.(error, req, endpoint))).catch(() => {});
  };
}
