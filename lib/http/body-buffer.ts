import type { ErrorResponse } from './response.js';

/** The first buffer of a body. Few bodies are larger. */
const INITIAL_BUFFER_BYTES = 16 * 1024;

/**
 * Reserves bytes of those that all unfinished bodies of a handler may hold together; a negative number releases them.
 *
 * @returns Whether there was room for them.
 */
export type ReserveBytes = (bytes: number) => boolean;

/** Collects a body. One growing buffer instead of a list of chunks: a body that arrives byte by byte would take a hundred times its size. */
export class BodyBuffer {
  readonly #maxBytes: number;
  readonly #reserve: ReserveBytes;
  #buffer: Buffer = Buffer.alloc(0);
  #size = 0;

  constructor(maxBytes: number, reserve: ReserveBytes) {
    this.#maxBytes = maxBytes;
    this.#reserve = reserve;
  }

  /** Adds a chunk. Returns the error that ends the body. */
  add(chunk: Uint8Array): ErrorResponse | undefined {
    const size = this.#size + chunk.length;
    if (size > this.#maxBytes) return tooLarge(this.#maxBytes);
    if (!this.#ensureCapacity(size)) return tooManyBytes();
    this.#buffer.set(chunk, this.#size);
    this.#size = size;
    return undefined;
  }

  /** Returns the body as text. */
  text(): string {
    return this.#buffer.toString('utf8', 0, this.#size);
  }

  /** Releases the bytes. */
  release(): void {
    this.#reserve(-this.#buffer.length);
    this.#buffer = Buffer.alloc(0);
  }

  #ensureCapacity(needed: number): boolean {
    const { length } = this.#buffer;
    if (needed <= length) return true;
    const longer = Math.min(Math.max(length * 2, needed, INITIAL_BUFFER_BYTES), this.#maxBytes);
    if (!this.#reserve(longer - length)) return false;
    const larger = Buffer.allocUnsafe(longer);
    this.#buffer.copy(larger, 0, 0, this.#size);
    this.#buffer = larger;
    return true;
  }
}

/** Returns the error for a body that is too large. */
export function tooLarge(maxBytes: number): ErrorResponse {
  const message = `the body may have ${maxBytes} bytes at most`;
  return { code: 'ERR_INVALID_PARAMETERS', status: 413, message };
}

/** Returns the error for a body that does not arrive in time. */
export function timedOut(timeoutMs: number): ErrorResponse {
  const message = `the body did not arrive within ${timeoutMs} ms`;
  return { code: 'ERR_TIMEOUT', status: 408, message, closesConnection: true };
}

function tooManyBytes(): ErrorResponse {
  return { code: 'ERR_BUSY', message: 'too many bodies are being read', closesConnection: true };
}
