import { PegasusError } from '../model/errors.js';
import type { PegasusRequest } from './node.js';
import type { ErrorResponse } from './response.js';

/** The first buffer of a body. Few bodies are larger. */
const INITIAL_BUFFER_BYTES = 16 * 1024;

/**
 * Bytes that all unfinished bodies of a handler may hold together. It limits received bytes and not the number of bodies, so that clients
 * that announce a body and send none block no other client.
 */
const MAX_BUFFERED_BYTES = 64 * 1024 * 1024;

/** Reads the body of a request as text. */
export type ReadBody = (req: PegasusRequest, maxBytes: number) => Promise<string | ErrorResponse>;

/**
 * Creates a body reader. If a body parser has run before (express, fastify), the reader takes the result from `req.body`.
 *
 * @param timeoutMs - The time limit for a whole body. Then the reader drops the received part and reads nothing more.
 * @throws `ERR_INVALID_STATE` if other code has read the body and left nothing in `req.body`.
 */
export function createBodyReader(timeoutMs: number): ReadBody {
  let bufferedBytes = 0;

  /** Reserves or, if negative, releases buffered bytes. */
  function reserve(bytes: number): boolean {
    if (bufferedBytes + bytes > MAX_BUFFERED_BYTES) return false;
    bufferedBytes += bytes;
    return true;
  }

  return async function readBody(req, maxBytes) {
    const body = 'body' in req ? req.body : undefined;
    const parsed = parsedBodyToText(body, req.headers['content-type']);
    if (parsed !== '') return Buffer.byteLength(parsed) > maxBytes ? tooLarge(maxBytes) : parsed;
    const { 'content-length': announced = '0', 'transfer-encoding': encoding } = req.headers;
    if (Number(announced) > maxBytes) return tooLarge(maxBytes);
    if (req.readableDidRead || req.readableEnded) {
      const hasBody = Number(announced) > 0 || encoding !== undefined || isOpenStream(req);
      if (hasBody && isParsedJson(body, req.headers['content-type'])) return JSON.stringify(body);
      if (hasBody) throw alreadyRead();
      return '';
    }
    if (req.destroyed) return timedOut(timeoutMs);
    return readStream(req, maxBytes, timeoutMs, reserve);
  };
}

/** Whether an HTTP/2 request has a body, which needs no header there. */
function isOpenStream(req: PegasusRequest): boolean {
  return 'stream' in req && req.stream?.endAfterHeaders === false;
}

function tooLarge(maxBytes: number): ErrorResponse {
  const message = `the body may have ${maxBytes} bytes at most`;
  return { code: 'ERR_INVALID_PARAMETERS', status: 413, message };
}

function timedOut(timeoutMs: number): ErrorResponse {
  const message = `the body did not arrive within ${timeoutMs} ms`;
  return { code: 'ERR_TIMEOUT', status: 408, message, closesConnection: true };
}

function tooManyBytes(): ErrorResponse {
  return { code: 'ERR_BUSY', message: 'too many bodies are being read', closesConnection: true };
}

function alreadyRead(): PegasusError {
  const message =
    'other code has read the body: mount the handler before body parsers, or have them set req.body of the Node request';
  return new PegasusError('ERR_INVALID_STATE', message, { cause: new TypeError(message) });
}

function readStream(
  req: PegasusRequest,
  maxBytes: number,
  timeoutMs: number,
  reserve: (bytes: number) => boolean,
): Promise<string | ErrorResponse> {
  return new Promise((resolve) => {
    // One growing buffer instead of a list of chunks: a body that arrives byte by byte would take a hundred times its size.
    let buffer: Buffer = Buffer.alloc(0);
    let size = 0;
    const timer = setTimeout(() => {
      settle(timedOut(timeoutMs));
      req.pause();
    }, timeoutMs);
    function settle(result: string | ErrorResponse): void {
      clearTimeout(timer);
      req.off('data', onData).off('end', onEnd).off('error', onLost).off('close', onLost);
      reserve(-buffer.length);
      resolve(result);
    }
    function ensureCapacity(needed: number): boolean {
      if (needed <= buffer.length) return true;
      const length = Math.min(Math.max(buffer.length * 2, needed, INITIAL_BUFFER_BYTES), maxBytes);
      if (!reserve(length - buffer.length)) return false;
      const larger = Buffer.allocUnsafe(length);
      buffer.copy(larger, 0, 0, size);
      buffer = larger;
      return true;
    }
    function onData(data: Buffer | string): void {
      const chunk = typeof data === 'string' ? Buffer.from(data) : data;
      const isTooLarge = size + chunk.length > maxBytes;
      if (isTooLarge || !ensureCapacity(size + chunk.length)) {
        settle(isTooLarge ? tooLarge(maxBytes) : tooManyBytes());
        // The rest is discarded, so that the connection can be reused.
        req.resume();
        return;
      }
      size += chunk.copy(buffer, size);
    }
    const onEnd = () => settle(buffer.toString('utf8', 0, size));
    const onLost = () => settle(timedOut(timeoutMs));
    req.on('data', onData).on('end', onEnd).on('error', onLost).on('close', onLost);
  });
}

/**
 * Converts a parsed body back to the text that it was, as far as possible. A JSON parser makes any value of a JSON body. A form parser makes one key without a value of a body
 * without `=` and `&`, in which every `+` has become a space. Some parsers leave an empty object if they did nothing.
 */
function parsedBodyToText(body: unknown, contentType: string | undefined): string {
  if (typeof body === 'string') return body;
  // Some parsers leave an empty object although they have read nothing.
  if (isParsedJson(body, contentType) && Object.keys(body).length > 0) return JSON.stringify(body);
  if (typeof body === 'number') return String(body);
  if (body instanceof Uint8Array) return Buffer.from(body).toString();
  if (typeof body === 'object' && body !== null) return Object.keys(body).join('+');
  return '';
}

/** Whether a body is an object or an array that a parser has made of JSON. */
function isParsedJson(body: unknown, contentType: string | undefined): body is object {
  const isJson = /^application\/(?:[\w.-]+\+)?json\b/i.test(contentType ?? '');
  return isJson && typeof body === 'object' && body !== null && !ArrayBuffer.isView(body);
}
