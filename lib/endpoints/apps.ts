import type { App, Cluster } from '../contracts.js';
import { type Health, healthOf } from '../figures/health.js';
import { count, flag, localTimeOrDash, text } from '../text/format.js';
import { jsonObject, member, rowWriter } from '../text/json.js';
import { availableApps } from './available.js';

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

/** `/meta/apps` */
export function appsAnswer({ apps }: Cluster, detail: boolean): string {
  const available = availableApps(apps);
  const generalInfo = member('general_info', jsonObject(available.map(generalInfoOf)));
  const total = count(available.length, 'apps');
  if (!detail || available.length === 0) {
    return jsonObject([generalInfo, member('summary', writeSummary({ total_app_count: total }))]);
  }
  const health = available.map(healthOf);
  const appsWith = (test: (health: Health) => boolean) => count(health.filter(test).length, 'apps');
  return jsonObject([
    generalInfo,
    member('healthy_info', jsonObject(available.map((app, i) => healthyInfoOf(app, health[i] as Health)))),
    member(
      'summary',
      writeHealthySummary({
        total_app_count: total,
        fully_healthy_app_count: appsWith(({ unhealthy }) => unhealthy === 0),
        unhealthy_app_count: appsWith(({ unhealthy }) => unhealthy > 0),
        write_unhealthy_app_count: appsWith(({ writeUnhealthy }) => writeUnhealthy > 0),
        read_unhealthy_app_count: appsWith(({ readUnhealthy }) => readUnhealthy > 0),
      }),
    ),
  ]);
}

function generalInfoOf(app: App): string {
  const appId = count(app.appId, 'appId');
  return member(
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

function healthyInfoOf(app: App, health: Health): string {
  const appId = count(app.appId, 'appId');
  return member(
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
