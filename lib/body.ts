import { isAscii } from 'node:buffer';
import { hash } from 'node:crypto';

/** Headers by lower-case name. An object, for a flat array breaks hosts that patch `writeHead` (old `on-headers`). */
export type Headers = Readonly<Record<string, string>>;

/** A body that is ready to be sent, as often as it is asked for. */
export interface Body {
  /** One buffer, or several where the answer is large: they are never joined. */
  readonly chunks: readonly Buffer[];
  /** In bytes, of all chunks. */
  readonly length: number;
  /** The same as one string, where it is short: Node writes a head and a string at once, a head and a buffer in two parts. */
  readonly text?: string | undefined;
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

/** Has browsers take an answer for what it says that it is: a table's name must never become a script. */
const NOSNIFF = { 'x-content-type-options': 'nosniff' };

const JSON_TYPE = 'application/json; charset=utf-8';

/** Text that is no JSON. */
export const PLAIN_TEXT = 'text/plain; charset=utf-8';

/** Makes a block of a text. */
export function blockOf(text: string): Block {
  const bytes = Buffer.from(text);
  return { bytes, digest: digestOf(bytes) };
}

/**
 * Makes a body of its blocks. Its ETag is a strong one that follows from the bytes alone, so that every server makes the same of
 * the same state; `no-cache` has clients ask each time whether it still holds.
 */
export function bodyOf(blocks: readonly Block[]): Body {
  const [first] = blocks;
  const isOne = first !== undefined && blocks.length === 1;
  const chunks = blocks.map(({ bytes }) => bytes);
  const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  const etag = `"${isOne ? first.digest : digestOf(blocks.map(({ digest }) => digest).join())}"`;
  const headers = {
    'content-type': JSON_TYPE,
    'content-length': String(length),
    'cache-control': 'no-cache',
    ...NOSNIFF,
    etag,
  };
  const joined = isOne || length > LARGEST_JOINED ? chunks : [Buffer.concat(chunks, length)];
  return {
    chunks: joined,
    length,
    text: shortText(joined),
    headers: length < SMALLEST_COMPRESSED ? headers : { ...headers, vary: 'accept-encoding' },
  };
}

/** Only ASCII: any other text would have to be encoded anew each time that it is sent. */
function shortText([bytes]: readonly Buffer[]): string | undefined {
  return bytes !== undefined && bytes.length <= LONGEST_TEXT && isAscii(bytes)
    ? bytes.toString('latin1')
    : undefined;
}

/** Makes a body of one text, a JSON value. */
export function bodyOfText(json: string): Body {
  return bodyOf([blockOf(`${json}\n`)]);
}

/** Makes a body of JSON that is true for this moment only. */
export function momentaryBody(json: string): Body {
  return contentBody(JSON_TYPE, `${json}\n`);
}

/** Makes a body that is true for this moment only: it has no ETag, and nobody may store it. */
export function contentBody(contentType: string, content: string | Buffer): Body {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const { length } = bytes;
  const headers = {
    'content-type': contentType,
    'content-length': String(length),
    'cache-control': 'no-store',
    ...NOSNIFF,
  };
  return { chunks: [bytes], length, headers };
}

/** SHA-1 because it is fast: a validator has to differ where answers differ, and keeps no secret. */
function digestOf(data: string | Buffer): string {
  return hash('sha1', data, 'base64url');
}
