import type { ServerResponse } from 'node:http';
import type { MaybePromise } from '../model/maybe-promise.js';
import type { BodyChunks, ResponseHeaders } from './body.js';
import { isDisconnected, isEnded, type PegasusRequest, type PegasusResponse } from './node.js';
import { joinPresetHeaders } from './preset-headers.js';
import type { HttpResponse } from './response.js';

/** Writes a response. Does nothing when another party has responded or the client has disconnected. */
export function sendResponse(
  req: PegasusRequest,
  res: PegasusResponse,
  { status, headers, chunks, closesConnection = false }: HttpResponse,
): MaybePromise<void> {
  if (isEnded(res)) return undefined;
  // HTTP/2 has no such header: its stream is closed below, and the connection goes on.
  const sent = closesConnection && !('stream' in res) ? { ...headers, connection: 'close' } : headers;
  writeHead(req, res, status, sent);
  if (chunks.length > 1 && req.method !== 'HEAD') return sendChunks(res, chunks);
  // Node discards the body of a response to HEAD.
  res.end(chunks[0] ?? '');
  if (closesConnection && 'stream' in res) res.stream?.close();
  return undefined;
}

/** Writes a large body no faster than the client reads it. */
async function sendChunks(res: PegasusResponse, chunks: BodyChunks): Promise<void> {
  for (const chunk of chunks) {
    if (!(res as ServerResponse).write(chunk)) await waitForDrain(res);
    if (isDisconnected(res)) return;
  }
  res.end();
}

function waitForDrain(res: PegasusResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      res.off('drain', done);
      res.off('close', done);
      resolve();
    };
    res.on('drain', done);
    res.on('close', done);
  });
}

/** Always sets the status, because koa presets 404. The cast picks one signature of the HTTP/1 and HTTP/2 union. */
function writeHead(
  req: PegasusRequest,
  res: PegasusResponse,
  status: number,
  headers: ResponseHeaders,
): void {
  (res as ServerResponse).writeHead(status, joinPresetHeaders(res, headers) as ResponseHeaders);
  // Node queues `100 Continue` of a pipelined request. A head that is sent together with a buffer would overtake it, and the
  // client would find it inside the response. A head that is flushed alone keeps its place.
  if (req.headers?.expect !== undefined) (res as ServerResponse).flushHeaders();
}
