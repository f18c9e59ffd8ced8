import type { PegasusRequest } from '../http/node.js';
import type { PegasusError } from '../model/errors.js';
import type { ClusterSource } from '../model/source.js';
import type { Endpoint, PegasusFetch, PegasusHandler } from '../routing/endpoint.js';

/**
 * Published on the channel `pegasus-http:request` of `node:diagnostics_channel`, once for every request that a handler takes, before it does
 * anything else: `authorize` has not been called yet. Requests that the handler passes to `next` are not published.
 *
 * All events of one request have the same `req`, so a subscriber can relate them. Subscribers run synchronously within the request and
 * should be quick. If a subscriber throws, the request goes on, and Node reports an uncaught exception.
 *
 * @typeParam Req - The request: `Request` for the events of {@link createPegasusFetch}.
 *
 * @example Number the requests and log each response with its number.
 * ```ts
 * import { subscribe } from 'node:diagnostics_channel';
 * import type { PegasusRequest, RequestEvent, ResponseEvent } from 'pegasus-http';
 *
 * const ids = new WeakMap<PegasusRequest, number>();
 * let lastId = 0;
 * subscribe('pegasus-http:request', (message) => {
 *   ids.set((message as RequestEvent).req, ++lastId);
 * });
 * subscribe('pegasus-http:response', (message) => {
 *   const { req, status } = message as ResponseEvent;
 *   console.log(`#${ids.get(req)}: ${status ?? 'client disconnected'}`);
 * });
 * ```
 */
export interface RequestEvent<Req = PegasusRequest> {
  /** The handler. A process may have several. */
  readonly handler: PegasusHandler | PegasusFetch;
  /** The request. */
  readonly req: Req;
  /** The requested endpoint; `undefined` if no endpoint has the path. */
  readonly endpoint: Endpoint | undefined;
}

/**
 * Published on the channel `pegasus-http:source-call`, once for every call of a source, when the request has the result or has given up. A
 * `/meta/*` request makes two or three calls: `role`, the data, and `staleSince`.
 *
 * @example Log slow calls.
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
export interface SourceCallEvent<Req = PegasusRequest> extends RequestEvent<Req> {
  /** The requested endpoint. */
  readonly endpoint: Endpoint;
  /** The part of the source. */
  readonly part: keyof ClusterSource;
  /** The method of the part, such as `cluster`, `read` or `profiler.cpu`. */
  readonly method: string;
  /** Whether the request waited for the call of an earlier request. */
  readonly coalesced: boolean;
  /** The time that this request waited, in milliseconds. */
  readonly durationMs: number;
  /**
   * Why there is no result: the error for the client, whose `cause` is what the source threw, or the `AbortError` of a client that has
   * disconnected. `undefined` for a result.
   */
  readonly error: Error | undefined;
}

/**
 * Published on the channel `pegasus-http:response`, once for every request that a handler takes, when the response is handed over to the
 * operating system or the client has disconnected. It is the last event of a request, except for source calls of a client that has
 * disconnected.
 *
 * @example Write an access log.
 * ```ts
 * import { subscribe } from 'node:diagnostics_channel';
 * import type { ResponseEvent } from 'pegasus-http';
 *
 * subscribe('pegasus-http:response', (message) => {
 *   const { endpoint, status, durationMs } = message as ResponseEvent;
 *   console.log(endpoint?.path ?? 'no endpoint', status ?? 'client disconnected', durationMs);
 * });
 * ```
 */
export interface ResponseEvent<Req = PegasusRequest> extends RequestEvent<Req> {
  /** The status of the response; `undefined` if the client disconnected before it had the whole response. */
  readonly status: number | undefined;
  /** The time from the call of the handler to the end of the response, in milliseconds. */
  readonly durationMs: number;
}

/**
 * Published on the channel `pegasus-http:error` for every call of {@link HandlerOptions.onError}, with the same error.
 *
 * @example Log errors with their causes.
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
export interface RequestErrorEvent<Req = PegasusRequest> extends RequestEvent<Req> {
  /** The error that `onError` receives. */
  readonly error: PegasusError;
}

/** The channel of {@link ResponseEvent}. */
export const RESPONSE_CHANNEL = 'pegasus-http:response';
