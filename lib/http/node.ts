import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';

/** A request of `node:http`, `node:https` or of `node:http2`'s compatibility API. */
export type PegasusRequest = IncomingMessage | Http2ServerRequest;

/** The response that goes with a {@link PegasusRequest}. */
export type PegasusResponse = ServerResponse | Http2ServerResponse;

/** The host and port that the client believes to talk to. HTTP/2 has `:authority` in the place of `host`. */
export function requestHost(req: PegasusRequest): string | undefined {
  return 'authority' in req && req.authority ? req.authority : req.headers.host;
}

/** Whether the connection, or the HTTP/2 stream, is closed. */
export function isDisconnected(res: PegasusResponse): boolean {
  return 'stream' in res ? (res.stream?.destroyed ?? true) : res.destroyed;
}
