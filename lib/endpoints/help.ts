import { jsonBody, type ResponseBody } from '../http/body.js';
import { escapeJson } from '../render/format.js';
import { objectOf, property } from '../render/json.js';
import type { Route } from '../routing/route.js';

/** `/`: every path of this server with its help. */
export function listingAnswer(routes: readonly Pick<Route, 'endpoint' | 'help'>[]): ResponseBody {
  return jsonBody(
    `${objectOf(routes.map(({ endpoint, help }) => property(escapeJson(endpoint.path), `"${escapeJson(help)}"`)))}\n`,
  );
}
