import { channel } from 'node:diagnostics_channel';
import type { MaybePromise } from './contracts.js';
import type { Endpoint } from './endpoint.js';
import type { PegasusError } from './errors.js';
import {
  ANSWER_CHANNEL,
  type AnswerEvent,
  type FailureEvent,
  type RequestEvent,
  type SourceEvent,
} from './events.js';
import type { Exchange } from './exchange.js';
import { isPromise } from './maybe-promise.js';
import type { Question } from './question.js';
import type { PegasusHandler, PegasusRequest, PegasusResponse } from './request.js';

const requests = channel('pegasus-http:request');
const sources = channel('pegasus-http:source');
const answers = channel(ANSWER_CHANNEL);
const errors = channel('pegasus-http:error');

/**
 * Publishes a {@link RequestEvent}, and sees to it that an {@link AnswerEvent} is published when the response ends. Costs a look
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
    answers.publish({ handler, req, endpoint, status, durationMs } satisfies AnswerEvent);
  });
}

/** Publishes an {@link FailureEvent}. */
export function announceError(
  handler: PegasusHandler,
  req: PegasusRequest,
  endpoint: Endpoint | undefined,
  error: PegasusError,
): void {
  if (errors.hasSubscribers) errors.publish({ handler, req, endpoint, error } satisfies FailureEvent);
}

/** Whether anybody listens to {@link SourceEvent}s; else {@link announceSource} is work for nothing. */
export function isSourceWatched(): boolean {
  return sources.hasSubscribers;
}

/** Publishes a {@link SourceEvent} when a source has answered. */
export function announceSource<T>(
  { handler, req, route, patience }: Exchange,
  { part, name }: Pick<Question, 'part' | 'name'>,
  shared: boolean,
  ask: () => MaybePromise<T>,
): MaybePromise<T> {
  const startMs = performance.now();
  function publish(error: Error | undefined): void {
    const durationMs = performance.now() - startMs;
    const about = { handler, req, endpoint: route.endpoint, part, name };
    sources.publish({ ...about, shared, durationMs, error } satisfies SourceEvent);
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
    if (isPromise(answer)) return answer.then(published, rethrow);
    return published(answer);
  } catch (error) {
    return rethrow(error);
  }
}
