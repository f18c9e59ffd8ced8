import type { App, Cluster } from '../contracts.js';
import { refusal } from '../errors.js';
import { above, list, literal } from '../text/format.js';
import { APP_STATUSES } from '../vocabulary.js';

/** The app that may be shown, else the error that says why not. */
export function availableApp(app: App | null | undefined, asked: string): App {
  if (app == null) throw refusal('ERR_OBJECT_NOT_FOUND', `table not found: "${asked}"`);
  switch (literal(app.status, APP_STATUSES, 'status')) {
    case 'AVAILABLE':
      return app;
    case 'CREATING':
    case 'RECALLING':
      throw refusal('ERR_BUSY_CREATING', `table is being created: "${asked}"`);
    case 'DROPPING':
      throw refusal('ERR_BUSY_DROPPING', `table is being dropped: "${asked}"`);
    default:
      throw refusal('ERR_OBJECT_NOT_FOUND', `table not found: "${asked}"`);
  }
}

/** The apps that are listed and counted. */
export function availableApps(apps: readonly App[]): App[] {
  let appId = -1;
  return list(apps, 'apps').filter((app) => {
    appId = above(appId, app.appId, 'appId');
    return literal(app.status, APP_STATUSES, 'status') === 'AVAILABLE';
  });
}

/** Whether a cluster, without its apps, can never change. */
export function isFrozenCluster(cluster: Cluster): boolean {
  const { apps, nodes, metaServers, zookeeperHosts, balanceOperations } = cluster;
  const parts = [cluster, apps, nodes, metaServers, zookeeperHosts, balanceOperations];
  return list(nodes, 'nodes').every(Object.isFrozen) && parts.every(Object.isFrozen);
}
