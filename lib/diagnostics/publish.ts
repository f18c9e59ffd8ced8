import { channel } from 'node:diagnostics_channel';
import type { Exchange } from '../handler/context.js';
import type { PegasusRequest, PegasusResponse } from '../http/node.js';
import type { PegasusError } from '../model/errors.js';
import type { MaybePromise } from '../model/maybe-promise.js';
import { isPromiseLike } from '../model/maybe-promise.js';
import type { Endpoint, PegasusHandler } from '../routing/endpoint.js';
import type { Question } from '../routing/source-operation.js';
import {
  RESPONSE_CHANNEL,
  type RequestErrorEvent,
  type RequestEvent,
  type ResponseEvent,
  type SourceCallEvent,
} from './events.js';

const requests = channel('pegasus-http:request');
const sources = channel('pegasus-http:source-call');
const answers = channel(RESPONSE_CHANNEL);
const errors = channel('pegasus-http:error');

/**
 * Publishes a {@link RequestEvent}, and sees to it that an {@link ResponseEvent} is published when the response ends. Costs a look
 * each when nobody listens.
 */
export function announceRequest(
  handler: PegasusHandler,
  req: PegasusRequest,
  endpoint: Endpoint | undefined,
  res: PegasusResponse,
): void {
  const startMs = answers.hasSubscribers ? performance.now() : undefined;
  if (requests.hasSubscribers) requests.publish({ handler, req, endpoint } satisfies RequestEvent);
  if (startMs === undefined) return;
  // HTTP/2's response calls itself finished when it was cut off, too, and forgets its stream by then.
  const stream = 'stream' in res ? res.stream : undefined;
  (res as import('node:http').ServerResponse).once('close', () => {
    const isWhole = stream === undefined ? res.writableFinished : res.writableEnded && !stream.aborted;
    const status = isWhole ? res.statusCode : undefined;
    const durationMs = performance.now() - startMs;
    answers.publish({ handler, req, endpoint, status, durationMs } satisfies ResponseEvent);
  });
}

/** Publishes an {@link RequestErrorEvent}. */
export function announceError(
  handler: PegasusHandler,
  req: PegasusRequest,
  endpoint: Endpoint | undefined,
  error: PegasusError,
): void {
  if (errors.hasSubscribers) errors.publish({ handler, req, endpoint, error } satisfies RequestErrorEvent);
}

/** Whether anybody listens to {@link SourceCallEvent}s; else {@link announceSource} is work for nothing. */
export function isSourceWatched(): boolean {
  return sources.hasSubscribers;
}

/** Publishes a {@link SourceCallEvent} when a source has answered. */
export function announceSource<T>(
  { handler, req, route, patience }: Exchange,
  { part, name: method }: Pick<Question, 'part' | 'name'>,
  coalesced: boolean,
  ask: () => MaybePromise<T>,
): MaybePromise<T> {
  const startMs = performance.now();
  function publish(error: Error | undefined): void {
    const durationMs = performance.now() - startMs;
    const about = { handler, req, endpoint: route.endpoint, part, method };
    sources.publish({ ...about, coalesced, durationMs, error } satisfies SourceCallEvent);
  }
  function published(answer: T): T {
    publish(undefined);
    return answer;
  }
  function rethrow(error: unknown): never {
    publish(error instanceof Error ? error : patience.lostFor);
    throw error;
  }
  try {
    const answer = ask();
    if (isPromiseLike(answer)) return answer.then(published, rethrow);
    return published(answer);
  } catch (error) {
    return rethrow(error);
  }
}
