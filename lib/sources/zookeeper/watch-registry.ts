import type { WatchEvent, WatcherManager, ZnodeListener } from './client-library.js';

/** Keeps the listeners of one connection, in place of the library's own object. */
export interface WatchRegistry extends WatcherManager {
  /** Drops all listeners. Later events are ignored. */
  end(): void;
}

/** Types of a {@link WatchEvent}, by the protocol of ZooKeeper. */
const CREATED = 1;
const DELETED = 2;
const DATA_CHANGED = 3;
const CHILDREN_CHANGED = 4;

/** The listeners by path. An array only where several wait for one path, because most paths have one. */
type Listeners = Map<string, ZnodeListener | ZnodeListener[]>;

/**
 * Makes a {@link WatchRegistry}.
 *
 * The library's own object makes an `EventEmitter` with a wrapped listener for every path, which takes about 500 bytes. Here a path
 * takes one entry of a map, because one listener serves any number of paths: it is called with the path.
 */
export function createWatchRegistry(): WatchRegistry {
  const data: Listeners = new Map();
  const existence: Listeners = new Map();
  const children: Listeners = new Map();
  let isEnded = false;

  function add(listeners: Listeners, path: string, listener: ZnodeListener): void {
    if (isEnded) return;
    const known = listeners.get(path);
    if (known === undefined) listeners.set(path, listener);
    else if (typeof known !== 'function') {
      if (!known.includes(listener)) known.push(listener);
    } else if (known !== listener) listeners.set(path, [known, listener]);
  }

  function call(path: string, ...called: Listeners[]): void {
    // ZooKeeper sends one event for a watch: all listeners go before the first one is called, which can set the watch anew.
    const found = called.flatMap((listeners) => {
      const known = listeners.get(path) ?? [];
      listeners.delete(path);
      return known;
    });
    for (const listener of found) if (!isEnded) listener(path);
  }

  return {
    registerDataWatcher: (path, listener) => add(data, path, listener),
    registerExistenceWatcher: (path, listener) => add(existence, path, listener),
    registerChildWatcher: (path, listener) => add(children, path, listener),
    emit({ type, path }: WatchEvent) {
      if (type === DATA_CHANGED || type === CREATED) call(path, data, existence);
      else if (type === CHILDREN_CHANGED) call(path, children);
      else if (type === DELETED) call(path, data, children);
      else throw new RangeError(`a watch event of type ${type}`);
    },
    // The library would set known watches again after a reconnection, which it never makes here.
    isEmpty: () => true,
    end() {
      isEnded = true;
      for (const listeners of [data, existence, children]) listeners.clear();
    },
  };
}
