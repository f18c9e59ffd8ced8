import { PegasusError } from './errors.js';
import type { PegasusRequest } from './request.js';

/** What {@link readBody} answers for a body beyond its limit. */
export const TOO_LARGE: unique symbol = Symbol('body too large');

/**
 * The body of a request as text, whoever has read it: a parser that ran before (express, fastify) leaves what it made of the
 * body in `req.body`, and nothing to read.
 *
 * @param limit - Bytes. One that is announced or grows beyond it is not read to the end.
 */
export async function readBody(req: PegasusRequest, limit: number): Promise<string | typeof TOO_LARGE> {
  const parsed = textOf('body' in req ? req.body : undefined);
  if (parsed !== '' || req.readableEnded) return parsed.length > limit ? TOO_LARGE : parsed;
  if (Number(req.headers['content-length'] ?? 0) > limit) return TOO_LARGE;
  return readStream(req, limit);
}

function readStream(req: PegasusRequest, limit: number): Promise<string | typeof TOO_LARGE> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    function settle(): void {
      req.off('data', onData).off('end', onEnd).off('error', onLost).off('close', onLost);
    }
    function onData(chunk: Buffer | string): void {
      size += chunk.length;
      chunks.push(Buffer.from(chunk as string));
      if (size <= limit) return;
      settle();
      // What still comes is thrown away, so that the connection can be used again.
      req.resume();
      resolve(TOO_LARGE);
    }
    function onEnd(): void {
      settle();
      resolve(Buffer.concat(chunks).toString());
    }
    function onLost(): void {
      settle();
      reject(new PegasusError('ERR_INVALID_PARAMETERS', 'the body did not arrive'));
    }
    req.on('data', onData).on('end', onEnd).on('error', onLost).on('close', onLost);
  });
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
