import type { PegasusRequest } from '../http/node.js';
import type { PegasusError } from '../model/errors.js';
import type { MaybePromise } from '../model/maybe-promise.js';
import type { PprofFormat } from '../pprof/formats.js';
import type { Endpoint, EndpointGroup } from '../routing/endpoint.js';

/** Options of {@link createPegasusHandler}. They are read once, when the handler is made, and never changed. */
export interface HandlerOptions {
  /**
   * The path below which the interface lives, for hosts that hand the handler the whole path: `http.createServer`, bare fastify, bare koa.
   * Hosts that cut the mount path off (`app.use('/pegasus', handler)` under express, connect or middie, `koa-mount`) need none.
   * `/pegasus`, `/ops/pegasus/`; letters, digits and `-._~!$&'()+,;=@` between the slashes.
   *
   * @defaultValue `/`
   */
  readonly basePath?: string | undefined;
  /**
   * How long each of these may take, in milliseconds: `authorize`; the body of a `POST` to arrive (then `408 ERR_TIMEOUT`, and the
   * connection ends); the sources, over all that one request asks of them (then `504 ERR_TIMEOUT`, and the source's signal fires).
   *
   * @defaultValue 10,000
   */
  readonly timeoutMs?: number | undefined;
  /**
   * Decides who may see what. Called for every request of an endpoint before anything else is looked at: its method, its arguments, the
   * source. Not called for a path that is no endpoint, which tells nothing. Without it everybody may see everything.
   *
   * It fails closed: where it throws, rejects, takes longer than `timeoutMs` or answers something else, the client gets the same 403 as
   * from `'deny'`, and `onError` is told. Guarded answers carry `Cache-Control: no-store` and no `ETag`, for what one client may see is
   * not for the next one behind the same cache.
   *
   * @param req - The request, as it came. Its headers and its socket tell who asks; do not read its body, nor decide by its `url`,
   *   which one endpoint has in many spellings.
   * @param endpoint - What it asks for.
   * @returns See {@link AuthorizeResult}.
   *
   * @example A bearer token, compared in constant time; among the examples is one that also keeps profiles to this machine
   * ```ts
   * import { createHash, timingSafeEqual } from 'node:crypto';
   * import { createServer } from 'node:http';
   * import { createPegasusHandler, memoryCluster } from 'pegasus-http';
   *
   * const token = process.env['TOKEN'];
   * if (!token) throw new Error('TOKEN must be set');
   * const digest = (text: string) => createHash('sha256').update(text).digest();
   * const expected = digest(`Bearer ${token}`);
   *
   * const handler = createPegasusHandler(memoryCluster(), {
   *   authorize({ headers }) {
   *     const isKnown = timingSafeEqual(digest(headers.authorization ?? ''), expected);
   *     return isKnown ? 'allow' : { challenge: 'Bearer realm="pegasus"' };
   *   },
   * });
   * createServer(handler).listen(34601);
   * ```
   */
  readonly authorize?:
    | ((req: PegasusRequest, endpoint: Endpoint) => MaybePromise<AuthorizeResult>)
    | undefined;
  /**
   * Groups of endpoints that are not there at all: 404, or `next`, and `GET /` does not list them.
   *
   * @defaultValue none
   */
  readonly exclude?: readonly EndpointGroup[] | undefined;
  /**
   * The longest request target (path and query) that is answered, in bytes; beyond it `414 ERR_INVALID_PARAMETERS`. RFC 9112 wants
   * 8,000 at least, and the name of a table or counter is seldom a hundredth of that. Node itself ends at 16 KiB of head.
   *
   * @defaultValue 8192
   */
  readonly maxUrlLength?: number | undefined;
  /**
   * The most parameters that a query may have; beyond it `400 ERR_INVALID_PARAMETERS`. No endpoint knows more than two; those that ignore
   * what they do not know must not be made to decode thousands.
   *
   * @defaultValue 100
   */
  readonly maxQueryParams?: number | undefined;
  /**
   * How many requests may wait on one part of the source at a time (and as many on `authorize`); those beyond get `503 ERR_BUSY` with
   * `Retry-After` at once, and the source is not asked. Requests that ask the same share one call, but each of them counts, for each
   * holds a connection and some kilobytes. A source that answers at once has nobody waiting, and no limit.
   *
   * A thousand is more than the tables of a large cluster, all asked for at once. For a source that can do `n` calls a second, `n` times
   * the seconds that a client is willing to wait is a good number: whoever comes later would wait in vain.
   *
   * @defaultValue 1000
   */
  readonly maxPendingRequests?: number | undefined;
  /**
   * Called once for every request whose source failed (it threw or rejected, took too long, or handed out what cannot be printed), and
   * when `authorize`, `next` or the response itself did. A table that cannot be printed does not spoil an answer that has others to
   * show: it is left out, and told here once each time that such an answer is made.
   *
   * Not called for what a client did wrong, nor for a client that came when too many were waiting, nor after the client has left. What
   * this function throws is ignored.
   *
   * @param error - Its `code` is what the client got (`ERR_INVALID_DATA` for a table left out), its `message` says what failed; `cause` is
   *   what was thrown.
   * @param req - The request, as it came.
   * @param endpoint - What it asked for; `undefined` when that was no endpoint, and `next` failed.
   */
  readonly onError?:
    | ((error: PegasusError, req: PegasusRequest, endpoint: Endpoint | undefined) => void)
    | undefined;
  /** How `/pprof/*` answers, which is there when the source has a profiler and `exclude` does not name it. */
  readonly pprof?: PprofOptions | undefined;
}

/** How `/pprof/*` answers; see {@link HandlerOptions.pprof}. */
export interface PprofOptions {
  /**
   * What `/pprof/profile`, `/pprof/heap` and `/pprof/growth` answer when the request has no `format`. `proto` is a gzipped `profile.proto`,
   * complete in itself; `gperftools` is what a Pegasus server answers, needs `/pprof/symbol` of the living process, and is the only
   * one that the perl `google-pprof` reads.
   *
   * @defaultValue `proto` for `/pprof/profile`, `gperftools` for the other two
   */
  readonly defaultFormat?: PprofFormat | undefined;
  /**
   * The most seconds that a client may ask for.
   *
   * @defaultValue 300
   */
  readonly maxDurationSeconds?: number | undefined;
}

/**
 * What a guard says to a request: `'allow'` lets it through, `'deny'` is a `403 ERR_ACL_DENY`. A `challenge` is a
 * `401 ERR_UNAUTHENTICATED` that tells the client how to come again: the value of `WWW-Authenticate`, `Bearer realm="pegasus"`.
 */
export type AuthorizeResult = 'allow' | 'deny' | Challenge;

/** Wants credentials; see {@link AuthorizeResult}. */
export interface Challenge {
  /** What goes into `WWW-Authenticate`: a scheme, and its parameters in visible ASCII. */
  readonly challenge: string;
}
