import type { PegasusError } from '../../model/errors.js';
import { createBudget, watchChildren } from './child-watcher.js';
import { invalidZnode } from './errors.js';
import { inLockOrder, join, lockPath } from './lock.js';
import { createProblems } from './problems.js';
import type { ZnodeWatcher } from './watch-types.js';
import { parseLockOwner } from './znode-codec.js';

/** The meta servers that hold a lock node. */
export interface LiveMetaServers {
  /**
   * Returns their addresses in order of arrival. The first one is the primary; a dead primary stays first until its session times
   * out. Returns an empty list while the primary is not known for certain.
   */
  addresses(): readonly string[];
}

/** The lock below one root. */
interface Lock {
  /** The addresses; `undefined` if ZooKeeper refuses the list. */
  addresses(): readonly (string | undefined)[] | undefined;
}

/**
 * Watches the lock. Its root is a setting of its own in Pegasus, so several roots are possible: the first one with a lock node
 * counts.
 *
 * @param onProblem - Called when a lock node is invalid, or when ZooKeeper refuses a read.
 */
export function watchMetaServers(
  watcher: ZnodeWatcher,
  lockRoots: readonly string[],
  onProblem: (error: PegasusError) => void,
): LiveMetaServers {
  const locks = lockRoots.map((lockRoot) => watchLock(watcher, lockPath(lockRoot), onProblem));
  return {
    addresses() {
      // A refused list can hold the primary, so a later root must not be searched.
      const found = locks.map((lock) => lock.addresses()).find((addresses) => addresses?.length !== 0);
      // If the first lock node is invalid, its owner is still the primary. The next one must not be taken for it.
      if (found?.[0] === undefined) return [];
      return found.filter((address) => address !== undefined);
    },
  };
}

/** Largest number of lock nodes below one root. Each live meta server holds one. */
const MAX_LOCK_NODES = 1000;

function watchLock(watcher: ZnodeWatcher, path: string, onProblem: (error: PegasusError) => void): Lock {
  const owners = new Map<string, string>();
  const problems = createProblems<string>(onProblem);
  let order: readonly string[] | undefined = [];

  const children = watchChildren(watcher, path, createBudget('lock nodes', MAX_LOCK_NODES), {
    select(names) {
      order = inLockOrder(names);
      return order;
    },
    onList: () => problems.delete(''),
    onListError(error) {
      order = undefined;
      problems.set('', error);
    },
    onData(name, data) {
      const address = data && parseLockOwner(data);
      if (address !== undefined) owners.set(name, address);
      else owners.delete(name);
      if (data === undefined || address !== undefined) problems.delete(name);
      else problems.set(name, invalidZnode(join(path, name), 'it must hold the host:port of a meta server'));
    },
    onDataError(name, error) {
      owners.delete(name);
      problems.set(name, error);
    },
    onRemoved(name) {
      owners.delete(name);
      problems.delete(name);
    },
  });
  children.list.pin();

  return { addresses: () => order?.map((name) => owners.get(name)) };
}
