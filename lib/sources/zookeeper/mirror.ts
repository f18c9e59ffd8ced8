import type { App } from '../../model/cluster.js';
import type { PegasusError } from '../../model/errors.js';
import { reuseList, reuseMap, reuseObject } from '../../model/structural-sharing.js';
import { now, type Timestamp } from '../timestamp.js';
import { createBudget, watchChildren } from './child-watcher.js';
import type { Connection } from './connection.js';
import type { Intern } from './intern.js';
import { join } from './lock.js';
import { watchMetaServers } from './meta-servers.js';
import { type TableWatcher, watchTable } from './table-watcher.js';
import { watchZnodes } from './watch.js';

/** A cluster as ZooKeeper held it at one moment, frozen. Everything that is equal to the previous one is the same object. */
export interface StoredCluster {
  /** `absent` if there is no znode `apps`; `locked` during the first write or a restore. */
  readonly state: 'readable' | 'absent' | 'locked';
  /** By ascending id. Tables whose own znode cannot be read are missing. */
  readonly apps: readonly App[];
  /** The first error of each table with a znode that cannot be read, by app id. */
  readonly problems: ReadonlyMap<number, PegasusError>;
  /** Whether the apps have host names for their nodes, which they have if every replica has one. Else they have IP addresses. */
  readonly hasNames: boolean;
  /** The host names of each table's nodes by IP address. Empty without host names. */
  readonly nodeNames: readonly ReadonlyMap<string, string>[];
  /** Addresses of the live meta servers. The first one is the primary. */
  readonly liveMetaServers: readonly string[];
}

/** Parameters of {@link mirrorCluster}. */
export interface MirrorOptions {
  readonly clusterRoot: string;
  readonly lockRoots: readonly string[];
  readonly maxConcurrentReads: number;
  readonly intern: Intern;
  /** The cluster as it was last known. */
  readonly known: StoredCluster | undefined;
  onRead(): void;
  /** Called for every znode that is invalid or refused. */
  onProblem(error: PegasusError): void;
  /** Called with each consistent state. */
  onState(state: StoredCluster): void;
}

/** A cluster as far as it has been read over one connection. */
export interface Mirror {
  /** Returns since when the last consistent state may be outdated; `undefined` while it is current. */
  dirtySince(): Timestamp | undefined;
  /** Returns how many reads are pending. */
  pendingReads(): number;
}

/** Largest number of tables. */
const MAX_TABLES = 100_000;

/** Largest number of partitions over all tables. Each costs about 600 bytes here, and a watch in ZooKeeper. */
const MAX_PARTITIONS = 250_000;

/** Reads a cluster over one connection, and again after each change. */
export function mirrorCluster(connection: Connection, options: MirrorOptions): Mirror {
  const { clusterRoot, known, intern, onProblem } = options;
  const appsPath = join(clusterRoot, 'apps');
  const knownApps = new Map(known?.apps.map((app) => [app.appId, app]));
  const tables = new Map<number, TableWatcher>();
  const partitionBudget = createBudget('partitions in the cluster', MAX_PARTITIONS);
  let appIds: readonly number[] = [];
  let state: StoredCluster['state'] = 'absent';
  let last = known;
  /** Parts of the znode `apps` that ZooKeeper refuses. Without them no state is whole, and the last one grows old. */
  const refused = new Map<'data' | 'list', Timestamp>();

  const watcher = watchZnodes(connection, {
    maxConcurrentReads: options.maxConcurrentReads,
    onRead: options.onRead,
    onConsistent() {
      if (refused.size > 0) return;
      last = nextState(last);
      options.onState(last);
    },
  });
  const metaServers = watchMetaServers(watcher, options.lockRoots, onProblem);
  const context = { watcher, budget: partitionBudget, intern, onProblem };

  function refuse(part: 'data' | 'list', error: PegasusError): void {
    // ZooKeeper refuses both parts at once: one report is enough.
    if (refused.size === 0) onProblem(error);
    if (!refused.has(part)) refused.set(part, now());
  }

  const appsData = watcher.data(appsPath, {
    onChange(data) {
      refused.delete('data');
      state = data === undefined ? 'absent' : data.toString() === 'lock' ? 'locked' : 'readable';
    },
    onError: (error) => refuse('data', error),
  });

  const children = watchChildren(watcher, appsPath, createBudget('tables', MAX_TABLES), {
    select(names) {
      appIds = names
        .filter((name) => /^[1-9]\d{0,9}$/.test(name))
        .map(Number)
        .sort((a, b) => a - b);
      return appIds.map(String);
    },
    onList: () => refused.delete('list'),
    onListError: (error) => refuse('list', error),
    onData: (name, data) => tableOf(Number(name)).update(data),
    onDataError: (name, error) => tableOf(Number(name)).refuse(error),
    onRemoved(name) {
      tables.get(Number(name))?.stop();
      tables.delete(Number(name));
    },
  });
  appsData.pin();
  children.list.pin();

  function tableOf(appId: number): TableWatcher {
    let table = tables.get(appId);
    if (table === undefined) {
      table = watchTable(context, join(appsPath, String(appId)), appId, knownApps.get(appId));
      knownApps.delete(appId);
      tables.set(appId, table);
    }
    return table;
  }

  function nextState(old: StoredCluster | undefined): StoredCluster {
    const apps: App[] = [];
    const problems = new Map<number, PegasusError>();
    const listed = appIds.map((appId) => ({ appId, table: tables.get(appId) }));
    const names = listed.map(({ table }) => table?.nodeNames()).filter((known) => known !== undefined);
    // While a cluster is being upgraded to 2.6, some partitions have no host names yet. One response must not mix both.
    const hasNames = names.every(({ isComplete }) => isComplete);
    for (const { appId, table } of listed) {
      const app = table?.snapshot(hasNames ? 'name' : 'address');
      const problem = table?.problem();
      if (app !== undefined) apps.push(app);
      if (problem !== undefined) problems.set(appId, problem);
    }
    const nodeNames = names.map(({ byAddress }) => byAddress).filter(({ size }) => size > 0);
    return reuseObject(old, {
      state,
      apps: reuseList(old?.apps, apps),
      problems: reuseMap(old?.problems, problems),
      hasNames,
      nodeNames: reuseList(old?.nodeNames, nodeNames),
      liveMetaServers: reuseList(old?.liveMetaServers, metaServers.addresses()),
    });
  }

  return {
    dirtySince: () => refused.values().next().value ?? watcher.dirtySince(),
    pendingReads: watcher.pendingReads,
  };
}
