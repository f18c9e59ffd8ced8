import { PegasusError } from '../../model/errors.js';

/** Characters that can forge or hide lines of a log: controls, line and paragraph separators, format characters. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

const MAX_REASON_LENGTH = 300;

/** Escapes text from ZooKeeper for a message that reaches the application's log, and shortens it. */
function printable(text: string): string {
  const short = text.length > MAX_REASON_LENGTH ? `${text.slice(0, MAX_REASON_LENGTH)}...` : text;
  return short.replace(UNPRINTABLE, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

/**
 * Makes the error for a znode whose data cannot be used. It has no `cause`: the message of a `SyntaxError` quotes the data
 * unescaped.
 */
export function invalidZnode(path: string, reason: string): PegasusError {
  return new PegasusError(
    'ERR_INVALID_DATA',
    `znode ${printable(path)} cannot be read: ${printable(reason)}`,
  );
}

/** Makes the error for an operation that ZooKeeper refuses. */
export function refusedOperation(path: string, cause: Error): PegasusError {
  return new PegasusError(
    'ERR_ZOOKEEPER_OPERATION',
    `ZooKeeper refuses ${printable(path)}: ${printable(cause.message)}`,
    { cause },
  );
}

/** Makes the error for a connection that ended or was never made. */
export function networkFailure(message: string, cause?: unknown): PegasusError {
  return new PegasusError('ERR_NETWORK_FAILURE', message, cause === undefined ? undefined : { cause });
}

/** Makes the error for a source or an election that cannot answer yet, or no longer. */
export function notActive(message: string): PegasusError {
  return new PegasusError('ERR_SERVICE_NOT_ACTIVE', message);
}
