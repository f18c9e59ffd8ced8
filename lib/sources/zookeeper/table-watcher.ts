import type { App, Partition } from '../../model/cluster.js';
import type { PegasusError } from '../../model/errors.js';
import { type Budget, type ChildWatcher, watchChildren } from './child-watcher.js';
import type { Intern } from './intern.js';
import { createProblems } from './problems.js';
import { addSplitChildren } from './split-children.js';
import { isSamePartition, reuseApp } from './structural-sharing.js';
import type { ZnodeWatcher } from './watch-types.js';
import { parseApp, parsePartition, type StoredApp } from './znode-codec.js';

/** One table. Its own znode comes from the caller; it watches the partitions itself. */
export interface TableWatcher {
  /** Takes the data of the table's znode; `undefined` if the znode does not exist. */
  update(data: Buffer | undefined): void;
  /** Takes the error if ZooKeeper refuses the table's znode. */
  refuse(error: PegasusError): void;
  /** Returns the current table; `undefined` while its own znode is missing or cannot be read. */
  snapshot(): App | undefined;
  /** Returns the first error of the table's znodes. */
  problem(): PegasusError | undefined;
  stop(): void;
}

/** What all tables of one source share. */
export interface TableContext {
  readonly watcher: ZnodeWatcher;
  readonly budget: Budget;
  readonly intern: Intern;
  /** Called when a znode is invalid, or when ZooKeeper refuses it. */
  onProblem(error: PegasusError): void;
}

/** Where the errors of the table's own znode and of its list of children are kept, beside those of partitions. */
type ProblemKey = number | 'table' | 'list';

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
  const partitions = new Map(known?.partitions.map((partition) => [partition.pidx, partition]));
  const problems = createProblems<ProblemKey>(context.onProblem);
  let pidxs: readonly number[] = [];
  let children: ChildWatcher | undefined;
  let stored: StoredApp | undefined;
  let current = known;
  let isChanged = true;

  function fail(key: ProblemKey, error: PegasusError): void {
    isChanged = true;
    problems.set(key, error);
  }

  function updatePartition(pidx: number, data: Buffer | undefined): void {
    isChanged = true;
    const old = partitions.get(pidx);
    partitions.delete(pidx);
    try {
      const read = data && parsePartition(data, `${path}/${pidx}`, appId, pidx, intern);
      if (read !== undefined) partitions.set(pidx, isSamePartition(old, read) ? old : read);
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
        isChanged = true;
        return pidxs.map(String);
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

  function listPartitions(): Partition[] {
    return pidxs.map((pidx) => partitions.get(pidx)).filter((partition) => partition !== undefined);
  }

  function buildApp({ splitFrom, ...app }: StoredApp): App {
    return reuseApp(current, app, addSplitChildren(listPartitions(), splitFrom, current));
  }

  return {
    update(data) {
      isChanged = true;
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
    snapshot() {
      if (isChanged) current = stored && buildApp(stored);
      isChanged = false;
      return current;
    },
    problem: problems.first,
    stop: stopPartitions,
  };
}
