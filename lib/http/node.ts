import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';

/** The error code of RFC 9113. Node's own constant would load `node:http2`, which takes 6 ms of a start over HTTP/1. */
const INTERNAL_ERROR = 2;

/** A request of `node:http`, `node:https` or the compatibility API of `node:http2`. */
export type PegasusRequest = IncomingMessage | Http2ServerRequest;

/** The response that belongs to a {@link PegasusRequest}. */
export type PegasusResponse = ServerResponse | Http2ServerResponse;

/**
 * Ends a response that has started and cannot be completed, so that neither the client nor the memory waits.
 *
 * Clients of Node take a stream of HTTP/2 that is cancelled or closed without an error for a complete response.
 */
export function cutOff(res: PegasusResponse): void {
  if (res.writableFinished) return;
  if ('stream' in res) res.stream?.close(INTERNAL_ERROR);
  else res.destroy();
}
