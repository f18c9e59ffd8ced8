import type { PegasusErrorCode } from '../model/errors.js';
import type { MaybePromise } from '../model/maybe-promise.js';
import {
  type BodyChunks,
  type HeaderList,
  type ResponseBody,
  type ResponseHeaders,
  toHeaderList,
} from './body.js';

/** A complete response as a value. `sendResponse` writes it. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: ResponseHeaders;
  /** The same headers, for a response that is sent again and again. */
  readonly headerList?: HeaderList | undefined;
  /** The chunks of the body; empty for none. */
  readonly chunks: BodyChunks;
  /** Whether the connection ends after the response, because the rest of the request is never read. */
  readonly closesConnection?: boolean;
}

/** Whether a response is there, not a promise of it. On the few shapes of responses it is faster than looking for `then`. */
export function isResponse(value: MaybePromise<HttpResponse | undefined>): value is HttpResponse {
  return value !== undefined && 'chunks' in value;
}

/** An error for the client, before it is rendered. */
export interface ErrorResponse {
  readonly code: PegasusErrorCode;
  readonly message: string;
  /** The status when it is not the one of the code (405, 408, 413, 414). */
  readonly status?: number;
  /** The value of `Allow` of a 405. */
  readonly allow?: string;
  /** The value of `WWW-Authenticate` of a 401. */
  readonly challenge?: string;
  /** Whether the connection ends, because the rest of the request is never read. */
  readonly closesConnection?: boolean;
}

export const NO_STORE = { 'cache-control': 'no-store' } as const;

const NO_CHUNKS: BodyChunks = [];

const EMPTY_BODY = { 'content-length': '0', 'x-content-type-options': 'nosniff' } as const;

/** Creates a response with a body and the body's headers. */
export function bodyResponse(status: number, { headers, headerList, chunks }: ResponseBody): HttpResponse {
  return { status, headers, headerList, chunks };
}

/** Creates a redirect that keeps method and body. It is not stored, because another server may be the primary soon. */
export function redirectResponse(location: string): HttpResponse {
  return { status: 307, headers: { location, ...EMPTY_BODY, ...NO_STORE }, chunks: NO_CHUNKS };
}

/** Creates the response to a HEAD whose body is unknown, because computing it would have effects. */
export function headOnlyResponse(contentType: string): HttpResponse {
  const headers = { 'content-type': contentType, ...NO_STORE, 'x-content-type-options': 'nosniff' };
  return { status: 200, headers, chunks: NO_CHUNKS };
}

const notModifiedResponses = new WeakMap<ResponseBody, HttpResponse>();

/** Creates the response to a client that already has the body. Cached like the body itself, because such clients poll. */
export function notModifiedResponse(body: ResponseBody): HttpResponse {
  let response = notModifiedResponses.get(body);
  if (response === undefined) {
    const { 'content-length': _, 'content-type': __, 'content-encoding': ___, ...headers } = body.headers;
    response = { status: 304, headers, headerList: toHeaderList(headers), chunks: NO_CHUNKS };
    notModifiedResponses.set(body, response);
  }
  return response;
}

/** Creates the response to a client whose `If-Match` or `If-None-Match` does not hold. */
export function preconditionFailedResponse(): HttpResponse {
  return { status: 412, headers: { ...EMPTY_BODY, ...NO_STORE }, chunks: NO_CHUNKS };
}
