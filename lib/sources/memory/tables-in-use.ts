import type { App } from '../../model/cluster.js';
import type { OperationResult } from '../../model/operations.js';
import type { ClusterState } from './cluster-state.js';

/** Returns the table of a name unless it is dropped. */
export function appInUse(state: ClusterState, appName: string): App | undefined {
  const app = state.app(appName);
  return app?.status === 'DROPPED' ? undefined : app;
}

/** Returns the table of an id unless it is dropped. */
export function appById(state: ClusterState, appId: number): App | undefined {
  return state.current().apps.find((app) => app.appId === appId && app.status !== 'DROPPED');
}

/** Returns the table that an operation of a client names, or why there is none, in Pegasus's own words. */
export function availableApp(
  state: ClusterState,
  appName: string,
): { readonly app: App } | { readonly refused: OperationResult } {
  const app = appInUse(state, appName);
  if (app === undefined) return { refused: { error: 'ERR_APP_NOT_EXIST', hint: 'app cannot be found' } };
  if (app.status === 'AVAILABLE') return { app };
  return { refused: { error: 'ERR_INVALID_STATE', hint: `app is ${app.status}` } };
}

/** The outcome of an operation that a meta server accepted. */
export const ACCEPTED: OperationResult = Object.freeze({ error: 'ERR_OK', hint: '' });
