import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import { constants, createBrotliCompress, createGzip } from 'node:zlib';
import Negotiator from '#negotiator';
import type { MaybePromise } from '../model/maybe-promise.js';
import { type ResponseBody, repeatedBody } from './body.js';
import { cacheRecent } from './cache-recent.js';

/** Supported content encodings, the preferred one first. */
const ENCODINGS = ['br', 'gzip'] as const;

/** A supported content encoding. */
export type ContentEncoding = (typeof ENCODINGS)[number];

/** Higher brotli qualities take longer and save little on these bodies (see bench/README.md). */
const BROTLI_QUALITY = 4;

const compressedBodies = new WeakMap<ResponseBody, Map<ContentEncoding, MaybePromise<ResponseBody>>>();

const preferredEncoding = cacheRecent((accepted: string): ContentEncoding | 'identity' => {
  const preferred = [...ENCODINGS, 'identity'];
  const headers = { 'accept-encoding': accepted };
  const encoding = new Negotiator({ headers }).encoding(preferred, { preferred });
  return ENCODINGS.find((known) => known === encoding) ?? 'identity';
});

/** Chooses the encoding that the client prefers; `undefined` for none. */
export function negotiateEncoding(headers: IncomingHttpHeaders): ContentEncoding | undefined {
  const accepted = headers['accept-encoding'];
  const encoding = accepted === undefined ? 'identity' : preferredEncoding(String(accepted));
  return encoding === 'identity' ? undefined : encoding;
}

/** Compresses a body outside the event loop. The result is cached as long as the body lives: then it costs no promise. */
export function compressBody(body: ResponseBody, encoding: ContentEncoding): MaybePromise<ResponseBody> {
  const encodings = compressedBodies.get(body) ?? new Map<ContentEncoding, MaybePromise<ResponseBody>>();
  const cached = encodings.get(encoding);
  if (cached !== undefined) return cached;
  compressedBodies.set(body, encodings);
  const pending = compress(body, encoding).then(
    (compressed) => {
      encodings.set(encoding, compressed);
      return compressed;
    },
    (error) => {
      encodings.delete(encoding);
      throw error;
    },
  );
  encodings.set(encoding, pending);
  return pending;
}

async function compress(
  { chunks, length: size, headers }: ResponseBody,
  encoding: ContentEncoding,
): Promise<ResponseBody> {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: size,
  };
  const encoder = encoding === 'br' ? createBrotliCompress({ params }) : createGzip();
  const encoded: Buffer[] = await Readable.from(chunks).pipe(encoder).toArray();
  const length = encoded.reduce((sum, chunk) => sum + chunk.length, 0);
  return repeatedBody([Buffer.concat(encoded, length)], length, {
    ...headers,
    'content-encoding': encoding,
    'content-length': String(length),
    // A strong validator must differ where the bytes differ.
    ...(headers['etag'] !== undefined && { etag: `${headers['etag'].slice(0, -1)}-${encoding}"` }),
  });
}
