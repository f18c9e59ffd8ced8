import * as check from '../validate/checks.js';
import { readOptions } from '../validate/options.js';
import { type WallClock, wallClockOf } from './local-time.js';
import { parseServer, type ServerAddress } from './server-address.js';

/** Options of {@link createPegasusClient}. */
export interface PegasusClientOptions {
  /**
   * The meta servers: `'10.0.0.1:34601,10.0.0.2:34601'`, or an array of `host:port`. A server behind a mount prefix is a base URL such as
   * `http://10.0.0.9:8080/c1`. Name all of them: the client sends nothing to a server that is neither here nor in the primary's
   * `/meta/cluster`.
   */
  readonly servers: string | readonly string[];
  /**
   * The time limit of a call in milliseconds, with the search for the primary and all retries.
   *
   * @defaultValue 10,000
   */
  readonly timeoutMs?: number | undefined;
  /**
   * The time limit of one HTTP request in milliseconds. After it, the client tries again, with another primary if there is one.
   *
   * @defaultValue 3,000
   */
  readonly requestTimeoutMs?: number | undefined;
  /**
   * How often a read that failed is tried again, from 0 to 10. Writes are never tried again.
   *
   * @defaultValue 2
   */
  readonly retries?: number | undefined;
  /**
   * Maximum number of connections to one server, from 1 to 64. They stay open.
   *
   * @defaultValue 4
   */
  readonly maxConnections?: number | undefined;
  /**
   * Maximum size of an answer in bytes. A larger one fails with `ERR_INVALID_DATA`.
   *
   * @defaultValue 67,108,864 (64 MiB)
   */
  readonly maxResponseBytes?: number | undefined;
  /**
   * The time zone of the servers, which print their local time: a name such as `Asia/Shanghai`, or an offset such as `+08:00`.
   *
   * @defaultValue the time zone of this process
   */
  readonly timeZone?: string | undefined;
}

/** Options of one call. */
export interface CallOptions {
  /** Ends the call. The promise rejects with the reason of the signal. */
  readonly signal?: AbortSignal | undefined;
  /** The time limit of this call in milliseconds, in the place of the client's `timeoutMs`. */
  readonly timeoutMs?: number | undefined;
}

/** {@link PegasusClientOptions}, checked and with their defaults. */
export interface ResolvedClientOptions {
  readonly servers: readonly ServerAddress[];
  readonly timeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly retries: number;
  readonly maxConnections: number;
  readonly maxResponseBytes: number;
  /** The clock of the servers. */
  readonly toUnix: WallClock;
}

/** The names of the options, for functions that take them beside their own. */
export const CLIENT_OPTIONS = [
  'servers',
  'timeoutMs',
  'requestTimeoutMs',
  'retries',
  'maxConnections',
  'maxResponseBytes',
  'timeZone',
] as const satisfies (keyof PegasusClientOptions)[];

/** The longest time that a timer of Node can wait. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Checks the options of a client.
 *
 * @param caller - The function that takes them. Each message begins with it.
 * @throws TypeError with the option's name and the reason.
 */
export function resolveClientOptions(options: PegasusClientOptions, caller: string): ResolvedClientOptions {
  return readOptions(caller, options, CLIENT_OPTIONS, (given) => {
    const { timeoutMs = 10_000, requestTimeoutMs = 3_000, retries = 2 } = given;
    const { maxConnections = 4, maxResponseBytes = 64 * 1024 * 1024 } = given;
    return {
      servers: checkServers(given.servers),
      timeoutMs: check.integer(timeoutMs, 'timeoutMs', 1, MAX_TIMER_MS),
      requestTimeoutMs: check.integer(requestTimeoutMs, 'requestTimeoutMs', 1, MAX_TIMER_MS),
      retries: check.integer(retries, 'retries', 0, 10),
      maxConnections: check.integer(maxConnections, 'maxConnections', 1, 64),
      maxResponseBytes: check.integer(maxResponseBytes, 'maxResponseBytes', 1),
      toUnix: wallClockOf(given.timeZone, 'timeZone'),
    };
  });
}

/** Checks the options of one call and fills in the client's time limit. */
export function resolveCall(options: CallOptions = {}, defaultMs: number): Required<CallOptions> {
  return readOptions('PegasusClient', options, ['signal', 'timeoutMs'], (given) => {
    const { signal, timeoutMs = defaultMs } = given;
    if (signal !== undefined && !(signal instanceof AbortSignal))
      check.fail('signal', 'an AbortSignal', signal);
    return {
      signal,
      timeoutMs: check.integer(timeoutMs, 'timeoutMs', 1, MAX_TIMER_MS),
    };
  });
}

function checkServers(value: unknown): readonly ServerAddress[] {
  if (typeof value !== 'string' && !Array.isArray(value))
    check.fail('servers', '"host:port,host:port" or an array', value);
  const given = typeof value === 'string' ? value.split(',').map((server) => server.trim()) : value;
  const servers = check.list(given, 'servers', parseServer);
  if (servers.length === 0) check.fail('servers', 'at least one address', given);
  check.unique(
    servers.map(({ name }) => name),
    'servers',
  );
  return servers;
}
