import type { PegasusError } from '../../model/errors.js';
import type { Timestamp } from '../timestamp.js';
import type { Stat, ZnodeListener } from './client-library.js';

/** The data with which a later connection resumes a session. */
export interface Session {
  readonly id: Buffer;
  readonly password: Buffer;
  /** The last transaction seen. A server that lags behind it refuses the connection, so that time does not go backwards. */
  readonly zxid: Buffer;
}

/** How a connection ended. */
export interface ConnectionEnd {
  readonly error: PegasusError;
  /** Whether the server ended the session. Its ephemeral znodes are gone then. */
  readonly isExpired: boolean;
}

/**
 * An open TCP connection to one ZooKeeper server. When it ends, pending promises reject with `ERR_NETWORK_FAILURE`, and no watcher
 * is called any more. A watcher is called once, with the path. It is kept once for each path, however often it is given.
 */
export interface Connection {
  /** The session timeout that the server granted. It can differ from the requested one. */
  readonly sessionTimeoutMs: number;
  /** Returns the data with which another connection resumes the session. */
  session(): Session;
  /** Returns when the last acknowledged request was sent. The session's clock started anew at this time or later. */
  lastAckAt(): Timestamp;
  /**
   * Reads a znode's data. The watcher is called at its next change.
   *
   * @returns `undefined` if the znode does not exist; the watcher is not set then.
   */
  get(
    path: string,
    watcher?: ZnodeListener,
  ): Promise<{ readonly data: Buffer; readonly stat: Stat } | undefined>;
  /**
   * Reads a znode's data alone. The watcher is called at its next change.
   *
   * @returns `undefined` if the znode does not exist; the watcher is not set then.
   */
  data(path: string, watcher: ZnodeListener): Promise<Buffer | undefined>;
  /** Returns whether a znode exists. The watcher is called when that changes. */
  exists(path: string, watcher?: ZnodeListener): Promise<boolean>;
  /**
   * Reads the names of a znode's children. The watcher is called when the list changes.
   *
   * @returns `undefined` if the znode does not exist; the watcher is not set then.
   */
  children(path: string, watcher?: ZnodeListener): Promise<readonly string[] | undefined>;
  /** Creates a znode unless it exists. */
  ensure(path: string): Promise<void>;
  /**
   * Creates an ephemeral znode and appends the next number to its name.
   *
   * @returns The path with the number.
   */
  createEphemeralSequential(path: string, data: Buffer): Promise<string>;
  /** Removes a znode if it exists. */
  remove(path: string): Promise<void>;
  /** Ends the connection. The session lives until it times out. */
  destroy(): void;
  /** Ends the session and then the connection. */
  close(): Promise<void>;
}
