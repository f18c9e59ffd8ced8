import { PegasusError } from '../../model/errors.js';
import type { Connection } from './connection.js';
import { createRetryQueue } from './retry-queue.js';
import { now, type Timestamp } from './timestamp.js';

/** One watched znode. */
export interface ZnodeWatch {
  /** Reads the znode again. */
  refresh(): void;
  /** Ends the watching. */
  stop(): void;
}

/** Receives the values of one znode. */
export interface WatchHandlers<T> {
  /** Called after each read; with `undefined` while the znode does not exist. */
  onChange(value: T | undefined): void;
  /** Called when ZooKeeper refuses the read (an ACL). The watcher tries again; it does not report the same refusal twice. */
  onError(error: PegasusError): void;
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
  /** Called for every response to a read. */
  onRead(): void;
  /** Called when everything that is known to have changed has been read. */
  onConsistent(): void;
}

/** One znode's data or children. It outlives `stop()` while the library still holds its watch. */
interface Watch {
  /** Sends the read. */
  read(): Promise<unknown>;
  /** Waits for the creation of the znode. Returns whether the znode exists by now. */
  awaitCreation(): Promise<boolean>;
  /** `undefined` after `stop()`. */
  handlers: WatchHandlers<unknown> | undefined;
  isReading: boolean;
  /** Whether a change arrived during the read. */
  isDirty: boolean;
  /** The function that the library calls; always the same one, so that the library keeps it once. */
  notify(): void;
}

/**
 * Watches znodes.
 *
 * ZooKeeper delivers a watch event before the response to any read issued after the change. When a read completes and no event is
 * outstanding, all values read so far form one consistent snapshot; `onConsistent` is called only then.
 */
export function watchZnodes(connection: Connection, options: ZnodeWatcherOptions): ZnodeWatcher {
  const watches = new Map<string, Watch>();
  /** A stack: the order of the reads does not matter, and taking from the end of a long array is cheap. */
  const queue: Watch[] = [];
  let running = 0;
  /** Changes and holds that are not finished. */
  let outstanding = 0;
  let dirtySince: Timestamp | undefined;
  let isLost = false;
  // ZooKeeper sends no event when an ACL changes, so a refused znode is read again.
  const refused = createRetryQueue<Watch>(connection.sessionTimeoutMs, (watch) => {
    if (watch.handlers === undefined) refused.delete(watch);
    else markDirty(watch);
  });

  function begin(): void {
    outstanding += 1;
    dirtySince ??= now();
  }

  function settle(): void {
    outstanding -= 1;
    if (outstanding > 0 || isLost) return;
    dirtySince = undefined;
    options.onConsistent();
  }

  function markDirty(watch: Watch): void {
    watch.isDirty = true;
    if (watch.isReading) return;
    watch.isReading = true;
    begin();
    queue.push(watch);
    if (running < options.maxConcurrentReads) runNext();
  }

  function runNext(): void {
    const watch = queue.pop();
    if (watch === undefined) return;
    running += 1;
    readUntilClean(watch)
      .catch((error: unknown) => onFailure(watch, error))
      .finally(() => {
        running -= 1;
        watch.isReading = false;
        runNext();
        settle();
      });
  }

  async function readUntilClean(watch: Watch): Promise<void> {
    let value: unknown;
    do {
      // Stopped while it waited: nothing has to be read.
      if (watch.handlers === undefined) return;
      watch.isDirty = false;
      value = await watch.read();
      options.onRead();
      // A znode that does not exist is waited for, unless it was created in between.
    } while ((value === undefined && watch.handlers && (await watch.awaitCreation())) || watch.isDirty);
    refused.delete(watch);
    watch.handlers?.onChange(value);
  }

  function onFailure(watch: Watch, error: unknown): void {
    // Reads that were pending at the loss never finish. The next connection reads everything again.
    if (error instanceof PegasusError && error.code === 'ERR_NETWORK_FAILURE') isLost = true;
    if (isLost || watch.handlers === undefined) return;
    if (refused.add(watch)) watch.handlers.onError(error as PegasusError);
  }

  function start<T>(
    key: string,
    read: (notify: () => void) => Promise<T | undefined>,
    awaitCreation: (notify: () => void) => Promise<boolean>,
    handlers: WatchHandlers<T>,
  ): ZnodeWatch {
    const watch = watches.get(key) ?? createWatch(key, read, awaitCreation);
    // The handlers fit the key: data and children have keys of their own.
    watch.handlers = handlers as WatchHandlers<unknown>;
    refused.delete(watch);
    markDirty(watch);
    return {
      refresh: () => markDirty(watch),
      stop() {
        if (watch.handlers === handlers) watch.handlers = undefined;
      },
    };
  }

  function createWatch(
    key: string,
    read: (notify: () => void) => Promise<unknown>,
    awaitCreation: (notify: () => void) => Promise<boolean>,
  ): Watch {
    const watch: Watch = {
      read: () => read(watch.notify),
      awaitCreation: () => awaitCreation(watch.notify),
      handlers: undefined,
      isReading: false,
      isDirty: false,
      notify() {
        if (watch.handlers !== undefined) markDirty(watch);
        // The library has dropped the watch, and the caller does not need it any more.
        else if (!watch.isReading) watches.delete(key);
      },
    };
    watches.set(key, watch);
    return watch;
  }

  const dataOf = (path: string) => async (notify: () => void) => (await connection.get(path, notify))?.data;
  const creationOf = (path: string) => (notify: () => void) => connection.exists(path, notify);
  const notAwaited = () => Promise.resolve(false);

  return {
    data: (path, handlers) => start(`data ${path}`, dataOf(path), creationOf(path), handlers),
    listedData: (path, handlers) => start(`data ${path}`, dataOf(path), notAwaited, handlers),
    children: (path, handlers) =>
      start(`children ${path}`, (notify) => connection.children(path, notify), creationOf(path), handlers),
    hold() {
      begin();
      return settle;
    },
    dirtySince: () => dirtySince,
    pendingReads: () => outstanding,
  };
}
