import {
  writeAppsGeneralInfo,
  writeAppsHealthyInfo,
  writeAppsHealthySummary,
  writeAppsSummary,
} from '../../compiled/rows.js';
import type { ResponseBody } from '../../http/body.js';
import type { App, Cluster } from '../../model/cluster.js';
import { APP_STATUSES } from '../../model/enums.js';
import type { MaybePromise } from '../../model/maybe-promise.js';
import { cachedRowBlocks } from '../../render/block-cache.js';
import { cachedDocument } from '../../render/body-cache.js';
import type { ChunkGenerator } from '../../render/chunk-buffer.js';
import { boolean, count, jsonText, localTimeOrDash, oneOf } from '../../render/format.js';
import { property } from '../../render/json.js';
import { param } from '../../routing/params.js';
import { defineRoute, type TableReporter } from '../../routing/route.js';
import { type AppStats, appStats, isDeepFrozenApp } from '../../stats/app-stats.js';
import { clusterHealth } from '../../stats/cluster-stats.js';
import * as wire from '../../wire/meta.js';
import { isDeepFrozenCluster, isFrozenCluster } from './frozen-cluster.js';
import { frozenCopyOfCluster } from './frozen-copy.js';
import { readCluster } from './operations.js';
import { tableLister } from './skip-invalid-tables.js';

/** `GET /meta/apps`. */
export const appsRoute = defineRoute({
  path: '/meta/apps',
  group: 'meta',
  access: 'read',
  summary: 'Lists the tables; with detail, also their health.',
  params: { detail: param.flag() },
  rejectUnknownParams: true,
  source: readCluster,
  response: { 'application/json': wire.apps },
  render: (cluster, { detail }, reporter) => renderApps(cluster, detail, reporter),
});

/** The rows of one table with detail, and what they are made of. */
interface DetailRow extends AppStats {
  readonly general: string;
  readonly healthy: string;
}

const listTables = tableLister(tableRow, isFrozenTable);
const listDetail = tableLister<DetailRow>(detailRow, isDeepFrozenApp);
const writeRows = cachedRowBlocks((row: string) => row);
const writeGeneralRows = cachedRowBlocks(({ general }: DetailRow) => general);
const writeHealthyRows = cachedRowBlocks(({ healthy }: DetailRow) => healthy);

/** Renders the tables of a cluster. */
export function renderApps(
  cluster: Cluster,
  detail: boolean,
  reporter: TableReporter,
): MaybePromise<ResponseBody> {
  return detail ? detailedDocument(cluster, reporter) : generalDocument(cluster, reporter);
}

const generalDocument = cachedDocument(
  (cluster: Cluster) => isFrozenCluster(cluster) && cluster.apps.every(isFrozenTable),
  withoutDetail,
  frozenCopyOfCluster,
);

const detailedDocument = cachedDocument(isDeepFrozenCluster, withDetail, frozenCopyOfCluster);

function* withoutDetail(cluster: Cluster, reporter: TableReporter): ChunkGenerator {
  const { blocks, rowCount, reportSkipped } = listTables(cluster.apps);
  yield '{"general_info":{';
  yield* writeRows(blocks);
  yield `},"summary":${writeAppsSummary({ total_app_count: count(rowCount, 'apps') })}}\n`;
  return reportSkipped(reporter);
}

function* withDetail(cluster: Cluster, reporter: TableReporter): ChunkGenerator {
  const { blocks, rowCount, reportSkipped } = listDetail(cluster.apps);
  // A real server without tables omits the health.
  if (rowCount === 0) return yield* withoutDetail(cluster, reporter);
  yield '{"general_info":{';
  yield* writeGeneralRows(blocks);
  yield '},"healthy_info":{';
  yield* writeHealthyRows(blocks);
  const health = clusterHealth(blocks);
  const summary = writeAppsHealthySummary({
    total_app_count: count(rowCount, 'apps'),
    fully_healthy_app_count: count(health.fullyHealthy, 'apps'),
    unhealthy_app_count: count(health.unhealthy, 'apps'),
    write_unhealthy_app_count: count(health.writeUnhealthy, 'apps'),
    read_unhealthy_app_count: count(health.readUnhealthy, 'apps'),
  });
  yield `},"summary":${summary}}\n`;
  return reportSkipped(reporter);
}

/** Whether all that {@link tableRow} reads of a table is frozen. */
function isFrozenTable(app: App): boolean {
  return Object.isFrozen(app) && Object.isFrozen(app?.envs);
}

function tableRow(app: App): string {
  const appId = count(app.appId, 'appId');
  const general = writeAppsGeneralInfo({
    app_id: appId,
    status: oneOf(app.status, APP_STATUSES, 'status'),
    app_name: jsonText(app.appName, 'appName'),
    app_type: jsonText(app.appType, 'appType'),
    partition_count: count(app.partitionCount, 'partitionCount'),
    replica_count: count(app.maxReplicaCount, 'maxReplicaCount'),
    is_stateful: boolean(app.isStateful, 'isStateful'),
    create_time: localTimeOrDash(app.createSecond, 'createSecond'),
    // A recalled table keeps its times of dropping, but a table that is not dropped has none.
    drop_time: localTimeOrDash(app.status === 'AVAILABLE' ? 0 : app.dropSecond, 'dropSecond'),
    drop_expire: localTimeOrDash(app.status === 'AVAILABLE' ? 0 : app.expireSecond, 'expireSecond'),
    envs_count: count(app.envCount ?? Object.keys(app.envs).length, 'envCount'),
  });
  return property(appId, general);
}

function detailRow(app: App): DetailRow {
  const stats = appStats(app);
  const appId = count(app.appId, 'appId');
  const { health } = stats;
  const healthy = writeAppsHealthyInfo({
    app_id: appId,
    app_name: jsonText(app.appName, 'appName'),
    partition_count: count(app.partitionCount, 'partitionCount'),
    fully_healthy: count(health.fullyHealthy, 'fullyHealthy'),
    unhealthy: count(health.unhealthy, 'unhealthy'),
    write_unhealthy: count(health.writeUnhealthy, 'writeUnhealthy'),
    read_unhealthy: count(health.readUnhealthy, 'readUnhealthy'),
  });
  return { ...stats, general: tableRow(app), healthy: property(appId, healthy) };
}
