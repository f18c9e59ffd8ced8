import { PegasusError } from '../model/errors.js';
import { BodyBuffer, type ReserveBytes, timedOut, tooLarge } from './body-buffer.js';
import type { AnyRequest } from './exchange.js';
import { FetchRequest } from './fetch-request.js';
import type { PegasusRequest } from './node.js';
import { readFetchBody } from './read-fetch-body.js';
import type { ErrorResponse } from './response.js';

/**
 * Bytes that all unfinished bodies of a handler may hold together. It limits received bytes and not the number of bodies, so that clients
 * that announce a body and send none block no other client.
 */
const MAX_BUFFERED_BYTES = 64 * 1024 * 1024;

/** Reads the body of a request as text. */
export type ReadBody = (req: AnyRequest, maxBytes: number) => Promise<string | ErrorResponse>;

/**
 * Creates a body reader. If a body parser has run before (express, fastify), the reader takes the result from `req.body`.
 *
 * @param timeoutMs - The time limit for a whole body. Then the reader drops the received part and reads nothing more.
 * @throws `ERR_INVALID_STATE` if other code has read the body and left nothing in `req.body`.
 */
export function createBodyReader(timeoutMs: number): ReadBody {
  let bufferedBytes = 0;

  function reserve(bytes: number): boolean {
    if (bufferedBytes + bytes > MAX_BUFFERED_BYTES) return false;
    bufferedBytes += bytes;
    return true;
  }

  return async function readBody(req, maxBytes) {
    if (req instanceof FetchRequest) return readFetchBody(req, maxBytes, timeoutMs, reserve);
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

function alreadyRead(): PegasusError {
  const message =
    'other code has read the body: mount the handler before body parsers, or have them set req.body of the Node request';
  return new PegasusError('ERR_INVALID_STATE', message, { cause: new TypeError(message) });
}

function readStream(
  req: PegasusRequest,
  maxBytes: number,
  timeoutMs: number,
  reserve: ReserveBytes,
): Promise<string | ErrorResponse> {
  return new Promise((resolve) => {
    const buffer = new BodyBuffer(maxBytes, reserve);
    const timer = setTimeout(() => {
      settle(timedOut(timeoutMs));
      req.pause();
    }, timeoutMs);
    function settle(result: string | ErrorResponse): void {
      clearTimeout(timer);
      req.off('data', onData).off('end', onEnd).off('error', onLost).off('close', onLost);
      buffer.release();
      resolve(result);
    }
    function onData(data: Buffer | string): void {
      const error = buffer.add(typeof data === 'string' ? Buffer.from(data) : data);
      if (error === undefined) return;
      settle(error);
      // The rest is discarded, so that the connection can be reused.
      req.resume();
    }
    const onEnd = () => settle(buffer.text());
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
