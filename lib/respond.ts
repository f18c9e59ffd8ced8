import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import fresh from 'fresh';
import Negotiator from 'negotiator';
import { type Body, contentBody, type Headers, momentaryBody, PLAIN_TEXT } from './body.js';
import { CODINGS, compressedBody } from './compress.js';
import type { MaybePromise } from './contracts.js';
import { type PegasusErrorCode, statusOf } from './errors.js';
import { isGone, type PegasusRequest, type PegasusResponse } from './request.js';
import { rowWriter } from './text/json.js';

/** Seconds after which a 503 is worth another try: elections, creating and dropping a table all take a few. */
const RETRY_AFTER = '1';

const writeError = rowWriter({ error: 'text', message: 'text' });

/**
 * Sends a body, or what the client's conditions make of it: compressed, or `304` where it has it already.
 *
 * @param headers - What belongs to this answer alone, and not to the body, which is kept for others.
 */
export function sendBody(
  req: PegasusRequest,
  res: PegasusResponse,
  body: Body,
  headers?: Headers,
): MaybePromise<void> {
  const coding = body.headers['vary'] === undefined ? undefined : codingFor(req.headers);
  if (coding === undefined) return sendChosen(req, res, withHeaders(body, headers));
  return compressedBody(body, coding).then((coded) => sendChosen(req, res, withHeaders(coded, headers)));
}

function withHeaders(body: Body, headers: Headers | undefined): Body {
  return headers === undefined ? body : { ...body, headers: { ...body.headers, ...headers } };
}

function sendChosen(req: PegasusRequest, res: PegasusResponse, body: Body): MaybePromise<void> {
  const isConditional = req.headers['if-none-match'] !== undefined && body.headers['etag'] !== undefined;
  if (isConditional && fresh({ ...req.headers }, { ...body.headers })) {
    const { 'content-length': _, 'content-type': __, ...headers } = body.headers;
    return send(res, 304, headers);
  }
  if (body.chunks.length === 1) return send(res, 200, body.headers, body.chunks[0]);
  return sendChunks(req, res, body);
}

/** What the code of an error does not say. */
interface ErrorDetails {
  /** Where it is not the code's (405, 413). */
  readonly status?: number;
  readonly allow?: string;
  /** Whether it is one of `/pprof/*`. */
  readonly pprof?: boolean | undefined;
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
  const readable = pprof ? { 'x-go-pprof': '1' } : {};
  // `go tool pprof` prints an error only when it is plain text under this header.
  const isForGo = pprof && req.headers['user-agent']?.startsWith('Go-http-client') === true;
  const body = isForGo
    ? contentBody(PLAIN_TEXT, `${message}\n`)
    : momentaryBody(writeError({ error: code, message }));
  send(res, status, { ...body.headers, ...retry, ...readable, ...headers }, body.chunks[0]);
}

/** Sends the client elsewhere. */
export function sendRedirect(res: PegasusResponse, location: string): void {
  send(res, 307, { location, 'content-length': '0' });
}

function codingFor(headers: IncomingHttpHeaders): (typeof CODINGS)[number] | undefined {
  if (headers['accept-encoding'] === undefined) return undefined;
  const preferred = [...CODINGS, 'identity'];
  const coding = new Negotiator({ headers }).encoding(preferred, { preferred });
  return CODINGS.find((known) => known === coding);
}

/** Writes what is too large for one buffer, no faster than the client reads. */
async function sendChunks(req: PegasusRequest, res: PegasusResponse, body: Body): Promise<void> {
  if (isAnswered(res)) return;
  writeHead(res, 200, body.headers);
  if (req.method !== 'HEAD') {
    for (const chunk of body.chunks) {
      if (!(res as ServerResponse).write(chunk)) await drained(res);
      if (isGone(res)) return;
    }
  }
  res.end();
}

function drained(res: PegasusResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      res.off('drain', done);
      res.off('close', done);
      resolve();
    };
    res.on('drain', done);
    res.on('close', done);
  });
}

function send(res: PegasusResponse, status: number, headers: Headers, bytes: Buffer | string = ''): void {
  if (isAnswered(res)) return;
  writeHead(res, status, headers);
  // Node keeps the body of an answer to HEAD back by itself.
  res.end(bytes);
}

/** koa has preset 404, so the status is always said; the cast picks one signature of the http1 | http2 union. */
function writeHead(res: PegasusResponse, status: number, headers: Headers): void {
  (res as ServerResponse).writeHead(status, headers);
}

/** Whether there is nothing to be said any more: somebody has answered already, or the client is gone. */
function isAnswered(res: PegasusResponse): boolean {
  return res.headersSent || res.writableEnded || isGone(res);
}
