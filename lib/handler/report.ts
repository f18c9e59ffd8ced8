import { publishError } from '../diagnostics/publish.js';
import { type AnyRequest, applicationRequest } from '../http/exchange.js';
import type { PegasusError } from '../model/errors.js';
import type { Endpoint, PegasusFetch, PegasusHandler } from '../routing/endpoint.js';
import type { ResolvedOptions } from './resolve-options.js';

/** Reports an error to the application: to `onError` and to the subscribers of `pegasus-http:error`. */
export type ReportError = (error: PegasusError, req: AnyRequest, endpoint: Endpoint | undefined) => void;

/** Creates the reporter of a handler. A throw or a rejection of `onError` never affects the request. */
export function createReporter(
  handler: () => PegasusHandler | PegasusFetch,
  onError: ResolvedOptions['onError'],
): ReportError {
  return (error, received, endpoint) => {
    const req = applicationRequest(received);
    publishError({ handler: handler(), req, endpoint, error });
    new Promise((resolve) => resolve(onError?.(error, req, endpoint))).catch(() => {});
  };
}
