import type { MaybePromise } from '../model/maybe-promise.js';
import type { Endpoint } from '../routing/endpoint.js';
import type { AuthorizeResult, HandlerOptions } from './options.js';

/** Options of {@link createPegasusFetch}. The handler reads them once, when it is created. */
export interface FetchOptions extends Omit<HandlerOptions<Request>, 'authorize'> {
  /**
   * Authorizes requests; see {@link HandlerOptions.authorize}.
   *
   * @param request - The request. Decide by its headers. Do not read its body, and do not decide by `url`: an endpoint has many spellings.
   * @param endpoint - The requested endpoint.
   * @param clientAddress - What the option `clientAddress` returned. `undefined` if it is not set or knows none: then the client may be
   *   anywhere.
   */
  readonly authorize?:
    | ((
        request: Request,
        endpoint: Endpoint,
        clientAddress: string | undefined,
      ) => MaybePromise<AuthorizeResult>)
    | undefined;
  /**
   * Returns the IP address of the client, for `authorize`. A `Request` does not have it, but most hosts do.
   *
   * If it throws or returns another value, the address is unknown. Do not take it from a header that a client can send, such as
   * `x-forwarded-for` without a proxy that overwrites it.
   *
   * @param request - The request.
   * @param host - The further arguments of the call: Bun passes the server, Deno the connection, hono's `app.mount` the bindings and the
   *   execution context.
   *
   * @defaultValue unknown
   *
   * @example The address of the connection under hono on Node
   * ```ts
   * import { createPegasusFetch, memoryCluster } from 'pegasus-http';
   *
   * interface Bindings {
   *   incoming: { socket: { remoteAddress?: string } };
   * }
   * const pegasus = createPegasusFetch(memoryCluster(), {
   *   clientAddress: (_request, bindings: Bindings) => bindings.incoming.socket.remoteAddress,
   *   authorize: (_request, _endpoint, clientAddress) => (clientAddress === '127.0.0.1' ? 'allow' : 'deny'),
   * });
   * ```
   */
  // biome-ignore lint/suspicious/noExplicitAny: each host has its own arguments, which the application's function declares
  readonly clientAddress?: ((request: Request, ...host: any[]) => string | undefined) | undefined;
}
