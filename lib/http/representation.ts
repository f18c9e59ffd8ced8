import { isPromiseLike, type MaybePromise } from '../model/maybe-promise.js';
import { type ResponseBody, type ResponseHeaders, repeatedBody, withHeaders } from './body.js';
import { compressBody, negotiateEncoding } from './compression.js';
import type { AnyRequest } from './exchange.js';
import { evaluatePreconditions } from './preconditions.js';
import {
  bodyResponse,
  type HttpResponse,
  NO_STORE,
  notModifiedResponse,
  preconditionFailedResponse,
} from './response.js';

/**
 * Selects what a client gets of a body: the body itself, a compressed form, or a 304 when the client already has it.
 *
 * @param isPrivate - Whether the response is for this client only: then it has no ETag and caches must not store it.
 * @param extraHeaders - Headers of this response that do not belong to the shared body.
 */
export function selectRepresentation(
  req: AnyRequest,
  body: ResponseBody,
  isPrivate: boolean,
  extraHeaders: ResponseHeaders | undefined,
): MaybePromise<HttpResponse> {
  const encoding = body.headers['vary'] === undefined ? undefined : negotiateEncoding(req.headers);
  if (encoding === undefined) return representation(req, body, isPrivate, extraHeaders);
  const encoded = compressBody(body, encoding);
  if (!isPromiseLike(encoded)) return representation(req, encoded, isPrivate, extraHeaders);
  return encoded.then((settled) => representation(req, settled, isPrivate, extraHeaders));
}

function representation(
  req: AnyRequest,
  body: ResponseBody,
  isPrivate: boolean,
  extraHeaders: ResponseHeaders | undefined,
): HttpResponse {
  const own = isPrivate ? withNoStore(body) : body;
  const selected = extraHeaders === undefined ? own : withHeaders(own, { ...own.headers, ...extraHeaders });
  const status = evaluatePreconditions(req, selected.headers['etag']);
  if (status === 304) return notModifiedResponse(selected);
  return status === 412 ? preconditionFailedResponse() : bodyResponse(200, selected);
}

const privateBodies = new WeakMap<ResponseBody, ResponseBody>();

/** Returns the same bytes for one client only. Cached like the body itself, because clients poll the same few URLs. */
function withNoStore(body: ResponseBody): ResponseBody {
  if (body.headers['etag'] === undefined) return body;
  let found = privateBodies.get(body);
  if (found === undefined) {
    const { etag: _, ...headers } = body.headers;
    found = repeatedBody(body.chunks, body.length, { ...headers, ...NO_STORE });
    privateBodies.set(body, found);
  }
  return found;
}
