import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import fresh from 'fresh';
import Negotiator from 'negotiator';
import { type Body, contentBody, type Headers, momentaryBody, PLAIN_TEXT } from './body.js';
import { CODINGS, compressedBody } from './compress.js';
import type { MaybePromise } from './contracts.js';
import type { Endpoint } from './endpoint.js';
import { type PegasusErrorCode, statusOf } from './errors.js';
import { isGone, type PegasusRequest, type PegasusResponse } from './request.js';
import { plain } from './text/format.js';
import { rowWriter } from './text/json.js';

/** Seconds after which a 503 is worth another try: elections, creating and dropping a table all take a few. */
const RETRY_AFTER = '1';

const NOT_STORED = { 'cache-control': 'no-store' };

const writeError = rowWriter('error', 'message');

/**
 * Sends a body, or what the client's conditions make of it: compressed, or `304` where it has it already.
 *
 * @param guarded - Whether it is for this client alone: then nobody may store it, and it is nobody's again.
 * @param headers - What belongs to this answer alone, and not to the body, which is kept for others.
 */
export function sendBody(
  req: PegasusRequest,
  res: PegasusResponse,
  body: Body,
  guarded: boolean,
  headers?: Headers,
): MaybePromise<void> {
  const coding = body.headers['vary'] === undefined ? undefined : codingFor(req.headers);
  if (coding === undefined) return sendChosen(req, res, headed(body, guarded, headers));
  return compressedBody(body, coding).then((coded) => sendChosen(req, res, headed(coded, guarded, headers)));
}

function headed(body: Body, guarded: boolean, headers: Headers | undefined): Body {
  const chosen = guarded ? unstored(body) : body;
  return headers === undefined ? chosen : { ...chosen, headers: { ...chosen.headers, ...headers } };
}

const unstoredBodies = new WeakMap<Body, Body>();

/** The same body for one client alone: kept as the body itself is, for the same few are asked for all day. */
function unstored(body: Body): Body {
  if (body.headers['etag'] === undefined) return body;
  let made = unstoredBodies.get(body);
  if (made === undefined) {
    const { etag: _, ...headers } = body.headers;
    made = { ...body, headers: { ...headers, ...NOT_STORED } };
    unstoredBodies.set(body, made);
  }
  return made;
}

function sendChosen(req: PegasusRequest, res: PegasusResponse, body: Body): MaybePromise<void> {
  const isConditional = req.headers['if-none-match'] !== undefined && body.headers['etag'] !== undefined;
  if (isConditional && fresh({ ...req.headers }, { ...body.headers })) {
    const { 'content-length': _, 'content-type': __, 'content-encoding': ___, ...headers } = body.headers;
    return send(res, 304, headers);
  }
  if (body.chunks.length === 1) return send(res, 200, body.headers, body.chunks[0]);
  return sendChunks(req, res, body);
}

/** What a client is told instead of an answer. */
export interface Refused {
  readonly code: PegasusErrorCode;
  readonly message: string;
  /** Where it is not the code's (405, 408, 413, 414). */
  readonly status?: number;
  /** The methods that would do, behind a 405. */
  readonly allow?: string;
  /** How to come again, behind a 401. */
  readonly challenge?: string;
  /** Whether the connection ends, for what the client has begun to send will never be read. */
  readonly hangUp?: boolean;
}

/** Sends an error. */
export function sendError(
  req: PegasusRequest,
  res: PegasusResponse,
  { code, message, status = statusOf(code), allow, challenge, hangUp = false }: Refused,
  endpoint?: Endpoint,
): void {
  const pprof = endpoint?.group === 'pprof';
  // `go tool pprof` prints an error only when it is plain text under this header.
  const isForGo = pprof && req.headers['user-agent']?.startsWith('Go-http-client') === true;
  const body = isForGo
    ? contentBody(PLAIN_TEXT, `${message}\n`)
    : momentaryBody(writeError({ error: plain(code), message: plain(message) }));
  // Made for this answer alone, and so it may still grow.
  const headers = body.headers as Record<string, string>;
  if (status === 503) headers['retry-after'] = RETRY_AFTER;
  if (pprof) headers['x-go-pprof'] = '1';
  if (allow !== undefined) headers['allow'] = allow;
  if (challenge !== undefined) headers['www-authenticate'] = challenge;
  // HTTP/2 has no such header: there the stream is closed, and the connection goes on.
  if (hangUp && !('stream' in res)) headers['connection'] = 'close';
  send(res, status, headers, body.chunks[0]);
  if (hangUp && 'stream' in res) res.stream?.close();
}

/** Sends the client elsewhere. */
export function sendRedirect(res: PegasusResponse, location: string): void {
  // Another server may lead the next moment.
  send(res, 307, { location, 'content-length': '0', ...NOT_STORED, 'x-content-type-options': 'nosniff' });
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
  // To a pipelined request Node's `100 Continue` still waits in a queue, and the head of a body of bytes would overtake it: the client
  // would find it in the middle of the answer. A head that goes by itself keeps its place.
  if (res.req?.headers.expect !== undefined) (res as ServerResponse).flushHeaders();
}

/** Whether there is nothing to be said any more: somebody has answered already, or the client is gone. */
function isAnswered(res: PegasusResponse): boolean {
  return res.headersSent || res.writableEnded || isGone(res);
}
