import type { PegasusRequest } from '../http/node.js';
import type { PegasusError } from '../model/errors.js';
import type { ClusterSource } from '../model/source.js';
import type { Endpoint, PegasusHandler } from '../routing/endpoint.js';

/**
 * What is published on the channel `pegasus-http:request` of `node:diagnostics_channel`, once for every request that a handler takes
 * (those that it passes to `next` are not its own), before anything else is done with it: even the guard has not been asked.
 *
 * All events of one request have the same `req`, by which a subscriber finds together what belongs together. A subscriber is called in
 * the middle of the request: it should be quick. What it throws does not reach the request; Node makes an uncaught exception of it.
 *
 * @example The time between a request and its answer, kept by the request.
 * ```ts
 * import { subscribe } from 'node:diagnostics_channel';
 * import type { ResponseEvent, PegasusRequest, RequestEvent } from 'pegasus-http';
 *
 * const ids = new WeakMap<PegasusRequest, number>();
 * let lastId = 0;
 * subscribe('pegasus-http:request', (message) => {
 *   ids.set((message as RequestEvent).req, ++lastId);
 * });
 * subscribe('pegasus-http:response', (message) => {
 *   const { req, status } = message as ResponseEvent;
 *   console.log(`#${ids.get(req)}: ${status ?? 'client gone'}`);
 * });
 * ```
 */
export interface RequestEvent {
  /** Which handler it was; a process may have several. */
  readonly handler: PegasusHandler;
  /** The request, as it came. */
  readonly req: PegasusRequest;
  /** The endpoint that was asked for; `undefined` when there is none at that path. */
  readonly endpoint: Endpoint | undefined;
}

/**
 * What is published on the channel `pegasus-http:source-call`, once for every question to a source, when the request has its answer or has
 * given it up. A `/meta/*` request asks two or three: its role, what the answer is made of, and how stale that is.
 *
 * @example
 * ```ts
 * import { subscribe } from 'node:diagnostics_channel';
 * import type { SourceCallEvent } from 'pegasus-http';
 *
 * subscribe('pegasus-http:source-call', (message) => {
 *   const { part, method, durationMs, error } = message as SourceCallEvent;
 *   if (durationMs > 100) console.log(`${part}.${method} took ${durationMs} ms`, error ?? '');
 * });
 * ```
 */
export interface SourceCallEvent extends RequestEvent {
  /** What was asked for: no source is asked for anything else. */
  readonly endpoint: Endpoint;
  /** The part of the source. */
  readonly part: keyof ClusterSource;
  /** The function that was called: `cluster`, `read`, `profiler.cpu`. */
  readonly method: string;
  /** Whether it was called for an earlier request, on whose answer this one waited, too. */
  readonly coalesced: boolean;
  /** How long this request waited, in milliseconds. */
  readonly durationMs: number;
  /**
   * Why there is no answer: what the client was told, with what the source threw as its `cause`; or the `AbortError` of a client
   * that has left. `undefined` when there is one.
   */
  readonly error: Error | undefined;
}

/**
 * What is published on the channel `pegasus-http:response`, once for every request that a handler took, when the response has been
 * handed over or the client has left. It is the last event of a request, but for the sources that a client that left has not waited for.
 *
 * @example
 * ```ts
 * import { subscribe } from 'node:diagnostics_channel';
 * import type { ResponseEvent } from 'pegasus-http';
 *
 * subscribe('pegasus-http:response', (message) => {
 *   const { endpoint, status, durationMs } = message as ResponseEvent;
 *   console.log(endpoint?.path ?? 'no endpoint', status ?? 'client gone', durationMs);
 * });
 * ```
 */
export interface ResponseEvent extends RequestEvent {
  /** The status of the response; `undefined` when the client left before it had all of it. */
  readonly status: number | undefined;
  /** From the handler's being called to the end of the response, in milliseconds. */
  readonly durationMs: number;
}

/**
 * What is published on the channel `pegasus-http:error`, whenever {@link HandlerOptions.onError} is called, and with the same error.
 *
 * @example
 * ```ts
 * import { subscribe } from 'node:diagnostics_channel';
 * import type { RequestErrorEvent } from 'pegasus-http';
 *
 * subscribe('pegasus-http:error', (message) => {
 *   const { endpoint, error } = message as RequestErrorEvent;
 *   console.error(endpoint?.path, error.code, error.message, error.cause);
 * });
 * ```
 */
export interface RequestErrorEvent extends RequestEvent {
  /** What `onError` gets. */
  readonly error: PegasusError;
}

/** The name of the channel that {@link ResponseEvent} comes on. */
export const RESPONSE_CHANNEL = 'pegasus-http:response';

const endpoints = new WeakMap<PegasusHandler, readonly string[]>();

/** Notes which endpoints a handler has, for those who keep figures of each. */
export function noteEndpoints(handler: PegasusHandler, paths: readonly string[]): void {
  endpoints.set(handler, paths);
}

/** The endpoints of a handler; `undefined` when it is none of this library's. */
export function endpointsOf(handler: PegasusHandler): readonly string[] | undefined {
  return endpoints.get(handler);
}
