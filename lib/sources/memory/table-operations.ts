import { isDeepStrictEqual } from 'node:util';
import type { App } from '../../model/cluster.js';
import { APP_STATUSES, type AppStatus } from '../../model/enums.js';
import { PegasusError } from '../../model/errors.js';
import * as check from '../../validate/checks.js';
import { describeValue } from '../../validate/describe-value.js';
import type { ClusterState } from './cluster-state.js';
import { assertUnique, parseApp, parseEnvs } from './parse-app.js';
import type { DescribedApp } from './parse-operations.js';
import type { MemoryCluster } from './types.js';

/** How long the meta server keeps a dropped table by default: a week (`hold_seconds_for_dropped_app`). */
const HOLD_SECONDS = 604_800;

/** The states that follow each state of a table. */
const NEXT_STATUSES: Readonly<Record<AppStatus, readonly AppStatus[]>> = {
  CREATING: ['AVAILABLE', 'CREATE_FAILED'],
  CREATE_FAILED: ['CREATING', 'DROPPING'],
  AVAILABLE: ['DROPPING'],
  DROPPING: ['DROPPED', 'DROP_FAILED'],
  DROP_FAILED: ['DROPPING'],
  DROPPED: ['RECALLING'],
  RECALLING: ['AVAILABLE'],
};

type TableOperations = Pick<
  MemoryCluster,
  'createApp' | 'dropApp' | 'recallApp' | 'renameApp' | 'setAppStatus' | 'setAppEnvs'
>;

/**
 * Creates the operations on the tables of a cluster.
 *
 * @param owner - Has the nodes that a table may name, for error messages.
 * @param describe - Sets what the description of a table says beyond its state.
 */
export function createTableOperations(
  state: ClusterState,
  owner: string,
  describe: (described: DescribedApp) => void,
): TableOperations {
  function requireId(appId: number): App {
    const app = state.current().apps.find((other) => other.appId === appId);
    if (app !== undefined) return app;
    throw new PegasusError('ERR_OBJECT_NOT_FOUND', `there is no table with id ${describeValue(appId)}`);
  }

  /** Checks that a table can have another name or another status. */
  function assertFree(app: App, changed: Partial<App>): void {
    const others = state.current().apps.filter((other) => other !== app);
    assertUnique({ ...app, ...changed }, 'app', others);
  }

  return {
    createApp(description) {
      const { nodes, apps } = state.current();
      const app = parseApp(description, 'app', { nodes, owner }, apps);
      describe({ app, description, path: 'app' });
      state.change({ apps: Object.freeze([...apps, app].sort((a, b) => a.appId - b.appId)) });
      return app;
    },

    dropApp(appName, options = {}) {
      const app = state.requireApp(appName);
      const { holdSeconds } = check.objectWithKeys(options, 'options', ['holdSeconds'], 'option');
      return state.replaceApp(app, { status: 'DROPPED', ...dropTimes(holdSeconds) });
    },

    recallApp(appId, newName) {
      const app = requireId(appId);
      if (app.status !== 'DROPPED')
        throw new PegasusError('ERR_INVALID_STATE', `table ${appId} is ${app.status}, not DROPPED`);
      const appName = newName === undefined ? app.appName : check.nonEmpty(newName, 'newName');
      // A real cluster leaves dropSecond and expireSecond in a recalled table, too.
      const recalled = { appName, status: 'AVAILABLE' } as const;
      assertFree(app, recalled);
      return state.replaceApp(app, recalled);
    },

    renameApp(appName, newName) {
      const app = state.requireApp(appName);
      if (app.status !== 'AVAILABLE')
        throw new PegasusError(
          'ERR_INVALID_STATE',
          `table ${describeValue(appName)} is ${app.status}, not AVAILABLE`,
        );
      assertUnique(
        { ...app, appId: 0, appName: check.nonEmpty(newName, 'newName') },
        'app',
        state.current().apps,
      );
      return state.replaceApp(app, { appName: newName });
    },

    setAppStatus(table, status) {
      const app = typeof table === 'number' ? requireId(table) : state.requireApp(table);
      const next = NEXT_STATUSES[app.status];
      if (!next.includes(check.oneOf(status, 'status', APP_STATUSES))) {
        throw new PegasusError(
          'ERR_INVALID_STATE',
          `table ${describeValue(table)} is ${app.status}, and ${next.join(' or ')} follows, not ${status}`,
        );
      }
      assertFree(app, { status });
      return state.replaceApp(app, { status, ...(status === 'DROPPING' && dropTimes()) });
    },

    setAppEnvs(appName, envs) {
      const app = state.requireApp(appName);
      const entries = Object.entries({ ...app.envs, ...check.object(envs, 'envs') });
      const changed = parseEnvs(Object.fromEntries(entries.filter(([, value]) => value !== null)), 'envs');
      return isDeepStrictEqual(changed, app.envs) ? app : state.replaceApp(app, { envs: changed });
    },
  };
}

/** Returns when a table that is dropped now expires. */
function dropTimes(holdSeconds: unknown = HOLD_SECONDS): Pick<App, 'dropSecond' | 'expireSecond'> {
  const dropSecond = Math.floor(Date.now() / 1000);
  return { dropSecond, expireSecond: dropSecond + check.integer(holdSeconds, 'holdSeconds', 0, 2 ** 31) };
}
