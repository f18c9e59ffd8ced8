import { jsonBody } from '../http/body.js';
import { escapeJson } from '../render/format.js';
import { objectOf, property } from '../render/json.js';
import { defineRoute, type Route } from '../routing/route.js';
import * as wire from '../wire/process.js';

/**
 * Creates the route of `GET /`.
 *
 * @param routes - Returns the routes to list. Called when the response is rendered.
 */
export function helpRoute(routes: () => readonly Route[]): Route {
  return defineRoute({
    path: '/',
    group: 'listing',
    access: 'read',
    summary: 'Lists the paths of this server.',
    params: {},
    response: { 'application/json': wire.help },
    render() {
      const lines = routes().map(({ endpoint, help }) =>
        property(escapeJson(endpoint.path), `"${escapeJson(help)}"`),
      );
      return jsonBody(`${objectOf(lines)}\n`);
    },
  });
}
