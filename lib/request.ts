import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';

/** A request of `node:http`, `node:https` or of `node:http2`'s compatibility API. */
export type PegasusRequest = IncomingMessage | Http2ServerRequest;

/** The response that goes with a {@link PegasusRequest}. */
export type PegasusResponse = ServerResponse | Http2ServerResponse;

/**
 * Answers one request. It never throws and returns nothing: the answer, whatever it is, goes to `res`. (Without a response of Node's it
 * throws a `TypeError` that says how to mount it.)
 *
 * @param req - Read for its method, URL and headers; never changed.
 * @param res - Answered exactly once, unless `next` is called or the client is gone.
 * @param next - Called, without arguments and before anything is written, when the path is none of the interface's.
 *   Without it such a path is a 404. express and its like keep the errors of what comes behind to themselves; where `next` does throw
 *   or reject, that is told to `onError`, and answered with a 500 if nobody has answered yet.
 */
export type PegasusHandler = (req: PegasusRequest, res: PegasusResponse, next?: () => unknown) => void;

/** A request target in its two parts. */
export interface Target {
  readonly path: string;
  /** Without the `?`; empty when there is none. */
  readonly rawQuery: string;
}

const ORIGIN = /^https?:\/\/[^/?#]*/i;

/**
 * Splits a request target at the first `?`. A `#` behind it belongs to the query: targets have no fragment, and the
 * names of perf counters have `#` in them. The absolute form (`GET http://host/path`), which a server must accept, loses its origin.
 */
export function splitTarget(target: string): Target {
  const local = target.startsWith('/') ? target : target.replace(ORIGIN, '');
  const mark = local.indexOf('?');
  if (mark === -1) return { path: local, rawQuery: '' };
  return { path: local.slice(0, mark), rawQuery: local.slice(mark + 1) };
}

/** The host and port that the client believes to talk to. HTTP/2 has `:authority` in the place of `host`. */
export function hostOf(req: PegasusRequest): string | undefined {
  return 'authority' in req && req.authority ? req.authority : req.headers.host;
}

/** Whether the connection, or the HTTP/2 stream, is closed. */
export function isGone(res: PegasusResponse): boolean {
  return 'stream' in res ? (res.stream?.destroyed ?? true) : res.destroyed;
}
