import type { Socket } from 'node:net';
import { loadPeer } from '../optional-peer.js';

/**
 * The used part of `node-zookeeper-client`. The package is an optional peer, so this package's declarations must not import
 * its types.
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

/** Options of the library's client. */
export interface LibraryOptions {
  readonly sessionTimeout: number;
  readonly retries: number;
  readonly sessionId?: Buffer;
  readonly sessionPassword?: Buffer;
}

/** A callback of the library. */
export type Callback<Result extends readonly unknown[]> = (
  error: LibraryError | null | undefined,
  ...result: Result
) => void;

/** An error of the library. */
export interface LibraryError extends Error {
  readonly code: number;
}

/** Metadata of a znode. */
export interface Stat {
  /** Id of the session that owns an ephemeral znode; zeros for a persistent one. */
  readonly ephemeralOwner: Buffer;
}

/** Receives the path of a znode that has changed. */
export type ZnodeListener = (path: string) => void;

/** A change of a watched znode, as ZooKeeper reports it. */
export interface WatchEvent {
  readonly type: number;
  readonly path: string;
}

/** The used part of the library's object that keeps the listeners of the watched znodes. */
export interface WatcherManager {
  registerDataWatcher(path: string, listener: ZnodeListener): void;
  registerExistenceWatcher(path: string, listener: ZnodeListener): void;
  registerChildWatcher(path: string, listener: ZnodeListener): void;
  emit(event: WatchEvent): void;
  isEmpty(): boolean;
}

/** A client of the library. */
export interface LibraryClient {
  connect(): void;
  close(): void;
  on(event: 'state', listener: (state: unknown) => void): void;
  getSessionId(): Buffer;
  getSessionPassword(): Buffer;
  getSessionTimeout(): number;
  getData(path: string, watcher: ZnodeListener | undefined, callback: Callback<[Buffer, Stat]>): void;
  exists(path: string, watcher: ZnodeListener | undefined, callback: Callback<[Stat | null]>): void;
  getChildren(path: string, watcher: ZnodeListener | undefined, callback: Callback<[string[], Stat]>): void;
  create(path: string, data: Buffer, mode: number, callback: Callback<[string]>): void;
  remove(path: string, callback: Callback<[]>): void;
  /** Undocumented, but unchanged since 2013. `openConnection` says why it is used. */
  readonly connectionManager: ConnectionManager;
}

/** The used part of the library's connection manager. */
export interface ConnectionManager {
  zxid: Buffer;
  watcherManager: WatcherManager;
  readonly socket?: Socket;
  readonly connectTimeoutHandler?: NodeJS.Timeout | null;
  connect(): void;
  onSocketData(chunk: Buffer): void;
}

/** Codes of {@link LibraryError}. */
export const NO_NODE = -101;
export const NODE_EXISTS = -110;
export const SESSION_EXPIRED = -112;

/** Loads the library, on first use. */
export function loadClientLibrary(): ClientLibrary {
  return loadPeer('node-zookeeper-client', 'pegasus-http/zookeeper') as ClientLibrary;
}
