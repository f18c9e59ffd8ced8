import { PegasusError } from '../../model/errors.js';
import type { WatchHandlers, ZnodeWatch, ZnodeWatcher } from './watch-types.js';

/** Receives the children of one znode. */
export interface ChildHandlers {
  /** Picks the children to watch from the names of all children. */
  select(names: readonly string[]): readonly string[];
  /** Called when the list is known and all selected children are watched. */
  onList(): void;
  /** Called when ZooKeeper refuses the list, or when the list is longer than the budget allows. */
  onListError(error: PegasusError): void;
  /** Called after each read of a child; with `undefined` if the child does not exist. */
  onData(name: string, data: Buffer | undefined): void;
  /** Called when ZooKeeper refuses a child. */
  onDataError(name: string, error: PegasusError): void;
  /** Called when a child is not watched any more. */
  onRemoved(name: string): void;
}

/** A number of znodes that several watchers share. */
export interface Budget {
  /** What the znodes are, for the error message. */
  readonly what: string;
  readonly max: number;
  used: number;
}

/** Makes a budget of which nothing is used. */
export function createBudget(what: string, max: number): Budget {
  return { what, max, used: 0 };
}

/** Watches the children of one znode. */
export interface ChildWatcher {
  /** The list of the children. */
  readonly list: ZnodeWatch;
  /** Selects again, after the result of `select` has changed. */
  reselect(): void;
  stop(): void;
}

/** How many children are added between two turns of the event loop. */
const SLICE = 1000;

/** Watches the list of a znode's children, and the data of the selected ones. */
export function watchChildren(
  watcher: ZnodeWatcher,
  path: string,
  budget: Budget,
  handlers: ChildHandlers,
): ChildWatcher {
  const watches = new Map<string, ZnodeWatch>();
  /** Listed children that did not exist when they were read. */
  const missing = new Set<string>();
  let names: readonly string[] = [];
  let isRefused = false;
  let selection = 0;

  /** The same object for all children, because a cluster has as many of them as partitions. */
  const childHandlers: WatchHandlers<Buffer> = {
    onChange(data, childPath) {
      const name = nameOf(childPath);
      if (data !== undefined) missing.delete(name);
      else {
        // The list says whether the child is gone, or was created again behind its watch.
        missing.add(name);
        list.refresh();
      }
      handlers.onData(name, data);
    },
    onError: (error, childPath) => handlers.onDataError(nameOf(childPath), error),
  };

  function nameOf(childPath: string): string {
    return childPath.slice(path.length + 1);
  }

  function add(name: string): void {
    budget.used += 1;
    // A template makes a string of two parts, which V8 keeps beside the whole once it has put them together.
    const childPath = [path, name].join('/');
    watches.set(name, watcher.listedData(childPath, childHandlers));
  }

  function remove(name: string, watch: ZnodeWatch): void {
    watch.stop();
    watches.delete(name);
    missing.delete(name);
    budget.used -= 1;
    handlers.onRemoved(name);
  }

  /** Adds children in slices. A new selection ends the current one. */
  function addFrom(added: readonly string[], start: number, current: number): void {
    const end = Math.min(start + SLICE, added.length);
    for (const name of added.slice(start, end)) {
      if (budget.used >= budget.max) {
        const message = `there are more than ${budget.max} ${budget.what}`;
        handlers.onListError(new PegasusError('ERR_INVALID_DATA', message));
        return;
      }
      add(name);
    }
    if (end === added.length) {
      if (!isRefused) handlers.onList();
      return;
    }
    const release = watcher.hold();
    setImmediate(() => {
      if (current === selection) addFrom(added, end, current);
      release();
    });
  }

  function reselect(): void {
    const selected = handlers.select(names);
    const present = new Set(selected);
    for (const [name, watch] of watches) if (!present.has(name)) remove(name, watch);
    for (const name of missing) watches.get(name)?.refresh();
    selection += 1;
    addFrom(
      selected.filter((name) => !watches.has(name)),
      0,
      selection,
    );
  }

  const list = watcher.children(path, {
    onChange(found = []) {
      names = found;
      isRefused = false;
      reselect();
    },
    onError(error) {
      isRefused = true;
      handlers.onListError(error);
    },
  });

  return {
    list,
    reselect,
    stop() {
      list.stop();
      selection += 1;
      for (const [name, watch] of watches) remove(name, watch);
    },
  };
}
