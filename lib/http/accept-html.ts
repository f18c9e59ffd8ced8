import type { IncomingHttpHeaders } from 'node:http';
import Negotiator from '#negotiator';

/** Whether a client asks for HTML by name before JSON, as browsers do when they open a page. What accepts everything gets JSON. */
export function prefersHtml(headers: IncomingHttpHeaders): boolean {
  if (!/text\/html/i.test(headers.accept ?? '')) return false;
  return new Negotiator({ headers }).mediaType(['application/json', 'text/html']) === 'text/html';
}
