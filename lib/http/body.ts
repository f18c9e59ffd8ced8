import { hash } from 'node:crypto';

/** Headers by lower-case name. An object, for a flat array breaks hosts that patch `writeHead` (old `on-headers`). */
export type ResponseHeaders = Readonly<Record<string, string>>;

/** A body that is ready to be sent, as often as it is asked for. */
export interface ResponseBody {
  /**
   * One chunk, or several where the answer is large: they are never joined. A short one is a string, for Node writes a head and a
   * string at once, a head and a buffer in two parts.
   */
  readonly chunks: readonly (Buffer | string)[];
  /** In bytes, of all chunks. */
  readonly length: number;
  /** What goes before it. With an `etag` a client may ask on condition, with `vary` it may have it compressed. */
  readonly headers: ResponseHeaders;
}

/** Bytes that may be used again in another body, with the digest that they add to its ETag. */
export interface BodyBlock {
  readonly bytes: Buffer;
  readonly digest: string;
}

/** Up to here, in bytes, a body is joined into one buffer: one write costs less than many. */
const MAX_CONCAT_BYTES = 256 * 1024;

/** Up to here, in bytes, a string is sent faster than a buffer. */
const MAX_STRING_BYTES = 8 * 1024;

/** From here on, in bytes, compressing saves more than it costs: less than this fits into one packet as it is. */
const MIN_COMPRESS_BYTES = 1024;

const JSON_TYPE = 'application/json; charset=utf-8';

/** Text that is no JSON. */
export const PLAIN_TEXT = 'text/plain; charset=utf-8';

/** Makes a block of a text. */
export function createBlock(text: string): BodyBlock {
  const bytes = Buffer.from(text);
  return { bytes, digest: hashOf(bytes) };
}

/** Makes a body of its blocks. */
export function bodyFromBlocks(blocks: readonly BodyBlock[]): ResponseBody {
  const bytes = blocks.map((block) => block.bytes);
  const length = bytes.reduce((sum, chunk) => sum + chunk.length, 0);
  const chunks = length > MAX_CONCAT_BYTES ? bytes : [Buffer.concat(bytes, length)];
  return revalidatedBody(chunks, length, hashOf(blocks.map(({ digest }) => digest).join()));
}

/** Makes a body of one text, a JSON value. */
export function jsonBody(json: string): ResponseBody {
  const chunk = toChunk(json);
  return revalidatedBody([chunk], chunk.length, hashOf(json));
}

/** Makes a body of JSON that is true for this moment only. */
export function uncachedJson(json: string): ResponseBody {
  return uncachedBody(JSON_TYPE, `${json}\n`);
}

/** Makes a body that is true for this moment only: it has no ETag, and nobody may store it. */
export function uncachedBody(contentType: string, content: string | Buffer): ResponseBody {
  const chunk = typeof content === 'string' ? toChunk(content) : content;
  const { length } = chunk;
  const headers = {
    'content-type': contentType,
    'content-length': String(length),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  };
  return { chunks: [chunk], length, headers };
}

/**
 * A body that holds as long as the state does. Its ETag is a strong one that follows from the bytes alone, so that every server makes
 * the same of the same state; `no-cache` has clients ask each time whether it still holds.
 */
function revalidatedBody(chunks: ResponseBody['chunks'], length: number, digest: string): ResponseBody {
  const headers = {
    'content-type': JSON_TYPE,
    'content-length': String(length),
    'cache-control': 'no-cache',
    // Has browsers take an answer for what it says that it is: a table's name must never become a script.
    'x-content-type-options': 'nosniff',
    etag: `"${digest}"`,
  };
  if (length < MIN_COMPRESS_BYTES) return { chunks, length, headers };
  return { chunks, length, headers: Object.assign(headers, { vary: 'accept-encoding' }) };
}

/** A text as it is sent fastest. Only ASCII stays as it is: any other text would have to be encoded anew each time that it is sent. */
function toChunk(text: string): Buffer | string {
  return text.length <= MAX_STRING_BYTES && Buffer.byteLength(text) === text.length
    ? text
    : Buffer.from(text);
}

/** SHA-1 because it is fast: a validator has to differ where answers differ, and keeps no secret. */
function hashOf(data: string | Buffer): string {
  return hash('sha1', data, 'base64url');
}
