import type { ZnodeListener } from './client-library.js';
import { createRotation } from './rotation.js';
import type { WatchHandlers, ZnodeWatch } from './watch-types.js';
import type { ZnodePart } from './watched-znode.js';

/** One part of one znode. A class, because a cluster has one for each partition: its methods take no memory of their own. */
export class Watch implements ZnodeWatch {
  readonly list: WatchList;
  readonly path: string;
  readonly part: ZnodePart<unknown>;
  /** `undefined` after `stop()`. */
  handlers: WatchHandlers<unknown> | undefined;
  isReading = false;
  /** Whether a change arrived during the read. */
  isDirty = false;
  /** Whether the read is a check without a known change. */
  isCheck = false;

  constructor(
    list: WatchList,
    path: string,
    part: ZnodePart<unknown>,
    handlers: WatchHandlers<unknown> | undefined,
  ) {
    this.list = list;
    this.path = path;
    this.part = part;
    this.handlers = handlers;
  }

  refresh(): void {
    this.list.onChange(this);
  }

  pin(): void {
    this.list.pinned.add(this);
  }

  stop(): void {
    this.handlers = undefined;
    this.list.remove(this);
  }
}

/** The watches of one kind, either of data or of children. */
export interface WatchList {
  readonly pinned: Set<Watch>;
  /** Called when a watch has to be read again. */
  onChange(watch: Watch): void;
  /** Takes an event of the connection. One function for all paths, so that the connection keeps it once. */
  readonly onEvent: ZnodeListener;
  /** Adds a watch. It takes the place of an earlier one for the same path. */
  add<T>(path: string, part: ZnodePart<T>, handlers: WatchHandlers<T>): Watch;
  remove(watch: Watch): void;
  /** Returns the pinned watches and some others, which are all watches in turn. */
  nextBatch(): Watch[];
}

/**
 * Makes a list without watches.
 *
 * @param onChange - Called when a watch of the list has to be read again.
 */
export function createWatchList(onChange: (watch: Watch) => void): WatchList {
  const watches = new Map<string, Watch>();
  const pinned = new Set<Watch>();
  const nextOthers = createRotation(watches);

  const list: WatchList = {
    pinned,
    onChange,
    onEvent(path) {
      const watch = watches.get(path);
      // The connection has dropped its entry. A watch that was stopped does not need it any more.
      if (watch !== undefined) onChange(watch);
    },
    add(path, part, handlers) {
      watches.get(path)?.stop();
      // The handlers fit the part.
      const watch = new Watch(list, path, part, handlers as WatchHandlers<unknown>);
      watches.set(path, watch);
      return watch;
    },
    remove(watch) {
      pinned.delete(watch);
      if (watches.get(watch.path) === watch) watches.delete(watch.path);
    },
    nextBatch: () => [...pinned, ...nextOthers()],
  };
  return list;
}
