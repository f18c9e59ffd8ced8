import { type Body, bodyOfText } from '../body.js';
import { jsonObject, member, quote } from '../text/json.js';

/** `/`: every path of this server with its help. */
export function listingAnswer(routes: readonly { readonly path: string; readonly help: string }[]): Body {
  return bodyOfText(`${jsonObject(routes.map(({ path, help }) => member(path, quote(help))))}\n`);
}
