import { type OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { MaybePromise } from '../model/maybe-promise.js';
import type { BodyChunks } from './body.js';
import { isDisconnected, isEnded } from './exchange.js';
import type { PegasusRequest, PegasusResponse } from './node.js';
import { joinPresetHeaders } from './preset-headers.js';
import type { HttpResponse } from './response.js';
import { cutOffWhenStalled } from './stall.js';
import { endTurn, untilSending } from './turn.js';
import { countUnread } from './unread.js';

/**
 * HTTP/1 writes larger bodies in pieces of this size: each piece that the client reads counts as progress. The kernel reports progress in
 * steps of this order, so that smaller pieces would only cost time.
 */
const HTTP1_PIECE_BYTES = 256 * 1024;

/** The same for HTTP/2, whose clients report what they have read in steps of less than their window, by default 64 KB. */
const HTTP2_PIECE_BYTES = 16 * 1024;

/**
 * Writes a response. Does nothing when another party has responded or the client has disconnected.
 *
 * @param timeoutMs - The response is cut off when the client reads nothing of it for this long.
 */
export function sendResponse(
  req: PegasusRequest,
  res: PegasusResponse,
  response: HttpResponse,
  timeoutMs: number,
): MaybePromise<void> {
  if (isEnded(res)) return undefined;
  const { chunks, closesConnection = false } = response;
  const isHttp2 = 'stream' in res;
  writeHead(req, res, response);
  const first = chunks[0] ?? '';
  const isLarge = chunks.length > 1 || first.length > (isHttp2 ? HTTP2_PIECE_BYTES : HTTP1_PIECE_BYTES);
  if (isLarge && req.method !== 'HEAD') return sendPieces(req, res, chunks, timeoutMs);
  // Node discards the body of a response to HEAD.
  res.end(first);
  if (isPending(res)) cutOffWhenStalled(res, timeoutMs);
  else if (res.socket === null) res.once('socket', () => cutOffWhenStalled(res, timeoutMs));
  else endTurn(res);
  if (closesConnection && isHttp2) res.stream?.close();
  return undefined;
}

/**
 * Whether the client decides how fast a response is written. The responses of serverless adapters have no real socket: they take
 * everything at once, never emit `drain` and may never emit `finish`.
 */
function hasBackpressure(res: PegasusResponse): boolean {
  return 'stream' in res || typeof res.socket?.writableLength === 'number';
}

/** Whether the operating system has not taken all of a response that was ended. It mostly has: then no timer is needed. */
function isPending(res: PegasusResponse): boolean {
  if ('stream' in res) return !isDisconnected(res);
  const unsentBytes = res.socket?.writableLength;
  // A middleware that compresses ends the response later.
  return typeof unsentBytes === 'number' && (unsentBytes > 0 || !res.writableEnded);
}

/** Writes a large body no faster than the client reads it. */
async function sendPieces(
  req: PegasusRequest,
  res: PegasusResponse,
  chunks: BodyChunks,
  timeoutMs: number,
): Promise<void> {
  const sending = untilSending(res);
  if (sending !== undefined) await sending;
  if (isDisconnected(res) || req.socket?.destroyed) return;
  if (!hasBackpressure(res)) {
    for (const chunk of chunks) (res as ServerResponse).write(chunk);
    res.end();
    return;
  }
  countUnread(res);
  const showProgress = cutOffWhenStalled(res, timeoutMs);
  for (const piece of piecesOf(chunks, pieceBytes(res))) {
    if (!(res as ServerResponse).write(piece)) {
      await waitForDrain(res);
      showProgress();
    }
    if (isDisconnected(res)) return;
  }
  res.end();
}

function pieceBytes(res: PegasusResponse): number {
  return 'stream' in res ? HTTP2_PIECE_BYTES : HTTP1_PIECE_BYTES;
}

function* piecesOf(chunks: BodyChunks, maxBytes: number): Generator<Buffer | string> {
  for (const chunk of chunks) {
    if (chunk.length <= maxBytes) yield chunk;
    else {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      for (let at = 0; at < bytes.length; at += maxBytes) yield bytes.subarray(at, at + maxBytes);
    }
  }
}

function waitForDrain(res: PegasusResponse): Promise<void> {
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

/** Node's own `writeHead`; `undefined` where a module that was loaded before has patched it, and on other runtimes. */
const NODE_WRITE_HEAD = String(ServerResponse.prototype.writeHead).includes('_storeHeader')
  ? ServerResponse.prototype.writeHead
  : undefined;

/**
 * Writes the head. Always sets the status, because koa presets 404. Node itself gets a list of headers; hosts that have patched `writeHead`
 * (compression, morgan, `on-headers`) get an object, because some understand nothing else.
 */
function writeHead(
  req: PegasusRequest,
  res: PegasusResponse,
  { status, headers, headerList, closesConnection = false }: HttpResponse,
): void {
  // HTTP/2 has no such header: its stream is closed instead, and the connection goes on.
  const sent = closesConnection && !('stream' in res) ? { ...headers, connection: 'close' } : headers;
  const joined = joinPresetHeaders(res, sent);
  const isList = headerList !== undefined && joined === headers && res.writeHead === NODE_WRITE_HEAD;
  // The cast picks one signature of the HTTP/1 and HTTP/2 union.
  (res as ServerResponse).writeHead(status, (isList ? headerList : joined) as OutgoingHttpHeaders);
  // Node queues `100 Continue` of a pipelined request. A head that is sent together with a buffer would overtake it, and the
  // client would find it inside the response. A head that is flushed alone keeps its place.
  if (req.headers?.expect !== undefined) (res as ServerResponse).flushHeaders();
}
