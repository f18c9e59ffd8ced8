import type { ResponseBody } from '../../http/body.js';
import type { App, Cluster } from '../../model/cluster.js';
import { APP_STATUSES } from '../../model/enums.js';
import type { MaybePromise } from '../../model/maybe-promise.js';
import { blockWriter, type Making } from '../../render/body-cache.js';
import { boolean, count, jsonText, localTimeOrDash, oneOf } from '../../render/format.js';
import { property, rowWriter } from '../../render/json.js';
import { type Rendering, UNFROZEN } from '../../render/time-slicing.js';
import type { ReportTable } from '../../routing/route.js';
import { type AppStats, appStats, areFrozenFigures } from '../../stats/app-stats.js';
import { clusterStats } from '../../stats/cluster-stats.js';
import { availableApps, isFrozenCluster } from './app-availability.js';
import { listingBody, withSoundTables } from './skip-invalid-tables.js';

const writeGeneralInfo = rowWriter(
  'app_id',
  'status',
  'app_name',
  'app_type',
  'partition_count',
  'replica_count',
  'is_stateful',
  'create_time',
  'drop_time',
  'drop_expire',
  'envs_count',
);
const writeHealthyInfo = rowWriter(
  'app_id',
  'app_name',
  'partition_count',
  'fully_healthy',
  'unhealthy',
  'write_unhealthy',
  'read_unhealthy',
);
const writeSummary = rowWriter('total_app_count');
const writeHealthySummary = rowWriter(
  'total_app_count',
  'fully_healthy_app_count',
  'unhealthy_app_count',
  'write_unhealthy_app_count',
  'read_unhealthy_app_count',
);

const generalRows = blockWriter(generalInfoOf, (app) => Object.isFrozen(app) && Object.isFrozen(app.envs));
const healthyRows = blockWriter(healthyInfoOf, areFrozenFigures);

/** `/meta/apps` */
export function appsAnswer(
  cluster: Cluster,
  detail: boolean,
  reportTable: ReportTable,
): MaybePromise<ResponseBody> {
  return listingBody(cluster, detail ? 'apps?detail' : 'apps', reportTable, (note) =>
    renderApps(cluster, detail, note),
  );
}

function* renderApps(cluster: Cluster, detail: boolean, note: ReportTable): Rendering {
  if (!isFrozenCluster(cluster)) yield UNFROZEN;
  const render = (apps: readonly App[]) => renderTables(apps, detail);
  yield* withSoundTables(cluster.apps, render, (app) => checkTable(app, detail), note);
}

function* checkTable(app: App, detail: boolean): Making<void> {
  generalInfoOf(app);
  if (detail) healthyInfoOf(yield* appStats(app));
}

function* renderTables(all: readonly App[], detail: boolean): Rendering {
  const apps = yield* availableApps(all);
  const total = count(apps.length, 'apps');
  yield '{"general_info":{';
  yield* generalRows(apps, '');
  if (!detail || apps.length === 0) {
    yield `},"summary":${writeSummary({ total_app_count: total })}}\n`;
    return;
  }
  const { apps: figures, health } = yield* clusterStats(apps);
  yield '},"healthy_info":{';
  yield* healthyRows(figures, '');
  const summary = writeHealthySummary({
    total_app_count: total,
    fully_healthy_app_count: count(health.fullyHealthy, 'apps'),
    unhealthy_app_count: count(health.unhealthy, 'apps'),
    write_unhealthy_app_count: count(health.writeUnhealthy, 'apps'),
    read_unhealthy_app_count: count(health.readUnhealthy, 'apps'),
  });
  yield `},"summary":${summary}}\n`;
}

function generalInfoOf(app: App): string {
  const appId = count(app.appId, 'appId');
  return property(
    appId,
    writeGeneralInfo({
      app_id: appId,
      status: oneOf(app.status, APP_STATUSES, 'status'),
      app_name: jsonText(app.appName, 'appName'),
      app_type: jsonText(app.appType, 'appType'),
      partition_count: count(app.partitionCount, 'partitionCount'),
      replica_count: count(app.maxReplicaCount, 'maxReplicaCount'),
      is_stateful: boolean(app.isStateful, 'isStateful'),
      create_time: localTimeOrDash(app.createSecond, 'createSecond'),
      drop_time: localTimeOrDash(app.dropSecond, 'dropSecond'),
      drop_expire: localTimeOrDash(app.expireSecond, 'expireSecond'),
      envs_count: count(Object.keys(app.envs).length, 'envs'),
    }),
  );
}

function healthyInfoOf({ app, health }: AppStats): string {
  const appId = count(app.appId, 'appId');
  return property(
    appId,
    writeHealthyInfo({
      app_id: appId,
      app_name: jsonText(app.appName, 'appName'),
      partition_count: count(app.partitionCount, 'partitionCount'),
      fully_healthy: count(health.fullyHealthy, 'fullyHealthy'),
      unhealthy: count(health.unhealthy, 'unhealthy'),
      write_unhealthy: count(health.writeUnhealthy, 'writeUnhealthy'),
      read_unhealthy: count(health.readUnhealthy, 'readUnhealthy'),
    }),
  );
}
