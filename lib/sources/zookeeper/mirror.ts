import type { App } from '../../model/cluster.js';
import type { PegasusError } from '../../model/errors.js';
import type { Connection } from './connection.js';
import { join } from './lock.js';
import { followMetas } from './meta-servers.js';
import { followTable, isSameList, isSameRecord, type Table } from './table-watcher.js';
import type { Moment } from './timestamp.js';
import { followZnodes } from './watch.js';

/** A whole cluster as ZooKeeper held it at one moment, frozen. What has not changed since the last one is the same object. */
export interface StoredCluster {
  /** Whether it may be read: `absent` when there are no tables' znodes at all, `locked` while the first write or a restore is under way. */
  readonly state: 'readable' | 'absent' | 'locked';
  /** By ascending id. */
  readonly apps: readonly App[];
  /** Tables of which a znode cannot be read, by the name last known. */
  readonly problems: ReadonlyMap<string, PegasusError>;
  /** Addresses of the meta servers that run; the first one leads. */
  readonly runningMetas: readonly string[];
}

export interface MirrorOptions {
  readonly clusterRoot: string;
  readonly lockRoots: readonly string[];
  readonly maxConcurrentReads: number;
  /** What was known last. */
  readonly known: StoredCluster | undefined;
  onRead(): void;
  /** Called for every znode that cannot be read. */
  onProblem(error: PegasusError): void;
  /** Called with each whole state. */
  onState(state: StoredCluster): void;
}

/** The cluster as far as it has been read over one connection. */
export interface Mirror {
  /** Since when something is known to have changed that the last whole state does not show yet. */
  restlessSince(): Moment | undefined;
  /** How many znodes wait to be read. */
  waiting(): number;
}

/** Reads a cluster and follows it. */
export function mirrorCluster(connection: Connection, options: MirrorOptions): Mirror {
  const { clusterRoot, known, onProblem } = options;
  const appsPath = join(clusterRoot, 'apps');
  const knownApps = new Map(known?.apps.map((app) => [app.appId, app]));
  const tables = new Map<number, Table>();
  let order: readonly number[] = [];
  let state: StoredCluster['state'] = 'absent';
  let last = known;

  const follower = followZnodes(connection, {
    maxConcurrentReads: options.maxConcurrentReads,
    onRead: options.onRead,
    onQuiet() {
      last = next(last);
      options.onState(last);
    },
  });
  const metas = followMetas(follower, options.lockRoots, onProblem);

  follower.data(appsPath, {
    read: (data) => {
      state = data === undefined ? 'absent' : data.toString() === 'lock' ? 'locked' : 'readable';
    },
    refused: onProblem,
  });
  follower.children(appsPath, {
    read(names = []) {
      order = names.filter((name) => /^[1-9]\d{0,9}$/.test(name)).map(Number);
      const present = new Set(order);
      for (const [appId, table] of tables) {
        if (present.has(appId)) continue;
        table.stop();
        tables.delete(appId);
      }
      for (const appId of order) {
        if (tables.has(appId)) continue;
        const path = `${appsPath}/${appId}`;
        tables.set(appId, followTable(follower, path, appId, knownApps.get(appId), onProblem));
      }
      order = [...present].sort((a, b) => a - b);
    },
    refused: onProblem,
  });

  function next(old: StoredCluster | undefined): StoredCluster {
    const apps: App[] = [];
    const problems = new Map<string, PegasusError>();
    for (const appId of order) {
      const table = tables.get(appId);
      const nameBefore = knownApps.get(appId)?.appName;
      const app = table?.snapshot();
      if (app !== undefined) apps.push(app);
      const problem = table?.problem();
      const name = app?.appName ?? nameBefore;
      // A dropped table may have left its name to another.
      if (problem !== undefined && name !== undefined && app?.status !== 'DROPPED')
        problems.set(name, problem);
      if (app !== undefined) knownApps.set(appId, app);
    }
    const runningMetas = metas.addresses();
    const fresh: StoredCluster = {
      state,
      apps: old !== undefined && isSameList(old.apps, apps) ? old.apps : Object.freeze(apps),
      problems: old !== undefined && isSameMap(old.problems, problems) ? old.problems : problems,
      runningMetas:
        old !== undefined && isSameList(old.runningMetas, runningMetas)
          ? old.runningMetas
          : Object.freeze(runningMetas),
    };
    return old !== undefined && isSameRecord(old, fresh) ? old : Object.freeze(fresh);
  }

  return { restlessSince: follower.restlessSince, waiting: follower.waiting };
}

function isSameMap<K, V>(a: ReadonlyMap<K, V>, b: ReadonlyMap<K, V>): boolean {
  return a.size === b.size && [...a].every(([key, value]) => b.get(key) === value);
}
