import { channel } from 'node:diagnostics_channel';
import type { PegasusHandler, PegasusResponse } from './request.js';

/**
 * What is published on the channel `pegasus-http:answer` of `node:diagnostics_channel`, once for every request that a
 * handler took (those that it passes to `next` are not its own), when the response has been handed over or the client has
 * left.
 *
 * @example
 * ```ts
 * import { subscribe } from 'node:diagnostics_channel';
 * import type { AnswerEvent } from 'pegasus-http';
 *
 * subscribe('pegasus-http:answer', (message) => {
 *   const { endpoint, status, durationMs } = message as AnswerEvent;
 *   console.log(endpoint ?? 'no endpoint', status ?? 'client gone', durationMs);
 * });
 * ```
 */
export interface AnswerEvent {
  /** Which handler it was; a process may have several. */
  readonly handler: PegasusHandler;
  /** The endpoint's own path, `/meta/app`; `undefined` when there is none at the path that was asked for. */
  readonly endpoint: string | undefined;
  /** The status of the response; `undefined` when the client left before it had all of it. */
  readonly status: number | undefined;
  /** From the handler's being called to the end of the response, in milliseconds. */
  readonly durationMs: number;
}

/** The name of the channel that {@link AnswerEvent} comes on. */
export const ANSWER_CHANNEL = 'pegasus-http:answer';

const answers = channel(ANSWER_CHANNEL);

const endpoints = new WeakMap<PegasusHandler, readonly string[]>();

/** Notes which endpoints a handler has, for those who keep figures of each. */
export function noteEndpoints(handler: PegasusHandler, paths: readonly string[]): void {
  endpoints.set(handler, paths);
}

/** The endpoints of a handler; `undefined` when it is none of this library's. */
export function endpointsOf(handler: PegasusHandler): readonly string[] | undefined {
  return endpoints.get(handler);
}

/** Sees to it that an {@link AnswerEvent} is published when the response ends. Costs one look when nobody listens. */
export function announceAnswer(
  handler: PegasusHandler,
  endpoint: string | undefined,
  res: PegasusResponse,
): void {
  if (!answers.hasSubscribers) return;
  const startMs = performance.now();
  // HTTP/2's response calls itself finished when it was cut off, too, and forgets its stream by then.
  const stream = 'stream' in res ? res.stream : undefined;
  (res as import('node:http').ServerResponse).once('close', () => {
    const isWhole = stream === undefined ? res.writableFinished : res.writableEnded && !stream.aborted;
    const status = isWhole ? res.statusCode : undefined;
    const durationMs = performance.now() - startMs;
    answers.publish({ handler, endpoint, status, durationMs } satisfies AnswerEvent);
  });
}
