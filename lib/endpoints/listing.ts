import { type Body, bodyOfText } from '../body.js';
import type { Route } from '../route.js';
import { plain } from '../text/format.js';
import { jsonObject, member } from '../text/json.js';

/** `/`: every path of this server with its help. */
export function listingAnswer(routes: readonly Pick<Route, 'endpoint' | 'help'>[]): Body {
  return bodyOfText(
    `${jsonObject(routes.map(({ endpoint, help }) => member(plain(endpoint.path), `"${plain(help)}"`)))}\n`,
  );
}
