import { BULK_LOAD_STATUSES, DUPLICATION_FAIL_MODES, DUPLICATION_STATUSES } from '../model/enums.js';
import { PegasusError } from '../model/errors.js';
import type { BackupPolicy, BulkLoadState, Duplication, OperationResult } from '../model/operations.js';
import type { ConfigUpdateDocument } from '../wire/config.js';
import type {
  BackupPoliciesDocument,
  BulkLoadResultDocument,
  BulkLoadStateDocument,
  DuplicationDocument,
  DuplicationsDocument,
  OperationResultDocument,
} from '../wire/operations.js';
import { type Answer, okJson } from './answer.js';
import { type Fields, readFields } from './fields.js';
import { readTime, type WallClock } from './local-time.js';

/** What servers say of a feature that is switched off. */
const DISABLED =
  /^(?:(?:duplication|cold backup|bulk load) is not enabled(?: \[\w+=false\])?|cold_backup_disabled)$/;

/** What a 404 means where a feature may be switched off. */
type Absence = 'disabled' | undefined;

/** Tells a feature that is switched off from a table that does not exist. Throws every other error. */
export function absence(answer: Answer): Absence {
  const error = answer.error();
  if (error.code === 'ERR_HANDLER_NOT_FOUND') throw error;
  if (answer.status === 404 && DISABLED.test(answer.reason())) return 'disabled';
  if (error.code === 'ERR_OBJECT_NOT_FOUND') return undefined;
  throw error;
}

/** The duplications of a table. The id of the table is missing if there are none. */
export interface ParsedDuplications {
  readonly appId: number | undefined;
  readonly duplications: readonly Duplication[];
}

/** Parses `/meta/app/duplication`. */
export function parseDuplications(answer: Answer): ParsedDuplications | Absence {
  if (answer.status !== 200) return absence(answer);
  const json = answer.json();
  if (json === null) return { appId: undefined, duplications: [] };
  const body = readFields<NonNullable<DuplicationsDocument>>(json);
  // The id of the table stands among the duplications, whose keys are numbers.
  const keys = body.keys().filter((key) => key !== 'appid');
  return {
    appId: body.integer('appid'),
    duplications: keys
      .map((key) => duplication(body.fields(key), answer.toUnix))
      .sort((a, b) => a.dupId - b.dupId),
  };
}

function duplication(row: Fields<DuplicationDocument>, toUnix: WallClock): Duplication {
  return {
    dupId: row.integer('dupid'),
    createSecond: readTime(row, 'create_ts', toUnix),
    remote: row.text('remote'),
    status: row.oneOf('status', DUPLICATION_STATUSES),
    failMode: row.oneOf('fail_mode', DUPLICATION_FAIL_MODES),
    ...(row.has('remote_app_name') && { remoteAppName: row.text('remote_app_name') }),
    ...(row.has('remote_replica_count') && { remoteReplicaCount: row.integer('remote_replica_count') }),
    progress: [...progress(row)].sort((a, b) => a.pidx - b.pidx),
  };
}

/** Reads `partition_states` of Pegasus 2.6, or `progress` of older versions. */
function progress(row: Fields<DuplicationDocument>): Duplication['progress'] {
  if (row.has('partition_states')) {
    return row
      .fields('partition_states')
      .rows()
      .map(([pidx, state]) => ({
        pidx: Number(pidx),
        confirmedDecree: state.integer('confirmed_decree'),
        ...(state.has('last_committed_decree') && {
          lastCommittedDecree: state.integer('last_committed_decree'),
        }),
      }));
  }
  if (!row.has('progress')) return [];
  const decrees = row.fields('progress');
  return decrees.keys().map((pidx) => ({ pidx: Number(pidx), confirmedDecree: decrees.integer(pidx) }));
}

/** Parses `/meta/backup_policy`. */
export function parseBackupPolicies(answer: Answer): readonly BackupPolicy[] | 'disabled' {
  if (answer.status !== 200) {
    if (absence(answer) === 'disabled') return 'disabled';
    throw answer.error();
  }
  return readFields<BackupPoliciesDocument>(answer.json())
    .rows()
    .map(([, row]) => ({
      name: row.text('name'),
      providerType: row.text('backup_provider_type'),
      intervalSeconds: row.integer('backup_interval'),
      appIds: row.list('app_ids').map(Number),
      startTime: row.text('start_time'),
      isEnabled: row.oneOf('status', ['enabled', 'disabled']) === 'enabled',
      historyCount: row.integer('backup_history_count'),
    }));
}

/** Parses `/meta/app/query_bulk_load`. */
export function parseBulkLoadState(answer: Answer): BulkLoadState | Absence {
  if (answer.status !== 200) return absence(answer);
  const row = readFields<BulkLoadStateDocument>(answer.json());
  const error = row.text('error');
  if (error === 'ERR_APP_NOT_EXIST') return undefined;
  const name = row.text('app_status').replace('replication::bulk_load_status::', '');
  const status = BULK_LOAD_STATUSES.find((known) => known === name);
  return { status: status ?? row.fail('app_status', 'a bulk load status'), error };
}

/** Parses the answer to `/meta/app/start_bulk_load`. */
export function parseStartedBulkLoad(answer: Answer): OperationResult | 'disabled' {
  if (answer.status !== 200 && absence(answer) === 'disabled') return 'disabled';
  return parseOperationResult(answer);
}

/** Parses the answer to an operation. A failure has the status 200 too. */
export function parseOperationResult(answer: Answer): OperationResult {
  const row = readFields<OperationResultDocument | BulkLoadResultDocument>(okJson(answer));
  return { error: row.text('error'), hint: row.text(row.has('hint_msg') ? 'hint_msg' : 'hint_message') };
}

/** Parses the answer to `/updateConfig`: `ERR_OK`, or a code and a sentence. */
export function parseUpdateStatus(answer: Answer): OperationResult {
  // Pegasus 2.2 to 2.4 refuses a wrong number of arguments with an empty 400.
  const status = readFields<ConfigUpdateDocument>(okJson(answer)).text('update_status');
  const [, error, hint = ''] = /^(ERR_[A-Z_]+)(?:: ?(.*))?$/s.exec(status) ?? [];
  if (error === undefined)
    throw new PegasusError('ERR_INVALID_DATA', 'update_status must begin with an error code');
  return { error, hint };
}
