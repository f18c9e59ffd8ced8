import type { PegasusError } from '../../model/errors.js';
import type { Timestamp } from '../timestamp.js';

/** One watched znode. */
export interface ZnodeWatch {
  /** Reads the znode again. */
  refresh(): void;
  /** Checks the znode at every turn, and not only once in 150 turns: for a znode that everything else depends on. */
  pin(): void;
  /** Ends the watching. */
  stop(): void;
}

/** Receives the values of znodes. One object can serve any number of them, because it is told their paths. */
export interface WatchHandlers<T> {
  /** Called after each read; with `undefined` while the znode does not exist. */
  onChange(value: T | undefined, path: string): void;
  /** Called when ZooKeeper refuses the read (an ACL). The watcher tries again; it does not report the same refusal twice. */
  onError(error: PegasusError, path: string): void;
}

/** Reads znodes over one connection, and again after each change. */
export interface ZnodeWatcher {
  /** Watches a znode's data, and its creation if it does not exist. */
  data(path: string, handlers: WatchHandlers<Buffer>): ZnodeWatch;
  /**
   * Watches the data of a znode whose name comes from a watched list. Its creation is not watched, because ZooKeeper and the library
   * would keep that watch for ever after a removal: the caller must refresh the list when the znode does not exist.
   */
  listedData(path: string, handlers: WatchHandlers<Buffer>): ZnodeWatch;
  /** Watches the names of a znode's children, and its creation if it does not exist. */
  children(path: string, handlers: WatchHandlers<readonly string[]>): ZnodeWatch;
  /** Postpones `onConsistent`, for a caller that will watch more znodes. Returns a function that ends the hold. */
  hold(): () => void;
  /** Returns since when a change is known that has not been read; `undefined` while everything has been read. */
  dirtySince(): Timestamp | undefined;
  /** Returns how many reads are pending. */
  pendingReads(): number;
}

/** Parameters of {@link watchZnodes}. */
export interface ZnodeWatcherOptions {
  readonly maxConcurrentReads: number;
  /** Called for every response to a read. Checks of unchanged znodes do not count. */
  onRead(): void;
  /** Called when everything that is known to have changed has been read. */
  onConsistent(): void;
}
