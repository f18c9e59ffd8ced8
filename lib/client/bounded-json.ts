import { PegasusError } from '../model/errors.js';

/** Deeper nesting than any answer of Pegasus has. */
const MAX_DEPTH = 16;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Parses an answer as JSON.
 *
 * @throws PegasusError `ERR_INVALID_DATA` if it is not JSON, or is nested too deeply.
 */
export function parseJson(body: Buffer): unknown {
  checkDepth(body);
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw new PegasusError('ERR_INVALID_DATA', `the answer is not JSON (${(cause as Error).message})`);
  }
}

/** Checks the depth before parsing, because each level costs memory. Brackets within strings do not count. */
function checkDepth(body: Buffer): void {
  let depth = 0;
  for (let i = 0; i < body.length; i += 1) {
    const byte = body[i] as number;
    if (byte === QUOTE) i = endOfString(body, i);
    else if (byte === 0x7b || byte === 0x5b) {
      depth += 1;
      if (depth > MAX_DEPTH)
        throw new PegasusError('ERR_INVALID_DATA', `the answer is nested deeper than ${MAX_DEPTH} levels`);
    } else if (byte === 0x7d || byte === 0x5d) depth -= 1;
  }
}

/** Returns the index of the quote that ends a string. */
function endOfString(body: Buffer, start: number): number {
  let end = body.indexOf(QUOTE, start + 1);
  while (end !== -1 && isEscaped(body, end)) end = body.indexOf(QUOTE, end + 1);
  return end === -1 ? body.length : end;
}

function isEscaped(body: Buffer, index: number): boolean {
  let backslashes = 0;
  while (body[index - 1 - backslashes] === BACKSLASH) backslashes += 1;
  return backslashes % 2 === 1;
}
