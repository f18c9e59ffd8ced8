import { hash } from 'node:crypto';

/** Response headers by lower-case name. */
export type ResponseHeaders = Readonly<Record<string, string>>;

/** Headers as names and values in turn. Node writes them faster than an object. */
export type HeaderList = readonly string[];

/** The chunks of a body: an array, or an iterable of more than one chunk that creates them while they are sent. */
export interface BodyChunks extends Iterable<Buffer | string> {
  readonly length: number;
  readonly 0?: Buffer | string | undefined;
}

/** A response body with its headers. It can be sent any number of times. */
export interface ResponseBody {
  /**
   * One chunk, or several when the body is large; they are never joined. A short chunk is a string, because Node writes a
   * head and a string in one packet but a head and a buffer in two.
   */
  readonly chunks: BodyChunks;
  /** The total size in bytes. */
  readonly length: number;
  /** The headers of the body. With `etag` it can be revalidated; with `vary` it can be compressed. */
  readonly headers: ResponseHeaders;
  /** The same headers, for a body that is sent again and again. */
  readonly headerList?: HeaderList | undefined;
}

/** Returns headers as a list. */
export function toHeaderList(headers: ResponseHeaders): HeaderList {
  return Object.entries(headers).flat();
}

/** Creates a body that is sent again and again. */
export function repeatedBody(chunks: BodyChunks, length: number, headers: ResponseHeaders): ResponseBody {
  return { chunks, length, headers, headerList: toHeaderList(headers) };
}

/** Returns a body with other headers. */
export function withHeaders({ chunks, length }: ResponseBody, headers: ResponseHeaders): ResponseBody {
  return { chunks, length, headers };
}

/** A part of a body that can be reused in another body, with the hash that it contributes to the ETag. */
export interface BodyBlock {
  readonly bytes: Buffer;
  readonly hash: string;
}

/** Bodies up to this size are concatenated: one write costs less than several. */
const MAX_CONCAT_BYTES = 256 * 1024;

/** Strings up to this size are sent faster than buffers. */
const MAX_STRING_BYTES = 8 * 1024;

/** Smaller bodies fit into one packet, so compressing them saves nothing. */
const MIN_COMPRESS_BYTES = 1024;

/** The content type of JSON. */
export const JSON_TYPE = 'application/json; charset=utf-8';

/** The content type of text that is not JSON. */
export const PLAIN_TEXT = 'text/plain; charset=utf-8';

/** Creates a block from text. */
export function createBlock(text: string): BodyBlock {
  const bytes = Buffer.from(text);
  return { bytes, hash: hashOf(bytes) };
}

/** Creates a JSON body from blocks. */
export function bodyFromBlocks(blocks: readonly BodyBlock[]): ResponseBody {
  const bytes = blocks.map((block) => block.bytes);
  const length = bytes.reduce((sum, chunk) => sum + chunk.length, 0);
  const chunks = length > MAX_CONCAT_BYTES ? bytes : [Buffer.concat(bytes, length)];
  return revalidatedBody(chunks, length, hashOf(blocks.map((block) => block.hash).join()));
}

/** Creates a JSON body from one text. */
export function jsonBody(json: string): ResponseBody {
  const chunk = toChunk(json);
  return revalidatedBody([chunk], chunk.length, hashOf(json));
}

/** Creates a JSON body that is valid only now: it has no ETag, and caches must not store it. */
export function uncachedJson(json: string): ResponseBody {
  return uncachedBody(JSON_TYPE, `${json}\n`);
}

/** Creates a JSON body like {@link uncachedJson} that may be large: clients that accept it get it compressed. */
export function uncachedLargeJson(json: string): ResponseBody {
  const body = uncachedJson(json);
  if (body.length < MIN_COMPRESS_BYTES) return body;
  return withHeaders(body, { ...body.headers, vary: 'accept-encoding' });
}

/** Creates a body that is valid only now: it has no ETag, and caches must not store it. */
export function uncachedBody(contentType: string, content: string | Buffer): ResponseBody {
  const chunk = typeof content === 'string' ? toChunk(content) : content;
  return streamedBody(contentType, chunk.length, [chunk]);
}

/** Creates a body like {@link uncachedBody} whose chunks may be created while they are sent. */
export function streamedBody(contentType: string, length: number, chunks: BodyChunks): ResponseBody {
  const headers = {
    'content-type': contentType,
    'content-length': String(length),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  };
  return { chunks, length, headers };
}

/**
 * Creates a body that is valid until the state changes. The ETag is strong and depends only on the bytes, so that every
 * server gives the same ETag to the same state. `no-cache` makes clients revalidate each time.
 */
function revalidatedBody(chunks: ResponseBody['chunks'], length: number, etag: string): ResponseBody {
  return repeatedBody(chunks, length, {
    'content-type': JSON_TYPE,
    'content-length': String(length),
    'cache-control': 'no-cache',
    // Browsers must not guess another type: the name of a table must never run as a script.
    'x-content-type-options': 'nosniff',
    etag: `"${etag}"`,
    ...(length >= MIN_COMPRESS_BYTES && { vary: 'accept-encoding' }),
  });
}

/** Converts text to the chunk that is sent fastest. Only ASCII stays a string: other text would be encoded for each response. */
function toChunk(text: string): Buffer | string {
  return text.length <= MAX_STRING_BYTES && Buffer.byteLength(text) === text.length
    ? text
    : Buffer.from(text);
}

/** Hashes with SHA-1, which is fast. An ETag must differ where bodies differ; it protects no secret. */
function hashOf(data: string | Buffer): string {
  return hash('sha1', data, 'base64url');
}
