import type { PegasusRequest } from '../http/node.js';
import type { Compatibility } from '../model/enums.js';
import type { PegasusError } from '../model/errors.js';
import type { MaybePromise } from '../model/maybe-promise.js';
import type { PprofOptions } from '../pprof/formats.js';
import type { Endpoint, EndpointGroup } from '../routing/endpoint.js';
import type { StaticFiles } from '../routing/static-files.js';

/**
 * Options of {@link createPegasusHandler}; {@link FetchOptions} are those of {@link createPegasusFetch}. The handler reads them once, when it is created.
 *
 * @typeParam Req - The request as a middleware before the handler leaves it, such as `IncomingMessage & { user?: User }`. The handler
 *   passes it on and does not check it.
 */
export interface HandlerOptions<Req extends PegasusRequest | Request = PegasusRequest> {
  /**
   * The path prefix of the interface, for frameworks that do not strip the mount path from `req.url`: `http.createServer`, fastify, koa
   * without a mount plugin, and most fetch-style hosts. Frameworks that strip it (`app.use('/pegasus', handler)` of express, connect or middie, `koa-mount`) need
   * none. Examples: `/pegasus`, `/ops/pegasus/`. Segments consist of letters, digits and `-._~!$&'()+,;=@`.
   *
   * @defaultValue `/`
   */
  readonly basePath?: string | undefined;
  /**
   * The time limit in milliseconds for each of: `authorize`; the arrival of a `POST` body (then `408 ERR_TIMEOUT`, and the connection
   * closes); all source calls of one request together (then `504 ERR_TIMEOUT`, and the signal of the call aborts).
   *
   * @defaultValue 10,000
   */
  readonly timeoutMs?: number | undefined;
  /**
   * Authorizes requests. Called for every request to an endpoint, before the handler checks method and arguments or calls the source. Not called
   * for paths without an endpoint. Without this option every client may read everything, and no client may write.
   *
   * It fails closed: if it throws, rejects, takes longer than `timeoutMs` or returns another value, the client gets the same 403 as for
   * `'deny'`, and the handler calls `onError`. Responses carry `Cache-Control: no-store` and no `ETag`, so that no shared cache gives
   * them to another client.
   *
   * @param req - The request. Decide by its headers and socket. Do not read its body, and do not decide by `url`: an endpoint has many
   *   spellings.
   * @param endpoint - The requested endpoint.
   * @returns See {@link AuthorizeResult}.
   *
   * @example A bearer token, compared in constant time; examples/guarded.js also restricts profiles to this machine
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
   * createServer(handler).listen(34601, '127.0.0.1');
   * ```
   */
  readonly authorize?: Authorize<Req> | undefined;
  /**
   * Host names and addresses that requests may name in `Host`, such as `['localhost', '127.0.0.1', '::1']`, without ports. Other requests get
   * `403 ERR_ACL_DENY`. It protects a server on loopback from pages of other sites (DNS rebinding). Off by default, because a reverse
   * proxy passes public names on.
   *
   * @defaultValue any host
   */
  readonly allowedHosts?: readonly string[] | undefined;
  /**
   * Endpoint groups to disable. Requests to them fall through to `next()` or get a 404, and `GET /` does not list them.
   *
   * @defaultValue none
   */
  readonly exclude?: readonly EndpointGroup[] | undefined;
  /**
   * The maximum length of a request URL (path and query) in bytes; longer ones get `414 ERR_INVALID_PARAMETERS`. RFC 9112 recommends at
   * least 8,000. Node limits the whole head to 16 KiB.
   *
   * @defaultValue 8192
   */
  readonly maxUrlLength?: number | undefined;
  /**
   * The maximum number of query parameters; more get `400 ERR_INVALID_PARAMETERS`. It limits the work for endpoints that ignore unknown
   * parameters.
   *
   * @defaultValue 100
   */
  readonly maxQueryParams?: number | undefined;
  /**
   * The maximum number of requests that wait on one part of the source, and separately on `authorize`. Further requests are rejected
   * immediately with `503 ERR_BUSY` and `Retry-After`, and the source is not called. Coalesced requests count too, because each holds a
   * connection. Synchronous sources are not limited.
   *
   * For a source that serves `n` calls per second, choose `n` times the seconds that a client is willing to wait.
   *
   * @defaultValue 1000
   */
  readonly maxPendingRequests?: number | undefined;
  /**
   * Called once for every request whose source failed (it threw, rejected, timed out, or returned a value that cannot be printed), and when
   * `authorize`, `next` or the response throws. A table that cannot be printed is omitted from a response that has others to show, and
   * reported here once for each rendering.
   *
   * Not called for mistakes of the client, for requests beyond `maxPendingRequests`, nor after the client has disconnected. Errors that
   * this function throws are ignored.
   *
   * @param error - `code` is what the client got (`ERR_INVALID_DATA` for an omitted table), `message` says what failed, and `cause` is
   *   what was thrown.
   * @param req - The request.
   * @param endpoint - The requested endpoint; `undefined` if no endpoint has the path and `next` failed.
   */
  readonly onError?: ((error: PegasusError, req: Req, endpoint: Endpoint | undefined) => void) | undefined;
  /**
   * The generation of Pegasus whose responses the handler gives, where the generations differ for the same endpoint. `2.5`: nodes are sorted
   * by IP address and port, and `balance_operation_count` is `move_pri=0,copy_pri=0,copy_sec=0,total=0`. `2.6`: nodes are sorted by
   * the text of their host and then by port, and `balance_operation_count` is a string that holds JSON, with a `total` of -1 if the
   * source does not know it. Host names are served as the source has them in both.
   *
   * @defaultValue `2.5`
   *
   * @example
   * ```ts
   * import { createServer } from 'node:http';
   * import { createPegasusHandler, memoryCluster } from 'pegasus-http';
   *
   * const cluster = memoryCluster({ nodes: ['rs-2.example:34801', 'rs-10.example:34801'], apps: [{ appName: 'temp' }] });
   * createServer(createPegasusHandler(cluster, { compatibility: '2.6' })).listen(34601, '127.0.0.1');
   * ```
   */
  readonly compatibility?: Compatibility | undefined;
  /** Options of `/pprof/*`, which exists if the source has a profiler. */
  readonly pprof?: PprofOptions | undefined;
  /**
   * The web console, served at `/console/`: what `webConsole()` of `pegasus-http/console` returns. Browsers that open `GET /` are redirected
   * to it; every other client gets JSON there.
   *
   * @defaultValue no console
   */
  readonly console?: StaticFiles | undefined;
}

/** The type of {@link HandlerOptions.authorize}. `Req` is the request as the framework passes it on, for instance with `user`. */
export type Authorize<Req extends PegasusRequest | Request = PegasusRequest> = (
  req: Req,
  endpoint: Endpoint,
) => MaybePromise<AuthorizeResult>;

/**
 * The decision about a request. `'allow'` lets it through, `'deny'` is a `403 ERR_ACL_DENY`, and a {@link Challenge} is a
 * `401 ERR_UNAUTHENTICATED` that asks the client for credentials.
 */
export type AuthorizeResult = 'allow' | 'deny' | Challenge;

/** Asks the client for credentials; see {@link AuthorizeResult}. */
export interface Challenge {
  /** The value of `WWW-Authenticate`: a scheme and its parameters in visible ASCII, such as `Bearer realm="pegasus"`. */
  readonly challenge: string;
}
