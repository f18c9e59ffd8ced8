import { clientError } from '../../model/errors.js';
import type { RequestBody } from '../../routing/request-body.js';

/** An address as the client wrote it, and its value. */
export interface Address {
  /** At least eight lower-case hex digits. */
  readonly digits: string;
  readonly value: number;
}

/** More addresses than any profile has. */
const MAX_ADDRESSES = 250_000;

/** The body limit: the addresses of any profile, several times. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** The longest printed name. Longer names are cut, which limits the size of the response. */
const MAX_NAME_LENGTH = 1000;

/** The size of the pieces in which the lines are written. */
const CHUNK_LENGTH = 64 * 1024;

/**
 * The body of `POST /pprof/symbol`: hex addresses joined by `+`, with or without `0x` and quotes (`curl -d '"0x12"'`). A space may stand for
 * `+`, because a form parser converts it. Equal addresses share one object.
 */
export const addressList: RequestBody<readonly Address[]> = {
  contentType: 'application/octet-stream',
  maxBytes: MAX_BODY_BYTES,
  parse(body) {
    const bare = body.trim().replace(/^["']|["']$/g, '');
    const tokens = bare.split(/[+\s]+/, MAX_ADDRESSES + 2).filter((token) => token !== '');
    if (tokens.length > MAX_ADDRESSES) {
      throw clientError('ERR_INVALID_PARAMETERS', `at most ${MAX_ADDRESSES} addresses at a time`);
    }
    const known = new Map<string, Address>();
    return tokens.map((token) => {
      let address = known.get(token);
      if (address === undefined) {
        address = parseAddress(token);
        known.set(token, address);
      }
      return address;
    });
  },
};

function parseAddress(token: string): Address {
  const digits = token.replace(/^0x/i, '').toLowerCase();
  if (!/^[0-9a-f]{1,64}$/.test(digits)) {
    const message = `addresses must be in hex, joined by "+", not "${token.slice(0, 40)}"`;
    throw clientError('ERR_INVALID_PARAMETERS', message);
  }
  return { digits: digits.padStart(8, '0'), value: Number.parseInt(digits, 16) };
}

/** The lines of a response, one per address. Each name is formatted once; the text is created piece by piece while it is sent. */
export class SymbolLines {
  /** Many chunks, however long they are together. */
  readonly length = Number.POSITIVE_INFINITY;
  /** The total size in bytes. */
  readonly byteLength: number;
  readonly #lines: readonly string[];

  /** @param names - Names by address. An unknown address prints itself. */
  constructor(addresses: readonly Address[], names: ReadonlyMap<Address, string | undefined>) {
    const lineOf = new Map<Address, string>();
    const sizeOf = new Map<Address, number>();
    for (const address of new Set(addresses)) {
      const name = names.get(address) ?? `0x${address.digits}`;
      const line = `0x${address.digits}\t${oneLine(name.slice(0, MAX_NAME_LENGTH))}\n`;
      lineOf.set(address, line);
      sizeOf.set(address, Buffer.byteLength(line));
    }
    this.#lines = addresses.map((address) => lineOf.get(address) as string);
    this.byteLength = addresses.reduce((sum, address) => sum + (sizeOf.get(address) as number), 0);
  }

  *[Symbol.iterator](): Generator<string, void, void> {
    let text = '';
    for (const line of this.#lines) {
      text += line;
      if (text.length < CHUNK_LENGTH) continue;
      yield text;
      text = '';
    }
    yield text;
  }
}

/** Replaces line breaks and NUL. */
export function oneLine(text: string): string {
  return text.replace(/[\r\n\0]/g, ' ');
}
