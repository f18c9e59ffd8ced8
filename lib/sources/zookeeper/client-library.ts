import type { Socket } from 'node:net';
import { loadPeer } from '../optional-peer.js';

/**
 * The part of `node-zookeeper-client` that is used here. The library is an optional peer: whoever does not read ZooKeeper
 * needs none of it, and no type of it stands in this package's declarations.
 */
export interface ClientLibrary {
  createClient(server: string, options: LibraryOptions): LibraryClient;
  readonly CreateMode: { readonly PERSISTENT: number; readonly EPHEMERAL_SEQUENTIAL: number };
  readonly State: {
    readonly SYNC_CONNECTED: unknown;
    readonly EXPIRED: unknown;
    readonly AUTH_FAILED: unknown;
  };
}

export interface LibraryOptions {
  readonly sessionTimeout: number;
  readonly retries: number;
  readonly sessionId?: Buffer;
  readonly sessionPassword?: Buffer;
}

export type Callback<Result extends readonly unknown[]> = (
  error: LibraryError | null | undefined,
  ...result: Result
) => void;

export interface LibraryError extends Error {
  readonly code: number;
}

/** What ZooKeeper keeps beside a znode's data. */
export interface Stat {
  /** Id of the session that an ephemeral znode lives with; zeros for none. */
  readonly ephemeralOwner: Buffer;
}

export interface LibraryClient {
  connect(): void;
  close(): void;
  on(event: 'state', listener: (state: unknown) => void): void;
  getSessionId(): Buffer;
  getSessionPassword(): Buffer;
  getSessionTimeout(): number;
  getData(path: string, watcher: (() => void) | undefined, callback: Callback<[Buffer, Stat]>): void;
  exists(path: string, watcher: (() => void) | undefined, callback: Callback<[Stat | null]>): void;
  getChildren(path: string, watcher: (() => void) | undefined, callback: Callback<[string[], Stat]>): void;
  create(path: string, data: Buffer, mode: number, callback: Callback<[string]>): void;
  remove(path: string, callback: Callback<[]>): void;
  /** Not documented, but the same since 2013: see {@link dial} for why it cannot be left alone. */
  readonly connectionManager: ConnectionManager;
}

export interface ConnectionManager {
  zxid: Buffer;
  readonly socket?: Socket;
  readonly connectTimeoutHandler?: NodeJS.Timeout | null;
  connect(): void;
  onSocketData(chunk: Buffer): void;
}

/** Codes of {@link LibraryError}. */
export const NO_NODE = -101;
export const NODE_EXISTS = -110;
export const SESSION_EXPIRED = -112;

/** Loads the library, when somebody needs it. */
export function loadClientLibrary(): ClientLibrary {
  return loadPeer('node-zookeeper-client', 'pegasus-http/zookeeper') as ClientLibrary;
}
