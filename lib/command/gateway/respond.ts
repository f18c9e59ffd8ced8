import type { IncomingMessage, ServerResponse } from 'node:http';
import type { PegasusErrorCode } from '../../index.js';

/** Sends a JSON document that no cache stores. */
export function sendJson(
  req: IncomingMessage,
  res: ServerResponse,
  status: number,
  document: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  sendText(req, res, status, `${JSON.stringify(document)}\n`, 'application/json; charset=utf-8', headers);
}

/** Sends a text that no cache stores. */
export function sendText(
  req: IncomingMessage,
  res: ServerResponse,
  status: number,
  text: string,
  type: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  res.writeHead(status, {
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...headers,
  });
  res.end(req.method === 'HEAD' ? undefined : text);
}

/** Sends an error in the form that all endpoints have. */
export function sendError(
  req: IncomingMessage,
  res: ServerResponse,
  status: number,
  error: PegasusErrorCode,
  message: string,
  headers?: Readonly<Record<string, string>>,
): void {
  sendJson(req, res, status, { error, message }, headers);
}
