import { hash } from 'node:crypto';

/** Headers by lower-case name. An object, for a flat array breaks hosts that patch `writeHead` (old `on-headers`). */
export type Headers = Readonly<Record<string, string>>;

/** A body that is ready to be sent, as often as it is asked for. */
export interface Body {
  /**
   * One chunk, or several where the answer is large: they are never joined. A short one is a string, for Node writes a head and a
   * string at once, a head and a buffer in two parts.
   */
  readonly chunks: readonly (Buffer | string)[];
  /** In bytes, of all chunks. */
  readonly length: number;
  /** What goes before it. With an `etag` a client may ask on condition, with `vary` it may have it compressed. */
  readonly headers: Headers;
}

/** Bytes that may be used again in another body, with the digest that they add to its ETag. */
export interface Block {
  readonly bytes: Buffer;
  readonly digest: string;
}

/** Up to here, in bytes, a body is joined into one buffer: one write costs less than many. */
const LARGEST_JOINED = 256 * 1024;

/** Up to here, in bytes, a string is sent faster than a buffer. */
const LONGEST_TEXT = 8 * 1024;

/** From here on, in bytes, compressing saves more than it costs: less than this fits into one packet as it is. */
const SMALLEST_COMPRESSED = 1024;

const JSON_TYPE = 'application/json; charset=utf-8';

/** Text that is no JSON. */
export const PLAIN_TEXT = 'text/plain; charset=utf-8';

/** Makes a block of a text. */
export function blockOf(text: string): Block {
  const bytes = Buffer.from(text);
  return { bytes, digest: digestOf(bytes) };
}

/** Makes a body of its blocks. */
export function bodyOf(blocks: readonly Block[]): Body {
  const bytes = blocks.map((block) => block.bytes);
  const length = bytes.reduce((sum, chunk) => sum + chunk.length, 0);
  const chunks = length > LARGEST_JOINED ? bytes : [Buffer.concat(bytes, length)];
  return stateBody(chunks, length, digestOf(blocks.map(({ digest }) => digest).join()));
}

/** Makes a body of one text, a JSON value. */
export function bodyOfText(json: string): Body {
  const chunk = chunkOf(json);
  return stateBody([chunk], chunk.length, digestOf(json));
}

/** Makes a body of JSON that is true for this moment only. */
export function momentaryBody(json: string): Body {
  return contentBody(JSON_TYPE, `${json}\n`);
}

/** Makes a body that is true for this moment only: it has no ETag, and nobody may store it. */
export function contentBody(contentType: string, content: string | Buffer): Body {
  const chunk = typeof content === 'string' ? chunkOf(content) : content;
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
function stateBody(chunks: Body['chunks'], length: number, digest: string): Body {
  const headers = {
    'content-type': JSON_TYPE,
    'content-length': String(length),
    'cache-control': 'no-cache',
    // Has browsers take an answer for what it says that it is: a table's name must never become a script.
    'x-content-type-options': 'nosniff',
    etag: `"${digest}"`,
  };
  if (length < SMALLEST_COMPRESSED) return { chunks, length, headers };
  return { chunks, length, headers: Object.assign(headers, { vary: 'accept-encoding' }) };
}

/** A text as it is sent fastest. Only ASCII stays as it is: any other text would have to be encoded anew each time that it is sent. */
function chunkOf(text: string): Buffer | string {
  return text.length <= LONGEST_TEXT && Buffer.byteLength(text) === text.length ? text : Buffer.from(text);
}

/** SHA-1 because it is fast: a validator has to differ where answers differ, and keeps no secret. */
function digestOf(data: string | Buffer): string {
  return hash('sha1', data, 'base64url');
}
