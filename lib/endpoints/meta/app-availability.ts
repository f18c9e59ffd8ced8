import type { App, Cluster } from '../../model/cluster.js';
import { APP_STATUSES } from '../../model/enums.js';
import { clientError, type PegasusError } from '../../model/errors.js';
import { blockMaker, type Making } from '../../render/body-cache.js';
import { assertArray, assertAscending, oneOf } from '../../render/format.js';
import { UNFROZEN } from '../../render/time-slicing.js';

/** The app that may be shown, else what says why not: a value, for many ask for what is not there, and to throw it would cost more than all the rest. */
export function availableApp(app: App | null | undefined, asked: string): App | PegasusError {
  if (app == null) return clientError('ERR_OBJECT_NOT_FOUND', `table not found: "${asked}"`);
  switch (oneOf(app.status, APP_STATUSES, 'status')) {
    case 'AVAILABLE':
      return app;
    case 'CREATING':
    case 'RECALLING':
      return clientError('ERR_BUSY_CREATING', `table is being created: "${asked}"`);
    case 'DROPPING':
      return clientError('ERR_BUSY_DROPPING', `table is being dropped: "${asked}"`);
    default:
      return clientError('ERR_OBJECT_NOT_FOUND', `table not found: "${asked}"`);
  }
}

/** What is listed of a block of apps. */
interface Listed {
  readonly first: number;
  readonly last: number;
  readonly apps: readonly App[];
}

const blocks = blockMaker<App, undefined, Listed>(listedOf);

/** The apps that are listed and counted. A part of renderings. */
export function* availableApps(apps: readonly App[]): Making<readonly App[]> {
  const available: App[] = [];
  let appId = -1;
  for (const block of blocks(assertArray(apps, 'apps'), undefined)) {
    if (block === '' || block === UNFROZEN) {
      yield block;
      continue;
    }
    assertAscending(appId, block.first, 'appId');
    appId = block.last;
    available.push(...block.apps);
  }
  return available;
}

function* listedOf(apps: readonly App[]): Making<Listed> {
  if (!apps.every(Object.isFrozen)) yield UNFROZEN;
  let last = -1;
  const available = apps.filter((app) => {
    last = assertAscending(last, app.appId, 'appId');
    return oneOf(app.status, APP_STATUSES, 'status') === 'AVAILABLE';
  });
  return { first: apps[0]?.appId ?? -1, last, apps: available };
}

/** Whether a cluster, without its apps, can never change. */
export function isFrozenCluster(cluster: Cluster): boolean {
  const { apps, nodes, metaServers, zookeeperHosts, balanceOperations } = cluster;
  const parts = [cluster, apps, nodes, metaServers, zookeeperHosts, balanceOperations];
  return assertArray(nodes, 'nodes').every(Object.isFrozen) && parts.every(Object.isFrozen);
}
