import { APP_STATUSES } from '../model/enums.js';
import { type DocumentOf, literal, mapOf, named, object, rowOf, string } from './schema.js';
import { ballot, decimal, flag, list, ratio, timeOrDash } from './text.js';

export const appGeneral = rowOf({
  app_name: string,
  app_id: decimal,
  partition_count: decimal,
  max_replica_count: decimal,
});
export const appReplica = rowOf({
  pidx: decimal,
  ballot,
  replica_count: ratio,
  primary: string,
  secondaries: list,
});
export const appNode = rowOf({
  node: string,
  primary: decimal,
  secondary: decimal,
  total: decimal,
});
export const appHealthy = rowOf({
  fully_healthy_partition_count: decimal,
  unhealthy_partition_count: decimal,
  write_unhealthy_partition_count: decimal,
  read_unhealthy_partition_count: decimal,
});

/** `GET /meta/app`. Replicas by partition index, nodes by address. */
export const app = named(
  'App',
  object(
    { general: appGeneral },
    { replicas: mapOf(appReplica), nodes: mapOf(appNode), healthy: appHealthy },
  ),
  {
    general: { app_name: 'stat', app_id: '1', partition_count: '4', max_replica_count: '3' },
    replicas: {
      0: {
        pidx: '0',
        ballot: '2',
        replica_count: '2/3',
        primary: '127.0.0.1:34801',
        secondaries: '[127.0.0.1:34802]',
      },
    },
    nodes: { '127.0.0.1:34801': { node: '127.0.0.1:34801', primary: '2', secondary: '2', total: '4' } },
    healthy: {
      fully_healthy_partition_count: '0',
      unhealthy_partition_count: '4',
      write_unhealthy_partition_count: '0',
      read_unhealthy_partition_count: '0',
    },
  },
);

/** The document of `GET /meta/app`. All but `general` is there with `detail`. */
export type AppDocument = DocumentOf<typeof app>;

/** `GET /meta/app_envs`. Values by name. */
export const appEnvs = named('AppEnvs', mapOf(string), {
  'replica.enable_slow_query_log': 'true',
  'replica.slow_query_threshold': '20',
});

/** The document of `GET /meta/app_envs`: values by name. */
export type AppEnvsDocument = DocumentOf<typeof appEnvs>;

export const appsGeneralInfo = rowOf({
  app_id: decimal,
  status: literal(APP_STATUSES),
  app_name: string,
  app_type: string,
  partition_count: decimal,
  replica_count: decimal,
  is_stateful: flag,
  create_time: timeOrDash,
  drop_time: timeOrDash,
  drop_expire: timeOrDash,
  envs_count: decimal,
});
export const appsHealthyInfo = rowOf({
  app_id: decimal,
  app_name: string,
  partition_count: decimal,
  fully_healthy: decimal,
  unhealthy: decimal,
  write_unhealthy: decimal,
  read_unhealthy: decimal,
});
export const appsSummary = rowOf({
  total_app_count: decimal,
});
export const appsHealthySummary = rowOf({
  total_app_count: decimal,
  fully_healthy_app_count: decimal,
  unhealthy_app_count: decimal,
  write_unhealthy_app_count: decimal,
  read_unhealthy_app_count: decimal,
});
const { total_app_count, ...healthCounts } = appsHealthySummary.properties;

/** `GET /meta/apps`. Tables by app ID. */
export const apps = named(
  'Apps',
  object(
    { general_info: mapOf(appsGeneralInfo), summary: object({ total_app_count }, healthCounts) },
    { healthy_info: mapOf(appsHealthyInfo) },
  ),
  {
    general_info: {
      1: {
        app_id: '1',
        status: 'AVAILABLE',
        app_name: 'stat',
        app_type: 'pegasus',
        partition_count: '4',
        replica_count: '3',
        is_stateful: 'true',
        create_time: '2019-08-15 12:34:15.000',
        drop_time: '-',
        drop_expire: '-',
        envs_count: '0',
      },
    },
    summary: { total_app_count: '2' },
  },
);

/** The document of `GET /meta/apps`: tables by ID. `healthy_info` and the health in `summary` are there with `detail`. */
export type AppsDocument = DocumentOf<typeof apps>;
