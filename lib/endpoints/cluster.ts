import type { Body } from '../body.js';
import type { App, BalanceOperations, Cluster, MaybePromise } from '../contracts.js';
import { appFigures } from '../figures/app-figures.js';
import { clusterFigures } from '../figures/cluster-figures.js';
import { balanceStddev } from '../figures/stddev.js';
import { type Rendering, UNFROZEN } from '../render.js';
import type { ReportTable } from '../route.js';
import {
  addressOrDash,
  commaJoined,
  count,
  decimal,
  literal,
  type Plain,
  plain,
  text,
} from '../text/format.js';
import { rowWriter } from '../text/json.js';
import { META_FUNCTION_LEVELS } from '../vocabulary.js';
import { availableApps, isFrozenCluster } from './available.js';
import { listingBody, withSoundTables } from './sound-tables.js';

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
export function clusterAnswer(cluster: Cluster, reportTable: ReportTable): MaybePromise<Body> {
  return listingBody(cluster, 'cluster', reportTable, (note) => renderCluster(cluster, note));
}

function* renderCluster(cluster: Cluster, note: ReportTable): Rendering {
  if (!isFrozenCluster(cluster)) yield UNFROZEN;
  yield* withSoundTables(cluster.apps, (apps) => renderFigures(cluster, apps), appFigures, note);
}

function* renderFigures(cluster: Cluster, apps: readonly App[]): Rendering {
  const { replicaCounts } = yield* clusterFigures(yield* availableApps(apps));
  const stddev = balanceStddev(cluster.nodes, replicaCounts);
  const answer = writeCluster({
    meta_servers: commaJoined(cluster.metaServers, 'metaServers'),
    primary_meta_server: addressOrDash(cluster.primaryMetaServer, 'primaryMetaServer'),
    zookeeper_hosts: commaJoined(cluster.zookeeperHosts, 'zookeeperHosts'),
    zookeeper_root: text(cluster.zookeeperRoot, 'zookeeperRoot'),
    meta_function_level: literal(cluster.metaFunctionLevel, META_FUNCTION_LEVELS, 'metaFunctionLevel'),
    balance_operation_count: balanceText(cluster.balanceOperations),
    primary_replica_count_stddev: decimal(stddev.primary, 'primary stddev'),
    total_replica_count_stddev: decimal(stddev.total, 'total stddev'),
  });
  yield `${answer}\n`;
}

function balanceText(operations: BalanceOperations | 'unknown'): Plain {
  if (operations === 'unknown') return plain(operations);
  const { movePrimary, copyPrimary, copySecondary } = operations;
  const total = movePrimary + copyPrimary + copySecondary;
  const counts = [
    `move_pri=${count(movePrimary, 'movePrimary')}`,
    `copy_pri=${count(copyPrimary, 'copyPrimary')}`,
    `copy_sec=${count(copySecondary, 'copySecondary')}`,
    `total=${total}`,
  ];
  return plain(counts.join());
}
