import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import fresh from 'fresh';
import Negotiator from 'negotiator';
import { httpStatus, type PegasusErrorCode } from '../model/errors.js';
import type { MaybePromise } from '../model/maybe-promise.js';
import { escapeJson } from '../render/format.js';
import { rowWriter } from '../render/json.js';
import type { Endpoint } from '../routing/endpoint.js';
import { PLAIN_TEXT, type ResponseBody, type ResponseHeaders, uncachedBody, uncachedJson } from './body.js';
import { compressBody, ENCODINGS } from './compression.js';
import { isDisconnected, type PegasusRequest, type PegasusResponse } from './node.js';

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
  body: ResponseBody,
  guarded: boolean,
  headers?: ResponseHeaders,
): MaybePromise<void> {
  const coding = body.headers['vary'] === undefined ? undefined : codingFor(req.headers);
  if (coding === undefined) return sendChosen(req, res, headed(body, guarded, headers));
  return compressBody(body, coding).then((coded) => sendChosen(req, res, headed(coded, guarded, headers)));
}

function headed(body: ResponseBody, guarded: boolean, headers: ResponseHeaders | undefined): ResponseBody {
  const chosen = guarded ? unstored(body) : body;
  return headers === undefined ? chosen : { ...chosen, headers: { ...chosen.headers, ...headers } };
}

const unstoredBodies = new WeakMap<ResponseBody, ResponseBody>();

/** The same body for one client alone: kept as the body itself is, for the same few are asked for all day. */
function unstored(body: ResponseBody): ResponseBody {
  if (body.headers['etag'] === undefined) return body;
  let made = unstoredBodies.get(body);
  if (made === undefined) {
    const { etag: _, ...headers } = body.headers;
    made = { ...body, headers: { ...headers, ...NOT_STORED } };
    unstoredBodies.set(body, made);
  }
  return made;
}

function sendChosen(req: PegasusRequest, res: PegasusResponse, body: ResponseBody): MaybePromise<void> {
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
  { code, message, status = httpStatus(code), allow, challenge, hangUp = false }: Refused,
  endpoint?: Endpoint,
): void {
  const pprof = endpoint?.group === 'pprof';
  // `go tool pprof` prints an error only when it is plain text under this header.
  const isForGo = pprof && req.headers['user-agent']?.startsWith('Go-http-client') === true;
  const body = isForGo
    ? uncachedBody(PLAIN_TEXT, `${message}\n`)
    : uncachedJson(writeError({ error: escapeJson(code), message: escapeJson(message) }));
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

function codingFor(headers: IncomingHttpHeaders): (typeof ENCODINGS)[number] | undefined {
  if (headers['accept-encoding'] === undefined) return undefined;
  const preferred = [...ENCODINGS, 'identity'];
  const coding = new Negotiator({ headers }).encoding(preferred, { preferred });
  return ENCODINGS.find((known) => known === coding);
}

/** Writes what is too large for one buffer, no faster than the client reads. */
async function sendChunks(req: PegasusRequest, res: PegasusResponse, body: ResponseBody): Promise<void> {
  if (isAnswered(res)) return;
  writeHead(res, 200, body.headers);
  if (req.method !== 'HEAD') {
    for (const chunk of body.chunks) {
      if (!(res as ServerResponse).write(chunk)) await drained(res);
      if (isDisconnected(res)) return;
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

function send(
  res: PegasusResponse,
  status: number,
  headers: ResponseHeaders,
  bytes: Buffer | string = '',
): void {
  if (isAnswered(res)) return;
  writeHead(res, status, headers);
  // Node keeps the body of an answer to HEAD back by itself.
  res.end(bytes);
}

/** koa has preset 404, so the status is always said; the cast picks one signature of the http1 | http2 union. */
function writeHead(res: PegasusResponse, status: number, headers: ResponseHeaders): void {
  (res as ServerResponse).writeHead(status, headers);
  // To a pipelined request Node's `100 Continue` still waits in a queue, and the head of a body of bytes would overtake it: the client
  // would find it in the middle of the answer. A head that goes by itself keeps its place.
  if (res.req?.headers.expect !== undefined) (res as ServerResponse).flushHeaders();
}

/** Whether there is nothing to be said any more: somebody has answered already, or the client is gone. */
function isAnswered(res: PegasusResponse): boolean {
  return res.headersSent || res.writableEnded || isDisconnected(res);
}
