import type { IncomingMessage } from 'node:http';
import { PegasusError } from '../../index.js';
import { describeValue } from '../../validate/describe-value.js';
import { describeSyntaxMistake } from '../options/json-syntax.js';

/** A description of a table with 10,000 partitions fits. */
const MAX_BYTES = 4 * 1024 * 1024;

/** How long a body may take to arrive. */
const TIMEOUT_MS = 10_000;

/**
 * Reads the JSON object in the body of a request.
 *
 * @throws PegasusError `ERR_INVALID_PARAMETERS` that says what is wrong.
 */
export async function readJsonBody(req: IncomingMessage): Promise<object> {
  const type = req.headers['content-type'] ?? '';
  if (!/^application\/json *(;|$)/i.test(type)) {
    // A page in a browser can send other types without asking first.
    throw invalid(
      `the header Content-Type must be application/json, not ${describeValue(type || undefined)}`,
    );
  }
  const text = await readText(req);
  const mistake = describeSyntaxMistake(text);
  if (mistake !== undefined) throw invalid(`the body ${mistake}`);
  const value: unknown = JSON.parse(text);
  if (describeValue(value) !== 'an object')
    throw invalid(`the body must be a JSON object, not ${describeValue(value)}`);
  return value as object;
}

async function readText(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const timer = setTimeout(() => req.destroy(), TIMEOUT_MS);
  try {
    for await (const chunk of req as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > MAX_BYTES) throw invalid(`the body must be at most ${MAX_BYTES} bytes`);
      chunks.push(chunk);
    }
  } finally {
    clearTimeout(timer);
  }
  return Buffer.concat(chunks).toString();
}

function invalid(message: string): PegasusError {
  return new PegasusError('ERR_INVALID_PARAMETERS', message);
}
