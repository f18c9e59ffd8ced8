import { CLIENT_DISCONNECTED } from '../http/deadline.js';
import { PegasusError, type PegasusErrorCode } from '../model/errors.js';
import type { SourcePart } from '../routing/source-operation.js';

/** The names of the parts in messages. */
export const PART_LABELS: Readonly<Record<SourcePart, string>> = {
  metaState: 'meta state',
  perfCounters: 'perf counter',
  processInfo: 'process information',
  metrics: 'metrics',
  config: 'configuration',
  replicas: 'replica',
};

/**
 * Converts what a source threw to an error for the client. The source chooses the code; its message stays in the `cause`, for `onError`.
 */
export function toClientError(part: SourcePart, cause: unknown): unknown {
  if (cause === CLIENT_DISCONNECTED) return cause;
  const code = cause instanceof PegasusError ? cause.code : 'ERR_UNKNOWN';
  return new PegasusError(code, clientMessage(code, part), { cause });
}

/**
 * Converts what rendering a value of the source threw. An error that this library decides on itself (not found, busy) is returned: it is no
 * failure. Any other throw means that the value is malformed.
 *
 * @throws The error of a malformed value.
 */
export function renderFailure(part: SourcePart, cause: unknown): PegasusError {
  if (cause instanceof PegasusError) return cause;
  throw unusableAnswer(part, cause);
}

/** Creates the error of a value that cannot be read. */
export function unusableAnswer(part: SourcePart, cause: unknown): PegasusError {
  return new PegasusError('ERR_UNKNOWN', `the ${PART_LABELS[part]} source gave an unusable answer`, {
    cause,
  });
}

/** Creates the report of a table that cannot be printed, in a response that shows the others. */
export function skippedTableError(part: SourcePart, table: string, cause: unknown): PegasusError {
  const message = `the ${PART_LABELS[part]} source gave an unusable table, which was left out: ${table}`;
  return new PegasusError('ERR_INVALID_DATA', message, { cause });
}

function clientMessage(code: PegasusErrorCode, part: SourcePart): string {
  const source = `the ${PART_LABELS[part]} source`;
  switch (code) {
    case 'ERR_TIMEOUT':
      return `${source} did not answer in time`;
    case 'ERR_SERVICE_NOT_ACTIVE':
      return `${source} is not ready yet`;
    case 'ERR_BUSY':
    case 'ERR_BUSY_CREATING':
    case 'ERR_BUSY_DROPPING':
      return `${source} is busy`;
    case 'ERR_FORWARD_TO_OTHERS':
      return 'no primary meta server is known';
    case 'ERR_OBJECT_NOT_FOUND':
      return `${source} has no such thing`;
    default:
      return `${source} failed`;
  }
}
