import { PegasusError } from '../model/errors.js';
import { BodyBuffer, type ReserveBytes, timedOut, tooLarge } from './body-buffer.js';
import type { FetchRequest } from './fetch-request.js';
import type { ErrorResponse } from './response.js';

/**
 * Reads the body of a request of the Fetch API as text. It cancels the rest of a body that it does not read.
 *
 * @throws `ERR_INVALID_STATE` if other code has read the body.
 */
export async function readFetchBody(
  { request, headers }: FetchRequest,
  maxBytes: number,
  timeoutMs: number,
  reserve: ReserveBytes,
): Promise<string | ErrorResponse> {
  if (request.bodyUsed || request.body?.locked) throw alreadyRead();
  if (request.body === null) return '';
  if (Number(headers['content-length'] ?? '0') > maxBytes) {
    discard(request.body);
    return tooLarge(maxBytes);
  }
  const reader = request.body.getReader();
  const buffer = new BodyBuffer(maxBytes, reserve);
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<ErrorResponse>((resolve) => {
    timer = setTimeout(resolve, timeoutMs, timedOut(timeoutMs));
  });
  async function read(): Promise<string | ErrorResponse> {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return buffer.text();
      const error = buffer.add(value);
      if (error !== undefined) return error;
    }
  }
  try {
    // The stream fails when the client disconnects.
    const result = await Promise.race([read().catch(() => timedOut(timeoutMs)), timeout]);
    if (typeof result === 'object') discard(reader);
    return result;
  } finally {
    clearTimeout(timer);
    buffer.release();
  }
}

/** Cancels a stream. That it fails meanwhile changes nothing. */
function discard(stream: { cancel(): Promise<void> }): void {
  stream.cancel().catch(() => {});
}

function alreadyRead(): PegasusError {
  const message =
    'other code has read the body of the request: pass the request on before its body is read, or a request.clone()';
  return new PegasusError('ERR_INVALID_STATE', message, { cause: new TypeError(message) });
}
