import { Readable } from 'node:stream';
import { constants, createBrotliCompress, createGzip } from 'node:zlib';
import type { ResponseBody } from './body.js';

/** The content codings that a body may be had in, the preferred one first. */
export const ENCODINGS = ['br', 'gzip'] as const;

/** One of {@link ENCODINGS}. */
export type ContentEncoding = (typeof ENCODINGS)[number];

/** Beyond this quality brotli takes longer and saves nothing worth it on these answers (see bench/README.md). */
const BROTLI_QUALITY = 4;

const compressed = new WeakMap<ResponseBody, Map<ContentEncoding, Promise<ResponseBody>>>();

/** A body in a coding: made once, off the event loop, and kept as long as the body is. */
export function compressBody(body: ResponseBody, coding: ContentEncoding): Promise<ResponseBody> {
  const codings = compressed.get(body) ?? new Map<ContentEncoding, Promise<ResponseBody>>();
  compressed.set(body, codings);
  let made = codings.get(coding);
  if (made === undefined) {
    made = compress(body, coding);
    codings.set(coding, made);
  }
  return made;
}

async function compress(
  { chunks, length: size, headers }: ResponseBody,
  coding: ContentEncoding,
): Promise<ResponseBody> {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: size,
  };
  const encoder = coding === 'br' ? createBrotliCompress({ params }) : createGzip();
  const coded: Buffer[] = await Readable.from(chunks).pipe(encoder).toArray();
  const length = coded.reduce((sum, chunk) => sum + chunk.length, 0);
  return {
    chunks: [Buffer.concat(coded, length)],
    length,
    headers: {
      ...headers,
      'content-encoding': coding,
      'content-length': String(length),
      // Other bytes need another strong validator.
      etag: `${headers['etag']?.slice(0, -1)}-${coding}"`,
    },
  };
}
