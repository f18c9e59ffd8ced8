import type { PegasusRequest } from './node.js';
import type { Refused } from './send.js';

/** What is taken for a body at first, in bytes: few have more. */
const FIRST_SIZE = 16 * 1024;

/** Bodies that are read at a time: each may grow to its limit, and nobody sends more than one. */
const MOST_AT_A_TIME = 16;

/**
 * Makes the function that reads the body of a request as text, whoever has read it: a parser that ran before (express, fastify) leaves
 * what it made of the body in `req.body`, and nothing to read.
 *
 * @param timeoutMs - For all of a body. When it is over, what has come is dropped and nothing more is read.
 * @returns `limit` is bytes; a body that is announced or grows beyond it is not read to the end.
 */
export function bodyReader(
  timeoutMs: number,
): (req: PegasusRequest, limit: number) => Promise<string | Refused> {
  let reading = 0;

  return async function readBody(req, limit) {
    const parsed = textOf('body' in req ? req.body : undefined);
    if (parsed !== '' || req.readableEnded) return parsed.length > limit ? tooLarge(limit) : parsed;
    if (Number(req.headers['content-length'] ?? 0) > limit) return tooLarge(limit);
    if (req.destroyed) return tooLate(timeoutMs);
    if (reading >= MOST_AT_A_TIME) return { code: 'ERR_BUSY', message: 'too many bodies are being read' };
    reading += 1;
    try {
      return await readStream(req, limit, timeoutMs);
    } finally {
      reading -= 1;
    }
  };
}

function tooLarge(limit: number): Refused {
  return { code: 'ERR_INVALID_PARAMETERS', status: 413, message: `the body may have ${limit} bytes at most` };
}

function tooLate(timeoutMs: number): Refused {
  const message = `the body did not arrive within ${timeoutMs} ms`;
  return { code: 'ERR_TIMEOUT', status: 408, message, hangUp: true };
}

function readStream(req: PegasusRequest, limit: number, timeoutMs: number): Promise<string | Refused> {
  return new Promise((resolve) => {
    // One buffer and not a list of chunks: a body that comes byte by byte would take a hundred times its size.
    let held: Buffer = Buffer.allocUnsafe(Math.min(FIRST_SIZE, limit));
    let size = 0;
    const timer = setTimeout(() => {
      settle(tooLate(timeoutMs));
      req.pause();
    }, timeoutMs);
    function settle(outcome: string | Refused): void {
      clearTimeout(timer);
      req.off('data', onData).off('end', onEnd).off('error', onLost).off('close', onLost);
      resolve(outcome);
    }
    function onData(data: Buffer | string): void {
      const chunk = typeof data === 'string' ? Buffer.from(data) : data;
      if (size + chunk.length > limit) {
        settle(tooLarge(limit));
        // What still comes is thrown away, so that the connection can be used again.
        req.resume();
        return;
      }
      held = withRoomFor(held, size, chunk.length, limit);
      size += chunk.copy(held, size);
    }
    const onEnd = () => settle(held.toString('utf8', 0, size));
    const onLost = () => settle(tooLate(timeoutMs));
    req.on('data', onData).on('end', onEnd).on('error', onLost).on('close', onLost);
  });
}

function withRoomFor(held: Buffer, size: number, more: number, limit: number): Buffer {
  if (size + more <= held.length) return held;
  const larger = Buffer.allocUnsafe(Math.min(Math.max(held.length * 2, size + more), limit));
  held.copy(larger, 0, 0, size);
  return larger;
}

/**
 * A parsed body as the text that it was, as far as it can be told. A body without `=` or `&` that was taken for a form is one
 * key without a value, in which every `+` has become a space. An empty object is what some parsers leave where they did nothing.
 */
function textOf(body: unknown): string {
  if (typeof body === 'string') return body;
  if (typeof body === 'number') return String(body);
  if (body instanceof Uint8Array) return Buffer.from(body).toString();
  if (typeof body === 'object' && body !== null) return Object.keys(body).join('+');
  return '';
}
