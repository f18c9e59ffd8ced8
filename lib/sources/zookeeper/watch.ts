import { PegasusError } from '../../model/errors.js';
import { now, type Timestamp } from '../timestamp.js';
import type { Connection } from './connection.js';
import { createRetryQueue } from './retry-queue.js';
import { createRotation } from './rotation.js';
import type { WatchHandlers, ZnodeWatch, ZnodeWatcher, ZnodeWatcherOptions } from './watch-types.js';
import { listedZnodeData, type ZnodePart, znodeChildren, znodeData } from './watched-znode.js';

/** One part of a znode. It outlives `stop()` while the library still holds its watch. */
interface Watch {
  readonly part: ZnodePart<unknown>;
  /** `undefined` after `stop()`. */
  handlers: WatchHandlers<unknown> | undefined;
  isReading: boolean;
  /** Whether a change arrived during the read. */
  isDirty: boolean;
  /** Whether the read is a check without a known change. */
  isCheck: boolean;
  /** The function that the library calls; always the same one, so that the library keeps it once. */
  notify(): void;
}

/**
 * Watches znodes.
 *
 * ZooKeeper delivers a watch event before the response to any read issued after the change. When a read completes and no event is
 * outstanding, all values read so far form one consistent snapshot; `onConsistent` is called only then.
 *
 * A client that may not read a znode any more gets no event from ZooKeeper 3.8.4 and later, neither for the new ACL nor for any later
 * change. So every znode is read again in turn: 5 times per session timeout some of them, within 30 session timeouts all.
 */
export function watchZnodes(connection: Connection, options: ZnodeWatcherOptions): ZnodeWatcher {
  const watches = new Map<string, Watch>();
  /** A stack: the order of the reads does not matter, and taking from the end of a long array is cheap. */
  const queue: Watch[] = [];
  let running = 0;
  /** Changes, checks and holds that are not finished. */
  let outstanding = 0;
  let checks = 0;
  let dirtySince: Timestamp | undefined;
  let isLost = false;
  const pinned = new Set<Watch>();
  const nextBatch = createRotation(watches);
  const checkTimer = setInterval(checkSome, connection.sessionTimeoutMs / 5).unref();
  const refused = createRetryQueue<Watch>(connection.sessionTimeoutMs, (watch) => {
    if (watch.handlers === undefined) refused.delete(watch);
    else markDirty(watch);
  });

  function settle(): void {
    outstanding -= 1;
    if (outstanding > 0 || isLost) return;
    dirtySince = undefined;
    options.onConsistent();
  }

  function markDirty(watch: Watch): void {
    dirtySince ??= now();
    watch.isDirty = true;
    endCheck(watch);
    read(watch);
  }

  function check(watch: Watch): void {
    if (watch.isReading || watch.handlers === undefined || refused.has(watch)) return;
    checks += 1;
    watch.isCheck = true;
    read(watch);
  }

  function endCheck(watch: Watch): void {
    if (watch.isCheck) checks -= 1;
    watch.isCheck = false;
  }

  function read(watch: Watch): void {
    if (watch.isReading) return;
    watch.isReading = true;
    outstanding += 1;
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
        endCheck(watch);
        runNext();
        settle();
      });
  }

  function checkSome(): void {
    if (isLost) clearInterval(checkTimer);
    else for (const watch of [...pinned, ...nextBatch()]) check(watch);
  }

  async function readUntilClean(watch: Watch): Promise<void> {
    let value: unknown;
    do {
      // Stopped while it waited: nothing has to be read.
      if (watch.handlers === undefined) return;
      watch.isDirty = false;
      value = await watch.part.read(watch.notify);
      if (!watch.isCheck) options.onRead();
      // A znode that does not exist is waited for, unless it was created in between.
    } while (
      (value === undefined && watch.handlers && (await watch.part.awaitCreation(watch.notify))) ||
      watch.isDirty
    );
    refused.delete(watch);
    watch.handlers?.onChange(value);
  }

  function onFailure(watch: Watch, error: unknown): void {
    // Reads that were pending at the loss never finish. The next connection reads everything again.
    if (error instanceof PegasusError && error.code === 'ERR_NETWORK_FAILURE') isLost = true;
    if (isLost || watch.handlers === undefined) return;
    if (refused.add(watch)) watch.handlers.onError(error as PegasusError);
  }

  function start<T>(part: ZnodePart<T>, handlers: WatchHandlers<T>): ZnodeWatch {
    const watch = watches.get(part.key) ?? createWatch(part);
    // The handlers fit the part, because its key names it.
    watch.handlers = handlers as WatchHandlers<unknown>;
    refused.delete(watch);
    markDirty(watch);
    return {
      refresh: () => markDirty(watch),
      pin: () => void pinned.add(watch),
      stop() {
        pinned.delete(watch);
        if (watch.handlers === handlers) watch.handlers = undefined;
      },
    };
  }

  function createWatch(part: ZnodePart<unknown>): Watch {
    const watch: Watch = {
      part,
      handlers: undefined,
      isReading: false,
      isDirty: false,
      isCheck: false,
      notify() {
        if (watch.handlers !== undefined) markDirty(watch);
        // The library has dropped the watch, and the caller does not need it any more.
        else if (!watch.isReading) watches.delete(part.key);
      },
    };
    watches.set(part.key, watch);
    return watch;
  }

  return {
    data: (path, handlers) => start(znodeData(connection, path), handlers),
    listedData: (path, handlers) => start(listedZnodeData(connection, path), handlers),
    children: (path, handlers) => start(znodeChildren(connection, path), handlers),
    hold() {
      outstanding += 1;
      dirtySince ??= now();
      return settle;
    },
    dirtySince: () => dirtySince,
    pendingReads: () => outstanding - checks,
  };
}
