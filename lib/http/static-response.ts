import { hash } from 'node:crypto';
import type { ResponseHeaders } from './body.js';
import { negotiateEncoding } from './compression.js';
import type { AnyRequest } from './exchange.js';
import { evaluatePreconditions } from './preconditions.js';
import {
  bodyResponse,
  type HttpResponse,
  NO_STORE,
  notModifiedResponse,
  preconditionFailedResponse,
} from './response.js';

/** A file with the forms that it is sent in. */
export interface EncodedFile {
  readonly contentType: string;
  readonly isImmutable: boolean;
  readonly content: Buffer;
  readonly br: Buffer;
  readonly gzip: Buffer;
  readonly headers: ResponseHeaders;
}

const etags = new WeakMap<Buffer, string>();

/**
 * Creates the response with a file.
 *
 * @param isPrivate - Whether the response is for this client only. An immutable file stays in the client's own cache, because its content is
 *   the same for every client.
 */
export function fileResponse(req: AnyRequest, file: EncodedFile, isPrivate: boolean): HttpResponse {
  const encoding = negotiateEncoding(req.headers);
  const chunk = encoding === undefined ? file.content : file[encoding];
  const headers: ResponseHeaders = {
    'content-type': file.contentType,
    'content-length': String(chunk.length),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    vary: 'accept-encoding',
    ...file.headers,
    ...(encoding !== undefined && { 'content-encoding': encoding }),
    ...cacheHeaders(file.isImmutable, isPrivate, chunk),
  };
  const body = { headers, length: chunk.length, chunks: [chunk] };
  const status = evaluatePreconditions(req, headers['etag']);
  if (status === 304) return notModifiedResponse(body);
  return status === 412 ? preconditionFailedResponse() : bodyResponse(200, body);
}

function cacheHeaders(isImmutable: boolean, isPrivate: boolean, chunk: Buffer): ResponseHeaders {
  const scope = isPrivate ? 'private' : 'public';
  if (isImmutable) return { 'cache-control': `${scope}, max-age=31536000, immutable` };
  return isPrivate ? NO_STORE : { 'cache-control': 'no-cache', etag: etagOf(chunk) };
}

function etagOf(chunk: Buffer): string {
  const known = etags.get(chunk) ?? `"${hash('sha1', chunk, 'base64url')}"`;
  etags.set(chunk, known);
  return known;
}
