import { DUPLICATION_FAIL_MODES } from '../model/enums.js';
import type { CompactionProgress, ReplicaDataVersion, ReplicaDuplication } from '../model/operations.js';
import type {
  CompactionProgressDocument,
  DataVersionsDocument,
  ReplicaDuplicationsDocument,
} from '../wire/operations.js';
import { type Answer, okJson } from './answer.js';
import { type Fields, readFields } from './fields.js';
import { absence } from './parse-operations.js';

/** Parses `/replica/duplication`. */
export function parseReplicaDuplications(
  answer: Answer,
): readonly ReplicaDuplication[] | 'disabled' | 'no primary' {
  if (answer.status !== 200) {
    if (absence(answer) === 'disabled') return 'disabled';
    return answer.text().includes('no primary') ? 'no primary' : [];
  }
  const duplications = readFields<ReplicaDuplicationsDocument>(answer.json());
  return duplications
    .rows()
    .flatMap(([dupId, partitions]) =>
      partitions.rows().map(([gpid, row]) => replicaDuplication(Number(dupId), gpid, row)),
    );
}

function replicaDuplication(
  dupId: number,
  gpid: string,
  row: Fields<ReplicaDuplicationsDocument[string][string]>,
): ReplicaDuplication {
  const [appId = Number.NaN, pidx = Number.NaN] = gpid.split('.').map(Number);
  return {
    dupId,
    appId,
    pidx,
    isDuplicating: row.boolean('duplicating'),
    failMode: row.oneOf('fail_mode', DUPLICATION_FAIL_MODES),
    notConfirmedMutations: row.integer('not_confirmed_mutations_num'),
    notDuplicatedMutations: row.integer('not_duplicated_mutations_num'),
    ...(row.has('remote_app_name') && { remoteAppName: row.text('remote_app_name') }),
  };
}

/** Parses `/replica/data_version`. */
export function parseDataVersions(answer: Answer): readonly ReplicaDataVersion[] {
  if (answer.status !== 200) {
    absence(answer);
    return [];
  }
  return readFields<DataVersionsDocument>(answer.json())
    .rows()
    .map(([pidx, row]) => ({ pidx: Number(pidx), dataVersion: row.integer('data_version') }))
    .sort((a, b) => a.pidx - b.pidx);
}

/** Parses `/replica/manual_compaction`. */
export function parseCompactionProgress(answer: Answer): CompactionProgress {
  const row = readFields<CompactionProgressDocument>(okJson(answer)).fields('status');
  return {
    idle: row.integer('idle'),
    queuing: row.integer('queuing'),
    running: row.integer('running'),
    finished: row.integer('finished'),
  };
}
