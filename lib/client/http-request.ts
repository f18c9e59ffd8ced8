import { type Agent, type IncomingMessage, request } from 'node:http';
import { PegasusError } from '../model/errors.js';
import type { ServerAddress } from './server-address.js';

/** One HTTP request. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  /** Path and query, encoded, without the mount prefix. */
  readonly target: string;
  /** The body of a POST. */
  readonly body?: string | undefined;
  /** A time limit in the place of the usual one. */
  readonly timeoutMs?: number | undefined;
}

/** The limits of one HTTP request. */
export interface HttpLimits {
  /** `false` for a connection of its own. */
  readonly agent: Agent | false;
  readonly timeoutMs: number;
  readonly maxResponseBytes: number;
  readonly signal: AbortSignal;
}

/** The answer to one HTTP request. */
export interface HttpAnswer {
  readonly status: number;
  readonly location: string | undefined;
  readonly body: Buffer;
  /** Whether this is the first answer of its connection. A server that restarted has lost the older ones. */
  readonly isNewConnection: boolean;
}

/**
 * Maximum length of path and query. A real server understands only a request that arrives in one read, and drops those of 70 KB.
 */
const MAX_TARGET_LENGTH = 32_768;

/**
 * Sends one request and reads the answer.
 *
 * Head and body leave in one write, because `end(body)` is the only write: a real server closes a connection on which a request comes in
 * pieces. A connection carries one request at a time, because pipelined answers can come in another order.
 *
 * @throws PegasusError whose message names the server; the signal's reason if it aborts.
 */
export function sendRequest(
  server: ServerAddress,
  { method, target, body, timeoutMs: ownTimeoutMs }: HttpRequest,
  { agent, timeoutMs: usualTimeoutMs, maxResponseBytes, signal }: HttpLimits,
): Promise<HttpAnswer> {
  const what = `${server.name}: ${method} ${target.slice(0, 200)}`;
  if (target.length > MAX_TARGET_LENGTH)
    return Promise.reject(new PegasusError('ERR_INVALID_PARAMETERS', `${what}: the URL is too long to send`));
  const timeoutMs = ownTimeoutMs ?? usualTimeoutMs;
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const { hostname, port, prefix } = server;
    const headers = body?.startsWith('{') === true ? { 'content-type': 'application/json' } : {};
    const req = request({ hostname, port, path: prefix + target, method, agent, headers });
    const fail = (error: unknown) => {
      settle();
      reject(error);
      req.destroy();
    };
    const onAbort = () => fail(signal.reason);
    const timer = setTimeout(
      () => fail(new PegasusError('ERR_TIMEOUT', `${what}: no answer in ${timeoutMs} ms`)),
      timeoutMs,
    );
    function settle(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    }
    signal.addEventListener('abort', onAbort);
    // Stays for errors after the answer, which would otherwise be thrown.
    req.on('error', (error) => fail(networkError(what, error)));
    req.on('response', (res) => {
      readBody(res, maxResponseBytes).then(
        (bytes) => {
          settle();
          const { statusCode = 0, headers } = res;
          const { location } = headers;
          resolve({ status: statusCode, location, body: bytes, isNewConnection: !req.reusedSocket });
        },
        (error) => fail(error instanceof PegasusError ? named(what, error) : networkError(what, error)),
      );
    });
    req.end(body);
  });
}

async function readBody(res: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of res as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBytes)
      throw new PegasusError('ERR_INVALID_DATA', `the answer has more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, length);
}

function named(what: string, { code, message }: PegasusError): PegasusError {
  return new PegasusError(code, `${what}: ${message}`);
}

function networkError(what: string, cause: unknown): PegasusError {
  const { code, message } = cause as NodeJS.ErrnoException;
  // The parser of Node: what came is no HTTP.
  if (code?.startsWith('HPE_') === true)
    return new PegasusError('ERR_INVALID_DATA', `${what}: the answer is not HTTP (${message})`, { cause });
  const reason = code === 'ECONNRESET' ? 'the server closed the connection' : message;
  return new PegasusError('ERR_NETWORK_FAILURE', `${what}: ${reason}`, { cause });
}
