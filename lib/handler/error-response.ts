import { writeError } from '../compiled/rows.js';
import { PLAIN_TEXT, uncachedBody, uncachedJson } from '../http/body.js';
import type { AnyRequest } from '../http/exchange.js';
import type { ErrorResponse, HttpResponse } from '../http/response.js';
import { httpStatus } from '../model/errors.js';
import { isGoClient } from '../pprof/formats.js';
import { escapeJson } from '../render/format.js';
import type { Endpoint } from '../routing/endpoint.js';

/** Seconds after which a 503 is worth a retry: elections and the creation of a table take a few. */
const RETRY_AFTER_SECONDS = '1';

/** Renders an error. */
export function renderError(
  { req, endpoint }: { readonly req: AnyRequest; readonly endpoint: Endpoint | undefined },
  error: ErrorResponse,
): HttpResponse {
  const { code, message, status = httpStatus(code), allow, challenge, closesConnection = false } = error;
  const isPprof = endpoint?.group === 'pprof';
  // `go tool pprof` prints an error only if it is plain text and has this header.
  const isForGo = isPprof && isGoClient(req.headers?.['user-agent']);
  const { chunks, headers } = isForGo
    ? uncachedBody(PLAIN_TEXT, `${message}\n`)
    : uncachedJson(writeError({ error: escapeJson(code), message: escapeJson(message) }));
  const all: Record<string, string> = { ...headers };
  if (status === 503) all['retry-after'] = RETRY_AFTER_SECONDS;
  if (isPprof) all['x-go-pprof'] = '1';
  if (allow !== undefined) all['allow'] = allow;
  if (challenge !== undefined) all['www-authenticate'] = challenge;
  return { status, chunks, closesConnection, headers: all };
}
