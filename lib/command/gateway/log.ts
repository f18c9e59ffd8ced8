import type * as Pino from 'pino';
import { loadOptional } from '../optional-package.js';

/** Fields of a log line. Their texts are made printable. */
export type Fields = Readonly<Record<string, string | number | boolean | undefined>>;

/** The log of a gateway. */
export interface Log {
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  error(message: string, fields?: Fields): void;
  /** Whether {@link info} writes anything. */
  readonly hasInfo: boolean;
  /** Whether it writes JSON lines on the standard output. Otherwise only warnings and errors are written, as text. */
  readonly isStructured: boolean;
}

/** Makes a log of JSON lines on the standard output. Without pino, warnings and errors are lines of text on the standard error. */
export function createLog(level: string): Log {
  const pino = loadOptional<typeof Pino.pino>('pino');
  if (pino === undefined) return textLog(level);
  // Written in the background: a write for each request would cost more than the request.
  const destination = pino.destination({ dest: 1, sync: false });
  // A reader of the log that has gone must not end the gateway.
  destination.on('error', () => {});
  process.once('exit', () => destination.flushSync());
  // Without the process id and the host name, which the collector of the logs knows.
  const options: Pino.LoggerOptions = {
    level,
    base: null,
    formatters: { level: (label) => ({ level: label }) },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
  };
  const logger = pino(options, destination);
  return {
    info: (message, fields = {}) => logger.info(printableFields(fields), printable(message)),
    warn: (message, fields = {}) => logger.warn(printableFields(fields), printable(message)),
    error: (message, fields = {}) => logger.error(printableFields(fields), printable(message)),
    hasInfo: logger.isLevelEnabled('info'),
    isStructured: true,
  };
}

function textLog(level: string): Log {
  const write = (message: string, fields: Fields = {}) => {
    const { cluster, error } = fields;
    const prefix = cluster === undefined ? '' : `${cluster}: `;
    const suffix = error === undefined ? '' : `: ${error}`;
    process.stderr.write(`gateway: ${printable(`${prefix}${message}${suffix}`)}\n`);
  };
  const silent = () => {};
  return {
    info: silent,
    warn: level === 'silent' || level === 'error' ? silent : write,
    error: level === 'silent' ? silent : write,
    hasInfo: false,
    isStructured: false,
  };
}

/** Longer texts are cut off, so that no client and no cluster fills the disk. */
const MAX_LENGTH = 2_000;

/** Escapes control characters, which terminals obey, and line separators. */
export function printable(text: string): string {
  const short = text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}...` : text;
  return short.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about
    /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function printableFields(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, typeof value === 'string' ? printable(value) : value]),
  );
}
