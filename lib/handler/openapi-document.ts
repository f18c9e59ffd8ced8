import { createRoutes } from '../endpoints/index.js';
import { describeRoutes } from '../openapi/document.js';
import type { PegasusFetch, PegasusHandler } from '../routing/endpoint.js';
import type { Route } from '../routing/route.js';
import type { OpenApiDocument } from '../wire/openapi.js';
import type { HandlerOptions } from './options.js';
import { resolveOptions } from './resolve-options.js';

const routesOf = new WeakMap<object, readonly Route[]>();

/** Remembers the routes of a handler for {@link openApiDocument}. */
export function rememberRoutes(handler: PegasusHandler | PegasusFetch, routes: readonly Route[]): void {
  routesOf.set(handler, routes);
}

/**
 * Describes the interface as an OpenAPI 3.1 document, without a request. `GET /openapi.json` responds with the same.
 *
 * @param subject - A handler: the endpoints that it serves. Options of a handler: the endpoints that it would serve for a source that
 *   has everything.
 * @returns A new object that your application may change and write to a file.
 * @throws TypeError if `subject` is a function that neither `createPegasusHandler` nor `createPegasusFetch` of this copy of the package created, or if an option is
 *   invalid.
 *
 * @example
 * ```ts
 * import { createPegasusHandler, memoryCluster, openApiDocument } from 'pegasus-http';
 *
 * const handler = createPegasusHandler(memoryCluster(), { exclude: ['pprof'] });
 * console.log(JSON.stringify(openApiDocument(handler), null, 2));
 * ```
 */
export function openApiDocument(
  subject: PegasusHandler | PegasusFetch | HandlerOptions = {},
): OpenApiDocument {
  if (typeof subject !== 'function') return describeRoutes(createRoutes(undefined, resolveOptions(subject)));
  const routes = routesOf.get(subject);
  if (routes !== undefined) return describeRoutes(routes);
  throw new TypeError(
    'openApiDocument: takes a handler of createPegasusHandler or createPegasusFetch, or its options',
  );
}
