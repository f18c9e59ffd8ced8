import { writeCluster } from '../../compiled/rows.js';
import type { ResponseBody } from '../../http/body.js';
import type { BalanceOperations, Cluster } from '../../model/cluster.js';
import { type Compatibility, META_FUNCTION_LEVELS } from '../../model/enums.js';
import type { MaybePromise } from '../../model/maybe-promise.js';
import { cachedDocument } from '../../render/body-cache.js';
import type { ChunkGenerator } from '../../render/chunk-buffer.js';
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
import { defineRoute, type Route, type TableReporter } from '../../routing/route.js';
import { appStats, isDeepFrozenApp } from '../../stats/app-stats.js';
import { balanceStddev } from '../../stats/balance.js';
import { clusterReplicaCounts } from '../../stats/cluster-stats.js';
import * as wire from '../../wire/cluster.js';
import { byCompatibility } from './by-compatibility.js';
import { isDeepFrozenCluster } from './frozen-cluster.js';
import { frozenCopyOfCluster } from './frozen-copy.js';
import { readCluster } from './operations.js';
import { tableLister } from './skip-invalid-tables.js';

/** Creates the route of `GET /meta/cluster`. */
export function clusterRoute(compatibility: Compatibility): Route {
  return defineRoute({
    path: '/meta/cluster',
    group: 'meta',
    access: 'read',
    summary: 'Returns the meta servers, the ZooKeeper and the balance of the cluster.',
    params: {},
    source: readCluster,
    response: { 'application/json': wire.cluster },
    render: (cluster, _, reporter) => renderCluster(cluster, reporter, compatibility),
  });
}

const listStats = tableLister(appStats, isDeepFrozenApp);

/** Renders the overview of a cluster. */
export function renderCluster(
  cluster: Cluster,
  reporter: TableReporter,
  compatibility: Compatibility,
): MaybePromise<ResponseBody> {
  return DOCUMENTS[compatibility](cluster, reporter);
}

const DOCUMENTS = byCompatibility((compatibility) =>
  cachedDocument(
    isDeepFrozenCluster,
    (cluster: Cluster, reporter: TableReporter) => overview(cluster, reporter, compatibility),
    frozenCopyOfCluster,
  ),
);

function* overview(cluster: Cluster, reporter: TableReporter, compatibility: Compatibility): ChunkGenerator {
  const { blocks, reportSkipped } = listStats(cluster.apps);
  const stddev = cluster.replicaCountStddev ?? balanceStddev(cluster.nodes, clusterReplicaCounts(blocks));
  const json = writeCluster({
    meta_servers: commaJoined(cluster.metaServers, 'metaServers'),
    primary_meta_server: addressOrDash(cluster.primaryMetaServer, 'primaryMetaServer'),
    zookeeper_hosts: commaJoined(cluster.zookeeperHosts, 'zookeeperHosts'),
    zookeeper_root: jsonText(cluster.zookeeperRoot, 'zookeeperRoot'),
    meta_function_level: oneOf(cluster.metaFunctionLevel, META_FUNCTION_LEVELS, 'metaFunctionLevel'),
    balance_operation_count: balanceOperationCount(cluster.balanceOperations, compatibility),
    primary_replica_count_stddev: fixed2(stddev.primary, 'primary stddev'),
    total_replica_count_stddev: fixed2(stddev.total, 'total stddev'),
  });
  yield `${json}\n`;
  return reportSkipped(reporter);
}

function balanceOperationCount(
  operations: BalanceOperations | 'unknown',
  compatibility: Compatibility,
): JsonSafe {
  if (compatibility === '2.6') return balanceOperationJson(operations);
  if (operations === 'unknown') return escapeJson(operations);
  const { movePrimary, copyPrimary, copySecondary } = operations;
  const counts = [
    `move_pri=${count(movePrimary, 'movePrimary')}`,
    `copy_pri=${count(copyPrimary, 'copyPrimary')}`,
    `copy_sec=${count(copySecondary, 'copySecondary')}`,
    `total=${totalOf(operations)}`,
  ];
  return escapeJson(counts.join());
}

/** Prints the counts as 2.6 does: a string that holds indented JSON. A total of -1 means that the balancer has computed nothing. */
function balanceOperationJson(operations: BalanceOperations | 'unknown'): JsonSafe {
  const isKnown = operations !== 'unknown';
  const { movePrimary, copyPrimary, copySecondary } = isKnown ? operations : NO_OPERATIONS;
  const lines = [
    `"copy_pri": ${count(copyPrimary, 'copyPrimary')}`,
    `"copy_sec": ${count(copySecondary, 'copySecondary')}`,
    `"move_pri": ${count(movePrimary, 'movePrimary')}`,
    `"total": ${isKnown ? totalOf(operations) : -1}`,
  ];
  return escapeJson(`{\n  ${lines.join(',\n  ')}\n}`);
}

const NO_OPERATIONS: BalanceOperations = { movePrimary: 0, copyPrimary: 0, copySecondary: 0 };

function totalOf({ movePrimary, copyPrimary, copySecondary }: BalanceOperations): number {
  return movePrimary + copyPrimary + copySecondary;
}
