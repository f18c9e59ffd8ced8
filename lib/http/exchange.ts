import type { FetchExchange } from './fetch-exchange.js';
import { FetchRequest } from './fetch-request.js';
import type { PegasusRequest, PegasusResponse } from './node.js';

/** A request of Node or of the Fetch API. */
export type AnyRequest = PegasusRequest | FetchRequest;

/** The other side of {@link AnyRequest}: where the library sees whether the client is still there. */
export type AnyResponse = PegasusResponse | FetchExchange;

/** Returns the request as the application passed it in. */
export function applicationRequest(req: AnyRequest): PegasusRequest | Request {
  return req instanceof FetchRequest ? req.request : req;
}

/** Returns the host and port that the client addressed. HTTP/2 sends `:authority` instead of `host`. */
export function requestHost(req: AnyRequest): string | undefined {
  return 'authority' in req && req.authority ? req.authority : req.headers.host;
}

/** Whether the connection, or the HTTP/2 stream, is closed. */
export function isDisconnected(res: AnyResponse): boolean {
  return 'stream' in res ? (res.stream?.destroyed ?? true) : res.destroyed;
}

/** Whether the response needs nothing more: another party has started it, or the client has disconnected. */
export function isEnded(res: PegasusResponse): boolean {
  return res.headersSent || res.writableEnded || isDisconnected(res);
}
