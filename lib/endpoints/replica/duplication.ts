import { jsonBody, type ResponseBody } from '../../http/body.js';
import { DUPLICATION_FAIL_MODES } from '../../model/enums.js';
import { clientError, type PegasusError } from '../../model/errors.js';
import type { ReplicaSource } from '../../model/operation-sources.js';
import type { ReplicaDuplication } from '../../model/operations.js';
import { assertArray, boolean, count, jsonText, oneOf } from '../../render/format.js';
import { sortedObjectOf } from '../../render/json.js';
import { defineRoute } from '../../routing/route.js';
import * as wire from '../../wire/operations.js';
import { featureDisabled } from '../meta/operation-errors.js';
import { appIdParam } from './app-id.js';

/** `GET /replica/duplication`. Its parameter is `appid`, where that of the other endpoints is `app_id`. */
export const replicaDuplicationRoute = defineRoute({
  path: '/replica/duplication',
  group: 'replica',
  access: 'read',
  summary: 'Returns the duplications of the primary replicas of a table on this server.',
  params: { appid: appIdParam },
  source: {
    part: 'replicas',
    method: 'duplications',
    key: ({ appid }) => String(appid),
    call: (replicas, { appid }, context) =>
      (replicas as Required<ReplicaSource>).duplications(appid, context),
  },
  response: { 'application/json': wire.replicaDuplications },
  render: (found, { appid }) => renderDuplications(found, appid),
});

function renderDuplications(
  found: readonly ReplicaDuplication[] | 'disabled' | 'no primary',
  appId: number,
): ResponseBody | PegasusError {
  if (found === 'disabled') return featureDisabled('duplication');
  if (found === 'no primary') return notFound(`no primary for app [appid=${appId}]`);
  const duplications = assertArray(found, 'duplications');
  if (duplications.length === 0) return notFound(`no duplication assigned for app [appid=${appId}]`);
  const byId = new Map<string, (readonly [replicaId: string, json: string])[]>();
  for (const duplication of duplications) {
    const dupId = count(duplication.dupId, 'dupId');
    const partitions = byId.get(dupId) ?? [];
    byId.set(dupId, partitions);
    partitions.push([replicaId(duplication), renderPartition(duplication)]);
  }
  const entries = [...byId].map(([dupId, partitions]) => [dupId, sortedObjectOf(partitions)] as const);
  return jsonBody(`${sortedObjectOf(entries)}\n`);
}

function replicaId({ appId, pidx }: ReplicaDuplication): string {
  return `${count(appId, 'appId')}.${count(pidx, 'pidx')}`;
}

function renderPartition(partition: ReplicaDuplication): string {
  const { remoteAppName } = partition;
  return sortedObjectOf([
    ['duplicating', boolean(partition.isDuplicating, 'isDuplicating')],
    ['fail_mode', `"${oneOf(partition.failMode, DUPLICATION_FAIL_MODES, 'failMode')}"`],
    ['not_confirmed_mutations_num', count(partition.notConfirmedMutations, 'notConfirmedMutations')],
    ['not_duplicated_mutations_num', count(partition.notDuplicatedMutations, 'notDuplicatedMutations')],
    ...(remoteAppName === undefined
      ? []
      : [['remote_app_name', `"${jsonText(remoteAppName, 'remoteAppName')}"`] as const]),
  ]);
}

function notFound(message: string): PegasusError {
  return clientError('ERR_OBJECT_NOT_FOUND', message);
}
