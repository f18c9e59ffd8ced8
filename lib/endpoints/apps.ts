import type { Body } from '../body.js';
import type { App, Cluster, MaybePromise } from '../contracts.js';
import { type AppFigures, appFigures, areFrozenFigures } from '../figures/app-figures.js';
import { clusterFigures } from '../figures/cluster-figures.js';
import { blockWriter, keptBody, type Making } from '../kept.js';
import { type Rendering, UNFROZEN } from '../render.js';
import type { LeaveOut } from '../route.js';
import { count, flag, localTimeOrDash, text } from '../text/format.js';
import { plainMember, rowWriter } from '../text/json.js';
import { availableApps, isFrozenCluster } from './available.js';
import { withSoundTables } from './sound-tables.js';

const writeGeneralInfo = rowWriter({
  app_id: 'plain',
  status: 'text',
  app_name: 'text',
  app_type: 'text',
  partition_count: 'plain',
  replica_count: 'plain',
  is_stateful: 'plain',
  create_time: 'plain',
  drop_time: 'plain',
  drop_expire: 'plain',
  envs_count: 'plain',
});
const writeHealthyInfo = rowWriter({
  app_id: 'plain',
  app_name: 'text',
  partition_count: 'plain',
  fully_healthy: 'plain',
  unhealthy: 'plain',
  write_unhealthy: 'plain',
  read_unhealthy: 'plain',
});
const writeSummary = rowWriter({ total_app_count: 'plain' });
const writeHealthySummary = rowWriter({
  total_app_count: 'plain',
  fully_healthy_app_count: 'plain',
  unhealthy_app_count: 'plain',
  write_unhealthy_app_count: 'plain',
  read_unhealthy_app_count: 'plain',
});

const generalRows = blockWriter(generalInfoOf, (app) => Object.isFrozen(app) && Object.isFrozen(app.envs));
const healthyRows = blockWriter(healthyInfoOf, areFrozenFigures);

/** `/meta/apps` */
export function appsAnswer(cluster: Cluster, detail: boolean, leaveOut: LeaveOut): MaybePromise<Body> {
  return keptBody(cluster, detail ? 'apps?detail' : 'apps', () => renderApps(cluster, detail, leaveOut));
}

function* renderApps(cluster: Cluster, detail: boolean, leaveOut: LeaveOut): Rendering {
  if (!isFrozenCluster(cluster)) yield UNFROZEN;
  const render = (apps: readonly App[]) => renderTables(apps, detail);
  yield* withSoundTables(cluster.apps, render, (app) => checkTable(app, detail), leaveOut);
}

function* checkTable(app: App, detail: boolean): Making<void> {
  generalInfoOf(app);
  if (detail) healthyInfoOf(yield* appFigures(app));
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
  const { apps: figures, health } = yield* clusterFigures(apps);
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
  return plainMember(
    appId,
    writeGeneralInfo({
      app_id: appId,
      status: app.status,
      app_name: text(app.appName, 'appName'),
      app_type: text(app.appType, 'appType'),
      partition_count: count(app.partitionCount, 'partitionCount'),
      replica_count: count(app.maxReplicaCount, 'maxReplicaCount'),
      is_stateful: flag(app.isStateful, 'isStateful'),
      create_time: localTimeOrDash(app.createSecond, 'createSecond'),
      drop_time: localTimeOrDash(app.dropSecond, 'dropSecond'),
      drop_expire: localTimeOrDash(app.expireSecond, 'expireSecond'),
      envs_count: count(Object.keys(app.envs).length, 'envs'),
    }),
  );
}

function healthyInfoOf({ app, health }: AppFigures): string {
  const appId = count(app.appId, 'appId');
  return plainMember(
    appId,
    writeHealthyInfo({
      app_id: appId,
      app_name: text(app.appName, 'appName'),
      partition_count: count(app.partitionCount, 'partitionCount'),
      fully_healthy: count(health.fullyHealthy, 'fullyHealthy'),
      unhealthy: count(health.unhealthy, 'unhealthy'),
      write_unhealthy: count(health.writeUnhealthy, 'writeUnhealthy'),
      read_unhealthy: count(health.readUnhealthy, 'readUnhealthy'),
    }),
  );
}
