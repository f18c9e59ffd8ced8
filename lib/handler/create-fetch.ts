import { publishRequest } from '../diagnostics/publish.js';
import { CLIENT_DISCONNECTED } from '../http/deadline.js';
import { FetchExchange } from '../http/fetch-exchange.js';
import { FetchRequest } from '../http/fetch-request.js';
import { toFetchResponse } from '../http/fetch-response.js';
import type { HttpResponse } from '../http/response.js';
import type { ClusterSource } from '../model/source.js';
import type { PegasusFetch } from '../routing/endpoint.js';
import { validateSource } from '../validate/source.js';
import { createCore } from './core.js';
import type { FetchOptions } from './fetch-options.js';
import { rememberRoutes } from './openapi-document.js';
import { resolveFetchOptions } from './resolve-options.js';

/** Tells a programmer how to mount the handler: without a `Request`, there is nothing to answer. */
const WRONG_MOUNT_MESSAGE =
  "the handler of createPegasusFetch takes a Request: under hono mount it with app.mount('/pegasus', handler) or pass it c.req.raw, in SvelteKit event.request; for node:http's (req, res), express, fastify and koa use createPegasusHandler";

/** The response to a client that has disconnected. No client gets it; the status is that of other servers in their logs. */
const DISCONNECTED: HttpResponse = { status: 499, headers: {}, chunks: [] };

/**
 * Creates the Pegasus HTTP interface of a source as a function from `Request` to `Response` (Fetch API), for Next's app router, SvelteKit,
 * Hono, Bun, Deno and other hosts of this kind. Routes, authorization, limits, responses and events are those of
 * {@link createPegasusHandler}.
 *
 * The host must run on Node or have Node's modules, as Bun and Deno have them. "Edge" runtimes do not.
 *
 * @param source - Where the data comes from.
 * @param options - See {@link FetchOptions}. Most hosts of this kind do not strip the mount path: set `basePath`.
 * @throws TypeError if the source or an option is invalid.
 *
 * @example
 * ```ts
 * import { createPegasusFetch, memoryCluster } from 'pegasus-http';
 *
 * const cluster = memoryCluster({ nodes: ['127.0.0.1:34801'], apps: [{ appName: 'temp', partitionCount: 8 }] });
 * const pegasus = createPegasusFetch(cluster, { basePath: '/pegasus' });
 *
 * const response = await pegasus(new Request('http://127.0.0.1:34601/pegasus/meta/app?name=temp'));
 * console.log(await response.json());
 * ```
 */
export function createPegasusFetch(source: ClusterSource, options?: FetchOptions): PegasusFetch {
  if (new.target !== undefined) {
    throw new TypeError('createPegasusFetch is a function, not a class: call it without new');
  }
  const parts = validateSource(source, 'createPegasusFetch');
  const { clientAddress, ...resolved } = resolveFetchOptions(options);
  const { timeoutMs } = resolved;
  const core = createCore(parts, resolved, () => handler);

  async function respond(req: FetchRequest, exchange: FetchExchange): Promise<HttpResponse> {
    const matched = core.match(req.method, req.url);
    publishRequest(handler, req, matched?.route.endpoint, exchange);
    return matched === undefined ? core.notFound(req) : core.respond(req, exchange, matched);
  }

  function failed(error: unknown, req: FetchRequest): HttpResponse {
    if (error === CLIENT_DISCONNECTED) return DISCONNECTED;
    return core.failed(error, req, core.match(req.method, req.url)?.route.endpoint);
  }

  // An arrow function, so that it cannot be called with new.
  const answer = async (request: Request, ...host: unknown[]): Promise<Response> => {
    if (typeof request?.url !== 'string' || typeof request.headers?.forEach !== 'function') {
      throw new TypeError(WRONG_MOUNT_MESSAGE);
    }
    const req = new FetchRequest(request, addressOf(request, host));
    const exchange = new FetchExchange(request);
    const response = await respond(req, exchange).catch((error) => failed(error, req));
    return toFetchResponse(req, exchange, response, timeoutMs);
  };

  /** A client whose address is unknown is no particular client. */
  function addressOf(request: Request, host: readonly unknown[]): string | undefined {
    try {
      const address: unknown = clientAddress?.(request, ...host);
      return typeof address === 'string' ? address : undefined;
    } catch {
      return undefined;
    }
  }

  const handler: PegasusFetch = Object.assign(answer, { endpoints: core.endpoints });
  rememberRoutes(handler, core.routes);
  return handler;
}
