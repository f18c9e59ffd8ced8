import {
  boolean,
  type DocumentOf,
  integer,
  mapOf,
  named,
  nullable,
  object,
  row,
  type Schema,
  string,
} from './schema.js';

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

/** One duplication of `GET /meta/app/duplication`. */
export type DuplicationDocument = DocumentOf<typeof duplication>;

/** Duplications by the numbers from 1 on, with the id of their table beside them. */
interface NumberedDuplications {
  readonly appid: number;
  readonly [number: string]: DuplicationDocument | number;
}

/** `GET /meta/app/duplication`. Duplications by the numbers from 1 on, with `appid` beside them; `null` for none. */
export const duplications = named(
  'Duplications',
  nullable({
    ...object({ appid: integer }),
    additionalProperties: duplication,
  } as Schema<NumberedDuplications>),
);

/** `GET /meta/app/duplication`: the duplications by the numbers from 1 on, with `appid` beside them; `null` for none. */
export type DuplicationsDocument = DocumentOf<typeof duplications>;

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

/** `GET /meta/backup_policy`: the policies by name. */
export type BackupPoliciesDocument = DocumentOf<typeof backupPolicies>;

/** `GET /meta/app/query_bulk_load`. */
export const bulkLoadState = named('BulkLoadState', row('error', 'app_status'), {
  error: 'ERR_OK',
  app_status: 'replication::bulk_load_status::BLS_DOWNLOADING',
});

/** `GET /meta/app/query_bulk_load`. */
export type BulkLoadStateDocument = DocumentOf<typeof bulkLoadState>;

/** `POST /meta/app/start_bulk_load`. */
export const bulkLoadResult = named('BulkLoadResult', row('error', 'hint_msg'), {
  error: 'ERR_OK',
  hint_msg: '',
});

/** `POST /meta/app/start_bulk_load`. */
export type BulkLoadResultDocument = DocumentOf<typeof bulkLoadResult>;

/** `POST /meta/app/start_compaction` and `POST /meta/app/usage_scenario`. */
export const operationResult = named('OperationResult', row('error', 'hint_message'), {
  error: 'ERR_OK',
  hint_message: '',
});

/** `POST /meta/app/start_compaction` and `POST /meta/app/usage_scenario`. */
export type OperationResultDocument = DocumentOf<typeof operationResult>;

/** The type, limits and an example of one environment variable. */
export const knownEnv = row('limitation', 'sample', 'type');

/** `GET /envs/list`. Descriptions of environment variables by name. */
export const knownEnvs = named('KnownEnvs', mapOf(knownEnv));

/** `GET /envs/list`: descriptions of environment variables by name. */
export type KnownEnvsDocument = DocumentOf<typeof knownEnvs>;

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

/** `GET /replica/duplication`: the duplications by id, then by partition, such as `2.7`. */
export type ReplicaDuplicationsDocument = DocumentOf<typeof replicaDuplications>;

export const dataVersion = row('data_version');

/** `GET /replica/data_version`. Replicas by partition index. */
export const dataVersions = named('DataVersions', mapOf(dataVersion), { 0: { data_version: '1' } });

/** `GET /replica/data_version`: the data versions by partition index. */
export type DataVersionsDocument = DocumentOf<typeof dataVersions>;

/** `GET /replica/manual_compaction`. */
export const compactionProgress = named(
  'CompactionProgress',
  object({
    status: object({ finished: integer, idle: integer, queuing: integer, running: integer }),
  }),
  { status: { finished: 4, idle: 0, queuing: 0, running: 0 } },
);

/** `GET /replica/manual_compaction`: replicas by the state of their compaction. */
export type CompactionProgressDocument = DocumentOf<typeof compactionProgress>;
