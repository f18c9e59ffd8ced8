import { type PegasusErrorCode, statusOf } from './errors.js';
import { isGone, type PegasusResponse } from './request.js';
import { rowWriter } from './text/json.js';

/** Seconds after which a 503 is worth another try: elections, creating and dropping a table all take a few. */
const RETRY_AFTER = '1';

const writeError = rowWriter('error', 'message');

/** Headers by lower-case name. An object, for a flat array breaks hosts that patch `writeHead` (old `on-headers`). */
export type Headers = Readonly<Record<string, string>>;

/** Sends JSON and ends the response. Does nothing when the client is gone or somebody has answered already. */
export function sendJson(res: PegasusResponse, status: number, json: string, headers: Headers = {}): void {
  const body = Buffer.from(`${json}\n`);
  const type = { 'content-type': 'application/json; charset=utf-8', 'content-length': String(body.length) };
  send(res, status, { ...type, ...headers }, body);
}

/** Sends the error that `code` stands for; `status` only where the code does not say it (405). */
export function sendError(
  res: PegasusResponse,
  code: PegasusErrorCode,
  message: string,
  { status = statusOf(code), ...headers }: { readonly status?: number; readonly allow?: string } = {},
): void {
  const retry = status === 503 ? { 'retry-after': RETRY_AFTER } : {};
  sendJson(res, status, writeError({ error: code, message }), { ...retry, ...headers });
}

/** Sends the client elsewhere. */
export function sendRedirect(res: PegasusResponse, location: string): void {
  send(res, 307, { location, 'content-length': '0' }, '');
}

function send(res: PegasusResponse, status: number, headers: Headers, body: Buffer | ''): void {
  if (res.headersSent || res.writableEnded || isGone(res)) return;
  // koa has preset 404, so the status is always said; the cast picks one signature of the http1 | http2 union.
  (res as import('node:http').ServerResponse).writeHead(status, headers);
  // Node keeps the body of an answer to HEAD back by itself.
  res.end(body);
}
