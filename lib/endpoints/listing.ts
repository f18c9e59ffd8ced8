import { type Body, bodyOfText } from '../body.js';
import type { Route } from '../route.js';
import { jsonObject, member, quote } from '../text/json.js';

/** `/`: every path of this server with its help. */
export function listingAnswer(routes: readonly Pick<Route, 'endpoint' | 'help'>[]): Body {
  return bodyOfText(
    `${jsonObject(routes.map(({ endpoint, help }) => member(endpoint.path, quote(help))))}\n`,
  );
}
