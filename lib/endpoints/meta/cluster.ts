import type { ResponseBody } from '../../http/body.js';
import type { App, BalanceOperations, Cluster } from '../../model/cluster.js';
import { META_FUNCTION_LEVELS } from '../../model/enums.js';
import type { MaybePromise } from '../../model/maybe-promise.js';
import {
  addressOrDash,
  commaJoined,
  count,
  escapeJson,
  fixed2,
  type JsonSafe,
  jsonText,
  oneOf,
} from '../../render/format.js';
import { rowWriter } from '../../render/json.js';
import { type Rendering, UNFROZEN } from '../../render/time-slicing.js';
import type { ReportTable } from '../../routing/route.js';
import { appStats } from '../../stats/app-stats.js';
import { balanceStddev } from '../../stats/balance.js';
import { clusterStats } from '../../stats/cluster-stats.js';
import { availableApps, isFrozenCluster } from './app-availability.js';
import { listingBody, withSoundTables } from './skip-invalid-tables.js';

const writeCluster = rowWriter(
  'meta_servers',
  'primary_meta_server',
  'zookeeper_hosts',
  'zookeeper_root',
  'meta_function_level',
  'balance_operation_count',
  'primary_replica_count_stddev',
  'total_replica_count_stddev',
);

/** `/meta/cluster` */
export function clusterAnswer(cluster: Cluster, reportTable: ReportTable): MaybePromise<ResponseBody> {
  return listingBody(cluster, 'cluster', reportTable, (note) => renderCluster(cluster, note));
}

function* renderCluster(cluster: Cluster, note: ReportTable): Rendering {
  if (!isFrozenCluster(cluster)) yield UNFROZEN;
  yield* withSoundTables(cluster.apps, (apps) => renderFigures(cluster, apps), appStats, note);
}

function* renderFigures(cluster: Cluster, apps: readonly App[]): Rendering {
  const { replicaCounts } = yield* clusterStats(yield* availableApps(apps));
  const stddev = balanceStddev(cluster.nodes, replicaCounts);
  const answer = writeCluster({
    meta_servers: commaJoined(cluster.metaServers, 'metaServers'),
    primary_meta_server: addressOrDash(cluster.primaryMetaServer, 'primaryMetaServer'),
    zookeeper_hosts: commaJoined(cluster.zookeeperHosts, 'zookeeperHosts'),
    zookeeper_root: jsonText(cluster.zookeeperRoot, 'zookeeperRoot'),
    meta_function_level: oneOf(cluster.metaFunctionLevel, META_FUNCTION_LEVELS, 'metaFunctionLevel'),
    balance_operation_count: balanceText(cluster.balanceOperations),
    primary_replica_count_stddev: fixed2(stddev.primary, 'primary stddev'),
    total_replica_count_stddev: fixed2(stddev.total, 'total stddev'),
  });
  yield `${answer}\n`;
}

function balanceText(operations: BalanceOperations | 'unknown'): JsonSafe {
  if (operations === 'unknown') return escapeJson(operations);
  const { movePrimary, copyPrimary, copySecondary } = operations;
  const total = movePrimary + copyPrimary + copySecondary;
  const counts = [
    `move_pri=${count(movePrimary, 'movePrimary')}`,
    `copy_pri=${count(copyPrimary, 'copyPrimary')}`,
    `copy_sec=${count(copySecondary, 'copySecondary')}`,
    `total=${total}`,
  ];
  return escapeJson(counts.join());
}
