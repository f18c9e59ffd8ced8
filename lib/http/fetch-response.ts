import type { BodyChunks } from './body.js';
import type { FetchExchange } from './fetch-exchange.js';
import type { FetchRequest } from './fetch-request.js';
import type { HttpResponse } from './response.js';

/** Larger bodies are streamed in pieces of this size: each piece that the host takes counts as progress. */
const PIECE_BYTES = 64 * 1024;

/** Bodies up to this size are handed over as a whole. */
const MAX_WHOLE_BYTES = 64 * 1024;

/** Statuses whose response must not have a body. */
const NO_BODY: ReadonlySet<number> = new Set([204, 304]);

/**
 * Creates the `Response` of a response.
 *
 * @param timeoutMs - A streamed body fails when the host takes nothing of it for this long.
 */
export function toFetchResponse(
  req: FetchRequest,
  exchange: FetchExchange,
  { status, headers, chunks }: HttpResponse,
  timeoutMs: number,
): Response {
  exchange.statusCode = status;
  const init = { status, headers };
  const first = chunks[0] ?? '';
  if (req.method === 'HEAD' || NO_BODY.has(status) || (chunks.length <= 1 && first.length === 0)) {
    exchange.finish();
    return new Response(null, init);
  }
  if (chunks.length === 1 && first.length <= MAX_WHOLE_BYTES) {
    exchange.finish();
    return new Response(first as string | Uint8Array<ArrayBuffer>, init);
  }
  return new Response(streamOf(exchange, chunks, timeoutMs), init);
}

/** Creates a stream that makes a piece only when the host asks for it. */
function streamOf(
  exchange: FetchExchange,
  chunks: BodyChunks,
  timeoutMs: number,
): ReadableStream<Uint8Array> {
  const pieces = piecesOf(chunks);
  let timer: NodeJS.Timeout | undefined;
  let onClose = () => {};
  function stop(): void {
    clearTimeout(timer);
    exchange.off('close', onClose);
    // The chunks may be created while they are sent: then the generator holds their source.
    pieces.return();
  }
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        function fail(reason: unknown): void {
          stop();
          controller.error(reason);
          exchange.close();
        }
        onClose = () => fail(new DOMException('the client has disconnected', 'AbortError'));
        exchange.on('close', onClose);
        const message = `the client took nothing of the response within ${timeoutMs} ms`;
        timer = setTimeout(() => fail(new DOMException(message, 'TimeoutError')), timeoutMs);
      },
      pull(controller) {
        timer?.refresh();
        const { done, value } = pieces.next();
        if (!done) return controller.enqueue(value);
        stop();
        controller.close();
        exchange.finish();
      },
      cancel() {
        stop();
        exchange.close();
      },
    },
    { highWaterMark: 0 },
  );
}

/** Copies each piece: a host may transfer the memory of what it takes, and these chunks are the ones of a cache. */
function* piecesOf(chunks: BodyChunks): Generator<Uint8Array, void> {
  for (const chunk of chunks) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      yield Uint8Array.prototype.slice.call(bytes, at, at + PIECE_BYTES);
    }
  }
}
