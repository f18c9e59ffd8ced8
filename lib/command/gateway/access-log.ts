import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Log } from './log.js';

/**
 * Logs a request when its response is sent, or when its client has left. It logs no header, and of the target only path and query, because
 * the origin of an absolute target may hold a password.
 */
export function logAccess(log: Log, req: IncomingMessage, res: ServerResponse): void {
  if (!log.hasInfo) return;
  const startMs = performance.now();
  const { remoteAddress } = req.socket;
  res.once('close', () => {
    log.info('request', {
      method: req.method,
      url: localTarget(req.url),
      status: res.headersSent ? res.statusCode : undefined,
      isComplete: res.writableFinished ? undefined : false,
      ms: Math.round((performance.now() - startMs) * 100) / 100,
      client: remoteAddress,
    });
  });
}

function localTarget(url = ''): string {
  return url.startsWith('/') ? url : url.replace(/^[^/?#]*\/\/[^/?#]*/, '');
}
