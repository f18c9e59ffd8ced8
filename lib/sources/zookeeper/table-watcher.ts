import type { App } from '../../model/cluster.js';
import type { PegasusError } from '../../model/errors.js';
import { reuseApp, reuseMap, reuseObject } from '../../model/structural-sharing.js';
import { type Budget, type ChildWatcher, watchChildren } from './child-watcher.js';
import { invalidZnode } from './errors.js';
import type { Intern } from './intern.js';
import { createProblems } from './problems.js';
import { addSplitChildren } from './split-children.js';
import {
  type AddressForm,
  addNames,
  parsePartition,
  reusePartition,
  type StoredPartition,
} from './stored-partition.js';
import type { ZnodeWatcher } from './watch-types.js';
import { parseApp, type StoredApp } from './znode-codec.js';

/** One table. Its own znode comes from the caller; it watches the partitions itself. */
export interface TableWatcher {
  /** Takes the data of the table's znode; `undefined` if the znode does not exist. */
  update(data: Buffer | undefined): void;
  /** Takes the error if ZooKeeper refuses the table's znode. */
  refuse(error: PegasusError): void;
  /** Returns how the table names its nodes. The same object as long as the table does not change. */
  nodeNames(): NodeNames;
  /** Returns the current table; `undefined` while its own znode is missing or cannot be read. */
  snapshot(form: AddressForm): App | undefined;
  /** Returns the first error of the table's znodes. */
  problem(): PegasusError | undefined;
  stop(): void;
}

/** How a table names its nodes. */
export interface NodeNames {
  /** Whether every replica has a host name. */
  readonly isComplete: boolean;
  /** The host name of each IP address for which both are stored. */
  readonly byAddress: ReadonlyMap<string, string>;
}

/** What all tables of one source share. */
export interface TableContext {
  readonly watcher: ZnodeWatcher;
  readonly budget: Budget;
  readonly intern: Intern;
  /** Called when a znode is invalid, or when ZooKeeper refuses it. */
  onProblem(error: PegasusError): void;
}

/** Where errors are kept that are not of one partition: of the table's own znode, of its list of children, of missing addresses. */
type ProblemKey = number | 'table' | 'list' | 'form';

const NAME_ALONE =
  'a partition has a host name without an IP address, but other partitions have no host names';

/**
 * Watches a table.
 *
 * @param known - The table as it was last known. Everything that is still equal stays the same object.
 */
export function watchTable(
  context: TableContext,
  path: string,
  appId: number,
  known: App | undefined,
): TableWatcher {
  const { watcher, budget, intern } = context;
  // Which form the known partitions have does not matter: they are compared with the form that they are replaced by.
  const partitions = new Map<number, StoredPartition>(
    known?.partitions.map((partition) => [
      partition.pidx,
      { address: partition, name: partition, drops: [] },
    ]),
  );
  const problems = createProblems<ProblemKey>(context.onProblem);
  let pidxs: readonly number[] = [];
  let children: ChildWatcher | undefined;
  let stored: StoredApp | undefined;
  let current = known;
  let currentForm: AddressForm | undefined;
  let names: NodeNames = { isComplete: true, byAddress: new Map() };
  /** Rises with every change. `current` and `names` are computed when they are asked for. */
  let version = 0;
  let currentVersion: number | undefined;
  let namesVersion: number | undefined;

  function fail(key: ProblemKey, error: PegasusError): void {
    version += 1;
    problems.set(key, error);
  }

  function updatePartition(pidx: number, data: Buffer | undefined): void {
    version += 1;
    const old = partitions.get(pidx);
    partitions.delete(pidx);
    try {
      const read = data && parsePartition(data, `${path}/${pidx}`, appId, pidx, intern);
      if (read !== undefined) partitions.set(pidx, reusePartition(old, read));
      problems.delete(pidx);
    } catch (error) {
      fail(pidx, error as PegasusError);
    }
  }

  /** Watches the partitions that exist. Other znodes lie beside them, and `partition_count` alone must not cost anything. */
  function watchPartitions(): ChildWatcher {
    return watchChildren(watcher, path, budget, {
      select(names) {
        const count = stored?.partitionCount ?? 0;
        pidxs = names
          .filter((name) => /^(0|[1-9]\d{0,6})$/.test(name))
          .map(Number)
          .filter((pidx) => pidx < count)
          .sort((a, b) => a - b);
        version += 1;
        // All tables have the same few names.
        return pidxs.map((pidx) => intern(String(pidx), String));
      },
      onList: () => problems.delete('list'),
      onListError: (error) => fail('list', error),
      onData: (name, data) => updatePartition(Number(name), data),
      onDataError(name, error) {
        partitions.delete(Number(name));
        fail(Number(name), error);
      },
      onRemoved(name) {
        partitions.delete(Number(name));
        problems.delete(Number(name));
      },
    });
  }

  function stopPartitions(): void {
    children?.stop();
    children = undefined;
    pidxs = [];
    problems.delete('list');
  }

  function listPartitions(): StoredPartition[] {
    return pidxs.map((pidx) => partitions.get(pidx)).filter((partition) => partition !== undefined);
  }

  function buildApp({ splitFrom, ...app }: StoredApp, form: AddressForm): App {
    const shown = listPartitions().map((partition) => partition[form]);
    const complete = shown.filter((partition) => partition !== undefined);
    if (complete.length === shown.length) problems.delete('form');
    else problems.set('form', invalidZnode(path, NAME_ALONE));
    return reuseApp(current, app, addSplitChildren(complete, splitFrom, current));
  }

  function collectNames(): NodeNames {
    const listed = stored === undefined ? [] : listPartitions();
    const byAddress = new Map<string, string>();
    for (const partition of listed) addNames(byAddress, partition);
    return reuseObject(names, {
      isComplete: listed.every(({ name }) => name !== undefined),
      byAddress: reuseMap(names.byAddress, byAddress),
    });
  }

  return {
    update(data) {
      version += 1;
      stored = undefined;
      try {
        stored = data && parseApp(data, path, appId);
      } catch (error) {
        fail('table', error as PegasusError);
        return;
      }
      problems.delete('table');
      // Without data the table has just been removed, and the list of tables is about to be read.
      if (stored === undefined) return;
      // Dropped tables stay in ZooKeeper for good, and no response shows their partitions.
      if (stored.status === 'DROPPED') stopPartitions();
      else if (children === undefined) children = watchPartitions();
      else children.reselect();
    },
    refuse(error) {
      stored = undefined;
      fail('table', error);
    },
    nodeNames() {
      if (namesVersion !== version) names = collectNames();
      namesVersion = version;
      return names;
    },
    snapshot(form) {
      if (currentVersion !== version || currentForm !== form) current = stored && buildApp(stored, form);
      [currentVersion, currentForm] = [version, form];
      return current;
    },
    problem: problems.first,
    stop: stopPartitions,
  };
}
