import { PegasusError } from '../../model/errors.js';
import { now, type Timestamp } from '../timestamp.js';
import type { Connection } from './connection.js';
import { createRetryQueue } from './retry-queue.js';
import { createWatchList, type Watch, type WatchList } from './watch-list.js';
import type { WatchHandlers, ZnodeWatcher, ZnodeWatcherOptions } from './watch-types.js';
import { listedZnodeData, type ZnodePart, znodeChildren, znodeData } from './watched-znode.js';

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
  const dataWatches = createWatchList(markDirty);
  const childrenWatches = createWatchList(markDirty);
  const [data, listedData] = [znodeData(connection), listedZnodeData(connection)];
  const children = znodeChildren(connection);
  /** A stack: the order of the reads does not matter, and taking from the end of a long array is cheap. */
  const queue: Watch[] = [];
  let running = 0;
  /** Changes, checks and holds that are not finished. */
  let outstanding = 0;
  let checks = 0;
  let dirtySince: Timestamp | undefined;
  let isLost = false;
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
    let watch = queue.pop();
    // Stopped while it waited: nothing has to be read. A loop, because a removed table stops thousands at once.
    while (watch !== undefined && watch.handlers === undefined) {
      release(watch);
      watch = queue.pop();
    }
    if (watch === undefined) return;
    running += 1;
    readOnce(watch);
  }

  /** Ends the read of a watch. The change that asked for it does not count as outstanding any more. */
  function release(watch: Watch): void {
    watch.isReading = false;
    endCheck(watch);
    settle();
  }

  function checkSome(): void {
    if (isLost) clearInterval(checkTimer);
    else for (const watch of [...dataWatches.nextBatch(), ...childrenWatches.nextBatch()]) check(watch);
  }

  function readOnce(watch: Watch): void {
    watch.isDirty = false;
    watch.part.read(watch.path, watch.list.onEvent).then(
      (value) => onRead(watch, value),
      (error: unknown) => onFailure(watch, error),
    );
  }

  function onRead(watch: Watch, value: unknown): void {
    if (!watch.isCheck) options.onRead();
    if (value !== undefined || watch.handlers === undefined) {
      accept(watch, value);
      return;
    }
    // A znode that does not exist is waited for, unless it was created in between.
    watch.part.awaitCreation(watch.path, watch.list.onEvent).then(
      (exists) => {
        if (exists) watch.isDirty = true;
        accept(watch, value);
      },
      (error: unknown) => onFailure(watch, error),
    );
  }

  function accept(watch: Watch, value: unknown): void {
    if (watch.isDirty && watch.handlers !== undefined) {
      readOnce(watch);
      return;
    }
    refused.delete(watch);
    try {
      watch.handlers?.onChange(value, watch.path);
    } catch (error) {
      onFailure(watch, error);
      return;
    }
    finish(watch);
  }

  function onFailure(watch: Watch, error: unknown): void {
    // Reads that were pending at the loss never finish. The next connection reads everything again.
    if (error instanceof PegasusError && error.code === 'ERR_NETWORK_FAILURE') isLost = true;
    if (!isLost && watch.handlers !== undefined && refused.add(watch))
      watch.handlers.onError(error as PegasusError, watch.path);
    finish(watch);
  }

  function finish(watch: Watch): void {
    running -= 1;
    watch.isReading = false;
    runNext();
    release(watch);
  }

  function start<T>(list: WatchList, part: ZnodePart<T>, path: string, handlers: WatchHandlers<T>): Watch {
    const watch = list.add(path, part, handlers);
    markDirty(watch);
    return watch;
  }

  return {
    data: (path, handlers) => start(dataWatches, data, path, handlers),
    listedData: (path, handlers) => start(dataWatches, listedData, path, handlers),
    children: (path, handlers) => start(childrenWatches, children, path, handlers),
    hold() {
      outstanding += 1;
      dirtySince ??= now();
      return settle;
    },
    dirtySince: () => dirtySince,
    pendingReads: () => outstanding - checks,
  };
}
