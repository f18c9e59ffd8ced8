import type { PegasusError } from '../../model/errors.js';
import type { Stat } from './client-library.js';
import type { Moment } from './timestamp.js';

/** What a later connection needs to go on with the session of an earlier one. */
export interface Session {
  readonly id: Buffer;
  readonly password: Buffer;
  /** The last transaction seen: a server that lags behind it refuses us, so that time does not go backwards. */
  readonly zxid: Buffer;
}

/** How a connection came to its end. */
export interface End {
  readonly error: PegasusError;
  /** The server says that the session is over: what was ephemeral is gone. */
  readonly isExpired: boolean;
}

/**
 * One TCP connection to one server of ZooKeeper, open. What it promises is rejected with `ERR_NETWORK_FAILURE` when it ends, and no
 * watcher is called from then on.
 */
export interface Connection {
  /** As the server grants it, which may differ from what was asked for. */
  readonly sessionTimeoutMs: number;
  /** To go on with the session by another connection. */
  session(): Session;
  /** When the last request that the server has answered was sent: then at the latest did the session's clock start anew. */
  heard(): Moment;
  /** @returns `undefined` when there is no such znode; then nothing watches it. */
  get(
    path: string,
    watcher?: () => void,
  ): Promise<{ readonly data: Buffer; readonly stat: Stat } | undefined>;
  /** Whether there is such a znode. The watcher is called when that changes. */
  exists(path: string, watcher?: () => void): Promise<boolean>;
  /** @returns `undefined` when there is no such znode; then nothing watches it. */
  children(path: string, watcher?: () => void): Promise<readonly string[] | undefined>;
  /** Creates a znode unless it is there. */
  ensure(path: string): Promise<void>;
  /** @returns The path with the number that was added to it. */
  createEphemeralSequential(path: string, data: Buffer): Promise<string>;
  /** Removes a znode if it is there. */
  remove(path: string): Promise<void>;
  /** Ends the connection; the session goes on until it times out. */
  cut(): void;
  /** Ends the session and then the connection. */
  close(): Promise<void>;
}
