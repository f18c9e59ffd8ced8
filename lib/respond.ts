import { type PegasusErrorCode, statusOf } from './errors.js';
import { isGone, type PegasusRequest, type PegasusResponse } from './request.js';
import { rowWriter } from './text/json.js';

/** Seconds after which a 503 is worth another try: elections, creating and dropping a table all take a few. */
const RETRY_AFTER = '1';

/** Text that is no JSON. */
export const PLAIN_TEXT = 'text/plain; charset=utf-8';

const writeError = rowWriter('error', 'message');

/** Headers by lower-case name. An object, for a flat array breaks hosts that patch `writeHead` (old `on-headers`). */
export type Headers = Readonly<Record<string, string>>;

/** An answer that is not JSON. */
export interface Content {
  readonly contentType: string;
  readonly body: string | Buffer;
}

/** Sends what an endpoint has made: JSON as a string, or other content. */
export function sendAnswer(req: PegasusRequest, res: PegasusResponse, answer: string | Content): void {
  if (typeof answer === 'string') sendJson(req, res, 200, answer);
  else sendContent(req, res, 200, answer);
}

/** Sends JSON and ends the response. Does nothing when the client is gone or somebody has answered already. */
export function sendJson(
  req: PegasusRequest,
  res: PegasusResponse,
  status: number,
  json: string,
  headers: Headers = {},
): void {
  sendContent(
    req,
    res,
    status,
    { contentType: 'application/json; charset=utf-8', body: `${json}\n` },
    headers,
  );
}

/** What the code of an error does not say. */
interface ErrorDetails {
  /** Where it is not the code's (405, 413). */
  readonly status?: number;
  readonly allow?: string;
  /** Whether it is one of `/pprof/*`. */
  readonly pprof?: boolean;
}

/** Sends the error that `code` stands for. */
export function sendError(
  req: PegasusRequest,
  res: PegasusResponse,
  code: PegasusErrorCode,
  message: string,
  { status = statusOf(code), pprof = false, ...headers }: ErrorDetails = {},
): void {
  const retry = status === 503 ? { 'retry-after': RETRY_AFTER } : {};
  const sent = { ...retry, ...(pprof ? { 'x-go-pprof': '1' } : {}), ...headers };
  // `go tool pprof` prints an error only when it is plain text under this header.
  if (pprof && req.headers['user-agent']?.startsWith('Go-http-client') === true) {
    sendContent(req, res, status, { contentType: PLAIN_TEXT, body: `${message}\n` }, sent);
  } else {
    sendJson(req, res, status, writeError({ error: code, message }), sent);
  }
}

/** Sends the client elsewhere. */
export function sendRedirect(req: PegasusRequest, res: PegasusResponse, location: string): void {
  send(req, res, 307, { location, 'content-length': '0' }, undefined);
}

function sendContent(
  req: PegasusRequest,
  res: PegasusResponse,
  status: number,
  content: Content,
  headers: Headers = {},
): void {
  const body = typeof content.body === 'string' ? Buffer.from(content.body) : content.body;
  const type = { 'content-type': content.contentType, 'content-length': String(body.length) };
  send(req, res, status, { ...type, ...headers }, body);
}

function send(
  req: PegasusRequest,
  res: PegasusResponse,
  status: number,
  headers: Headers,
  body: Buffer | undefined,
): void {
  if (res.headersSent || res.writableEnded || isGone(res)) return;
  // koa has preset 404, so the status is always said; the cast picks one signature of the http1 | http2 union.
  (res as import('node:http').ServerResponse).writeHead(status, headers);
  if (body === undefined || req.method === 'HEAD') res.end();
  else res.end(body);
}
