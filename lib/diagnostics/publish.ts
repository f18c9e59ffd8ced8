import { channel } from 'node:diagnostics_channel';
import { onDisconnect } from '../http/disconnect.js';
import { type AnyRequest, type AnyResponse, applicationRequest } from '../http/exchange.js';
import type { PegasusRequest } from '../http/node.js';
import { isPromiseLike, type MaybePromise } from '../model/maybe-promise.js';
import type { Endpoint, PegasusFetch, PegasusHandler } from '../routing/endpoint.js';
import {
  RESPONSE_CHANNEL,
  type RequestErrorEvent,
  type RequestEvent,
  type ResponseEvent,
  type SourceCallEvent,
} from './events.js';

/** A request as the application passed it in. */
type SomeRequest = PegasusRequest | Request;

const requests = channel('pegasus-http:request');
const sourceCalls = channel('pegasus-http:source-call');
const responses = channel(RESPONSE_CHANNEL);
const errors = channel('pegasus-http:error');

/**
 * Publishes a {@link RequestEvent} and arranges for the {@link ResponseEvent} at the end of the response. Without subscribers it costs
 * one check per channel.
 */
export function publishRequest(
  handler: PegasusHandler | PegasusFetch,
  req: AnyRequest,
  endpoint: Endpoint | undefined,
  res: AnyResponse,
): void {
  const startMs = responses.hasSubscribers ? performance.now() : undefined;
  if (requests.hasSubscribers) {
    requests.publish({ handler, req: applicationRequest(req), endpoint } satisfies RequestEvent<SomeRequest>);
  }
  if (startMs !== undefined) publishResponseAtEnd({ handler, req, endpoint }, res, startMs);
}

function publishResponseAtEnd(
  { handler, req, endpoint }: RequestEvent<AnyRequest>,
  res: AnyResponse,
  startMs: number,
): void {
  const event = { handler, req: applicationRequest(req), endpoint };
  // A cut HTTP/2 response also reports that it is finished, and has lost its stream by then.
  const stream = 'stream' in res ? res.stream : undefined;
  let isPublished = false;
  const stop = onDisconnect(req, res, () => {
    if (isPublished) return;
    isPublished = true;
    const isWhole =
      stream === undefined
        ? res.writableFinished
        : res.writableEnded && !stream.aborted && stream.rstCode === 0;
    const status = isWhole ? res.statusCode : undefined;
    const durationMs = performance.now() - startMs;
    queueMicrotask(() => stop());
    responses.publish({ ...event, status, durationMs } satisfies ResponseEvent<SomeRequest>);
  });
}

/** Publishes a {@link RequestErrorEvent}. */
export function publishError(event: RequestErrorEvent<SomeRequest>): void {
  if (errors.hasSubscribers) errors.publish(event);
}

/** Whether {@link SourceCallEvent}s have subscribers. If not, {@link publishSourceCall} would be wasted work. */
export function hasSourceSubscribers(): boolean {
  return sourceCalls.hasSubscribers;
}

/** The request that a {@link SourceCallEvent} is about. */
interface CallingRequest extends RequestEvent<AnyRequest> {
  readonly endpoint: Endpoint;
  readonly deadline: { readonly abortReason: DOMException | undefined };
}

/** Calls a source and publishes a {@link SourceCallEvent} with the outcome. */
export function publishSourceCall<T>(
  { handler, req, endpoint, deadline }: CallingRequest,
  about: Pick<SourceCallEvent, 'part' | 'method' | 'coalesced'>,
  call: () => MaybePromise<T>,
): MaybePromise<T> {
  const startMs = performance.now();
  function publish(error: Error | undefined): void {
    const durationMs = performance.now() - startMs;
    const event: SourceCallEvent<SomeRequest> = {
      handler,
      req: applicationRequest(req),
      endpoint,
      ...about,
      durationMs,
      error,
    };
    sourceCalls.publish(event);
  }
  function published(result: T): T {
    publish(undefined);
    return result;
  }
  function rethrow(error: unknown): never {
    publish(error instanceof Error ? error : deadline.abortReason);
    throw error;
  }
  try {
    const result = call();
    if (isPromiseLike(result)) return result.then(published, rethrow);
    return published(result);
  } catch (error) {
    return rethrow(error);
  }
}
