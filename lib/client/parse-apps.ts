import type { App, AppHealth, Partition } from '../model/cluster.js';
import { APP_STATUSES } from '../model/enums.js';
import type { AppDocument, AppEnvsDocument, AppsDocument } from '../wire/meta.js';
import { type Answer, isNotFound, okJson } from './answer.js';
import { type Fields, readFields, splitList } from './fields.js';
import { readTime, type WallClock } from './local-time.js';
import type { AppPartitions, ListedApp } from './types.js';

/** Parses `/meta/apps?detail`. */
export function parseApps(answer: Answer): readonly ListedApp[] {
  const body = readFields<AppsDocument>(answer.json());
  // A server without tables omits the health.
  const health = body.has('healthy_info') ? body.fields('healthy_info') : undefined;
  return body
    .fields('general_info')
    .rows()
    .map(([id, row]) => listedApp(row, health?.fields(id), answer.toUnix));
}

function listedApp(
  row: Fields<AppsDocument['general_info'][string]>,
  health: Fields<HealthDocument> | undefined,
  toUnix: WallClock,
): ListedApp {
  return {
    appId: row.integer('app_id'),
    appName: row.text('app_name'),
    appType: row.text('app_type'),
    status: row.oneOf('status', APP_STATUSES),
    partitionCount: row.integer('partition_count'),
    maxReplicaCount: row.integer('replica_count'),
    isStateful: row.boolean('is_stateful'),
    createSecond: readTime(row, 'create_time', toUnix),
    dropSecond: readTime(row, 'drop_time', toUnix),
    expireSecond: readTime(row, 'drop_expire', toUnix),
    envCount: row.integer('envs_count'),
    health: health && listedHealth(health),
  };
}

type HealthDocument = NonNullable<AppsDocument['healthy_info']>[string];

function listedHealth(row: Fields<HealthDocument>): AppHealth {
  return {
    fullyHealthy: row.integer('fully_healthy'),
    unhealthy: row.integer('unhealthy'),
    writeUnhealthy: row.integer('write_unhealthy'),
    readUnhealthy: row.integer('read_unhealthy'),
  };
}

/** Parses `/meta/app?detail`; `undefined` if there is no such table. */
export function parseApp(answer: Answer): AppPartitions | undefined {
  if (isNotFound(answer)) return undefined;
  const body = readFields<AppDocument>(okJson(answer));
  const general = body.fields('general');
  return {
    appId: general.integer('app_id'),
    appName: general.text('app_name'),
    partitionCount: general.integer('partition_count'),
    maxReplicaCount: general.integer('max_replica_count'),
    partitions: body
      .fields('replicas')
      .rows()
      .map(([, row]) => partition(row, general.integer('max_replica_count')))
      .sort((a, b) => a.pidx - b.pidx),
  };
}

/** Parses only the id of `/meta/app`; `undefined` if there is no such table. */
export function parseAppId(answer: Answer): number | undefined {
  if (isNotFound(answer)) return undefined;
  return readFields<AppDocument>(okJson(answer)).fields('general').integer('app_id');
}

function partition(
  row: Fields<NonNullable<AppDocument['replicas']>[string]>,
  appMaxReplicaCount: number,
): Partition {
  const primary = row.text('primary');
  const max = Number(/^\d{1,9}\/(\d{1,9})$/.exec(row.text('replica_count'))?.[1] ?? Number.NaN);
  if (Number.isNaN(max)) row.fail('replica_count', 'two numbers such as "3/3"');
  return {
    pidx: row.integer('pidx'),
    ballot: row.integer('ballot'),
    primary: primary === '-' ? null : primary,
    secondaries: splitList(row.text('secondaries')),
    ...(max !== appMaxReplicaCount && { maxReplicaCount: max }),
  };
}

/** Parses `/meta/app_envs`. */
export function parseAppEnvs(answer: Answer): App['envs'] {
  return readFields<AppEnvsDocument>(okJson(answer)).texts();
}
