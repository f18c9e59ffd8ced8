import { prefersHtml } from '../http/accept-html.js';
import { jsonBody } from '../http/body.js';
import type { AnyRequest } from '../http/exchange.js';
import { relativeRedirect } from '../http/relative-redirect.js';
import { escapeJson } from '../render/format.js';
import { objectOf, property } from '../render/json.js';
import { defineRoute, type Route } from '../routing/route.js';
import * as wire from '../wire/process.js';

/**
 * Creates the route of `GET /`.
 *
 * A client that prefers HTML is redirected to the page, if one is served.
 *
 * @param page - The path of the page; `undefined` if none is served.
 * @param routes - Returns the routes to list. Called when the response is rendered.
 */
export function helpRoute(page: string | undefined, routes: () => readonly Route[]): Route {
  return defineRoute({
    path: '/',
    group: 'listing',
    access: 'read',
    summary: 'Lists the paths of this server.',
    params: {},
    ...(page !== undefined && {
      vary: 'accept, accept-encoding',
      respond: (req: AnyRequest) =>
        prefersHtml(req.headers) ? relativeRedirect(req, `${page.slice(1)}/`, 'accept') : undefined,
    }),
    response: { 'application/json': wire.help },
    render() {
      const lines = routes().map(({ endpoint, help }) =>
        property(escapeJson(endpoint.path), `"${escapeJson(help)}"`),
      );
      return jsonBody(`${objectOf(lines)}\n`);
    },
  });
}
