import type { RequestEvent } from '../diagnostics/events.js';
import { hasSourceSubscribers, publishSourceCall } from '../diagnostics/publish.js';
import type { Deadline } from '../http/deadline.js';
import { clientError } from '../model/errors.js';
import { isPromiseLike, type MaybePromise } from '../model/maybe-promise.js';
import type { ClusterSource } from '../model/source.js';
import type { Endpoint } from '../routing/endpoint.js';
import type { SourceOperation, SourcePart } from '../routing/source-operation.js';
import { PART_LABELS, toClientError } from './client-errors.js';
import { SingleFlight } from './single-flight.js';

/** The request that a source is called for. */
export interface CallingRequest extends RequestEvent {
  readonly endpoint: Endpoint;
  /** The deadline of all calls of the request together. */
  readonly deadline: Deadline;
}

/**
 * Calls a source and waits for the result.
 *
 * @throws A {@link PegasusError} that is fit for the client. If too many requests wait already, it is `ERR_BUSY` without a cause, and
 *   the source is not called.
 */
export type CallSource = <Args, Value>(
  operation: SourceOperation<Args, Value>,
  args: Args,
  request: CallingRequest,
) => MaybePromise<Value>;

/**
 * Creates the one place of a handler that calls its source. A synchronous result costs one small object; only pending calls are counted
 * and shared.
 *
 * @param maxPendingRequests - The maximum number of requests that wait on one part of the source.
 */
export function createSourceCaller(
  source: ClusterSource,
  maxPendingRequests: number,
  timeoutMs: number,
): CallSource {
  const createFlight = () => new SingleFlight({ maxPending: maxPendingRequests, maxAgeMs: timeoutMs / 2 });
  const flights: Readonly<Record<SourcePart, SingleFlight>> = {
    metaState: createFlight(),
    perfCounters: createFlight(),
    processInfo: createFlight(),
    metrics: createFlight(),
    config: createFlight(),
    replicas: createFlight(),
  };

  function run<Args, Value>(
    operation: SourceOperation<Args, Value>,
    args: Args,
    key: string | undefined,
    { deadline }: CallingRequest,
  ): MaybePromise<Value> {
    const { part, expectedMs } = operation;
    try {
      const result = flights[part].run(key, deadline, (context) => {
        const answer = operation.call(source, args, context);
        if (expectedMs !== undefined && isPromiseLike(answer)) deadline.extend(expectedMs(args));
        return answer;
      });
      if (!isPromiseLike(result)) return result;
      return result.then(undefined, (cause) => {
        throw toClientError(part, cause);
      });
    } catch (cause) {
      throw toClientError(part, cause);
    }
  }

  return function callSource(operation, args, request) {
    const { part, method } = operation;
    const flight = flights[part];
    if (flight.isFull) {
      throw clientError('ERR_BUSY', `too many requests wait on the ${PART_LABELS[part]} source`);
    }
    const key = operation.key && `${method} ${operation.key(args)}`;
    if (!hasSourceSubscribers()) return run(operation, args, key, request);
    const coalesced = key !== undefined && flight.has(key);
    return publishSourceCall(request, { part, method, coalesced }, () => run(operation, args, key, request));
  };
}
