import type { RequestEvent } from '../diagnostics/events.js';
import { hasSourceSubscribers, publishSourceCall } from '../diagnostics/publish.js';
import type { Deadline } from '../http/deadline.js';
import type { AnyRequest } from '../http/exchange.js';
import { clientError } from '../model/errors.js';
import { isPromiseLike, type MaybePromise } from '../model/maybe-promise.js';
import type { ClusterSource } from '../model/source.js';
import type { Endpoint } from '../routing/endpoint.js';
import type { SourceOperation, SourcePart } from '../routing/source-operation.js';
import { PART_LABELS, toClientError } from './client-errors.js';
import { SingleFlight } from './single-flight.js';
import { LazySourceContext } from './source-context.js';

/** The request that a source is called for. */
export interface CallingRequest extends RequestEvent<AnyRequest> {
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
    request: CallingRequest,
  ): MaybePromise<Value> {
    const { part, expectedMs } = operation;
    const flight = flights[part];
    try {
      const joined = flight.isIdle ? undefined : join(flight, operation, args, request.deadline);
      if (joined !== undefined) return rejectSafely(part, joined);
      const context = new LazySourceContext();
      const result = operation.call(source, args, context);
      if (!isPromiseLike(result)) return result;
      const { deadline } = request;
      if (expectedMs !== undefined) deadline.extend(expectedMs(args));
      return rejectSafely(part, flight.add(keyOf(operation, args), context, result, deadline));
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
    if (!hasSourceSubscribers()) return run(operation, args, request);
    const key = keyOf(operation, args);
    const coalesced = key !== undefined && flight.has(key);
    return publishSourceCall(request, { part, method, coalesced }, () => run(operation, args, request));
  };
}

/** Returns the deduplication key. It is computed when it is needed, because most sources answer synchronously. */
function keyOf<Args>(operation: SourceOperation<Args>, args: Args): string | undefined {
  return operation.key && `${operation.method} ${operation.key(args)}`;
}

function join<Args, Value>(
  flight: SingleFlight,
  operation: SourceOperation<Args, Value>,
  args: Args,
  deadline: Deadline,
): Promise<Value> | undefined {
  const key = keyOf(operation, args);
  return key === undefined ? undefined : flight.join(key, deadline);
}

function rejectSafely<Value>(part: SourcePart, result: Promise<Value>): Promise<Value> {
  return result.then(undefined, (cause) => {
    throw toClientError(part, cause);
  });
}
