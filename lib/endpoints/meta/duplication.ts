import { jsonBody, type ResponseBody } from '../../http/body.js';
import { DUPLICATION_FAIL_MODES, DUPLICATION_STATUSES } from '../../model/enums.js';
import { clientError, type PegasusError } from '../../model/errors.js';
import type { MetaOperations } from '../../model/operation-sources.js';
import type { AppDuplications, Duplication, DuplicationProgress } from '../../model/operations.js';
import { assertArray, count, decree, jsonText, localTime, oneOf } from '../../render/format.js';
import { sortedObjectOf } from '../../render/json.js';
import { defineRoute } from '../../routing/route.js';
import * as wire from '../../wire/operations.js';
import { appNameParam } from './app-availability.js';
import { featureDisabled } from './operation-errors.js';

/** `GET /meta/app/duplication`. */
export const duplicationRoute = defineRoute({
  path: '/meta/app/duplication',
  group: 'meta',
  access: 'read',
  summary: 'Returns the duplications of a table to other clusters.',
  params: { name: appNameParam },
  source: {
    part: 'metaState',
    method: 'duplications',
    key: ({ name }) => name,
    call: (metaState, { name }, context) =>
      (metaState as Required<MetaOperations>).duplications(name, context),
  },
  response: { 'application/json': wire.duplications },
  render: (found, { name }) => renderDuplications(found, name),
});

function renderDuplications(
  found: AppDuplications | 'disabled' | undefined,
  name: string,
): ResponseBody | PegasusError {
  if (found === 'disabled') return featureDisabled('duplication');
  if (found == null) return clientError('ERR_OBJECT_NOT_FOUND', `table not found: "${name}"`);
  const duplications = assertArray(found.duplications, 'duplications');
  // A real server prints null for a table without duplications.
  if (duplications.length === 0) return jsonBody('null\n');
  const entries = duplications.map(
    (duplication, i) => [String(i + 1), renderDuplication(duplication)] as const,
  );
  return jsonBody(`${sortedObjectOf([...entries, ['appid', count(found.appId, 'appId')]])}\n`);
}

function renderDuplication(duplication: Duplication): string {
  const { remoteAppName, remoteReplicaCount } = duplication;
  return sortedObjectOf([
    ['create_ts', `"${localTime(duplication.createSecond, 'createSecond')}"`],
    ['dupid', count(duplication.dupId, 'dupId')],
    ['fail_mode', `"${oneOf(duplication.failMode, DUPLICATION_FAIL_MODES, 'failMode')}"`],
    ...renderProgress(assertArray(duplication.progress, 'progress')),
    ['remote', `"${jsonText(duplication.remote, 'remote')}"`],
    ...(remoteAppName === undefined
      ? []
      : [['remote_app_name', `"${jsonText(remoteAppName, 'remoteAppName')}"`] as const]),
    ...(remoteReplicaCount === undefined
      ? []
      : [['remote_replica_count', count(remoteReplicaCount, 'remoteReplicaCount')] as const]),
    ['status', `"${oneOf(duplication.status, DUPLICATION_STATUSES, 'status')}"`],
  ]);
}

/** Pegasus to 2.4 prints the confirmed mutations as `progress`, 2.5 prints nothing, and 2.6 prints both as `partition_states`. */
function renderProgress(progress: readonly DuplicationProgress[]): (readonly [string, string])[] {
  if (progress.length === 0) return [];
  const hasCommitted = progress.some(({ lastCommittedDecree }) => lastCommittedDecree !== undefined);
  const entries = progress.map(({ pidx, confirmedDecree, lastCommittedDecree = -1 }) => {
    const confirmed = decree(confirmedDecree, 'confirmedDecree');
    const committed = decree(lastCommittedDecree, 'lastCommittedDecree');
    const state = `{"confirmed_decree":${confirmed},"last_committed_decree":${committed}}`;
    return [count(pidx, 'pidx'), hasCommitted ? state : confirmed] as const;
  });
  return [[hasCommitted ? 'partition_states' : 'progress', sortedObjectOf(entries)]];
}
