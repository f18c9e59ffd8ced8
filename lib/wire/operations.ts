import { boolean, integer, mapOf, named, nullable, object, row, type Schema, string } from './schema.js';

const partitionState = object({ confirmed_decree: integer, last_committed_decree: integer });
const duplication = object(
  { create_ts: string, dupid: integer, fail_mode: string, remote: string, status: string },
  {
    partition_states: mapOf(partitionState),
    progress: mapOf(integer),
    remote_app_name: string,
    remote_replica_count: integer,
  },
);

/** `GET /meta/app/duplication`. Duplications by the numbers from 1 on, with `appid` beside them; `null` for none. */
export const duplications = named(
  'Duplications',
  nullable({
    ...object({ appid: integer }),
    additionalProperties: duplication,
  } as Schema),
);

export const backupPolicy = row(
  'name',
  'backup_provider_type',
  'backup_interval',
  'app_ids',
  'start_time',
  'status',
  'backup_history_count',
);

/** `GET /meta/backup_policy`. Policies by name. */
export const backupPolicies = named('BackupPolicies', mapOf(backupPolicy));

/** `GET /meta/app/query_bulk_load`. */
export const bulkLoadState = named('BulkLoadState', row('error', 'app_status'), {
  error: 'ERR_OK',
  app_status: 'replication::bulk_load_status::BLS_DOWNLOADING',
});

/** `POST /meta/app/start_bulk_load`. */
export const bulkLoadResult = named('BulkLoadResult', row('error', 'hint_msg'), {
  error: 'ERR_OK',
  hint_msg: '',
});

/** `POST /meta/app/start_compaction` and `POST /meta/app/usage_scenario`. */
export const operationResult = named('OperationResult', row('error', 'hint_message'), {
  error: 'ERR_OK',
  hint_message: '',
});

/** The type, limits and an example of one environment variable. */
export const knownEnv = row('limitation', 'sample', 'type');

/** `GET /envs/list`. Descriptions of environment variables by name. */
export const knownEnvs = named('KnownEnvs', mapOf(knownEnv));

const replicaDuplication = object(
  {
    duplicating: boolean,
    fail_mode: string,
    not_confirmed_mutations_num: integer,
    not_duplicated_mutations_num: integer,
  },
  { remote_app_name: string },
);

/** `GET /replica/duplication`. Duplications by id, then by partition, such as `2.7`. */
export const replicaDuplications = named('ReplicaDuplications', mapOf(mapOf(replicaDuplication)));

export const dataVersion = row('data_version');

/** `GET /replica/data_version`. Replicas by partition index. */
export const dataVersions = named('DataVersions', mapOf(dataVersion), { 0: { data_version: '1' } });

/** `GET /replica/manual_compaction`. */
export const compactionProgress = named(
  'CompactionProgress',
  object({
    status: object({ finished: integer, idle: integer, queuing: integer, running: integer }),
  }),
  { status: { finished: 4, idle: 0, queuing: 0, running: 0 } },
);
