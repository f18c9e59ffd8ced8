import { writeDataVersion } from '../../compiled/rows.js';
import { jsonBody, type ResponseBody } from '../../http/body.js';
import { clientError, type PegasusError } from '../../model/errors.js';
import type { ReplicaSource } from '../../model/operation-sources.js';
import type { ReplicaDataVersion } from '../../model/operations.js';
import { assertArray, count } from '../../render/format.js';
import { sortedObjectOf } from '../../render/json.js';
import { defineRoute } from '../../routing/route.js';
import * as wire from '../../wire/operations.js';
import { appIdParam } from './app-id.js';

/** `GET /replica/data_version`. */
export const dataVersionRoute = defineRoute({
  path: '/replica/data_version',
  group: 'replica',
  access: 'read',
  summary: 'Returns the data version of each replica of a table on this server.',
  params: { app_id: appIdParam },
  source: {
    part: 'replicas',
    method: 'dataVersions',
    key: ({ app_id }) => String(app_id),
    call: (replicas, { app_id }, context) =>
      (replicas as Required<ReplicaSource>).dataVersions(app_id, context),
  },
  response: { 'application/json': wire.dataVersions },
  render: (found, { app_id }) => renderVersions(found, app_id),
});

function renderVersions(found: readonly ReplicaDataVersion[], appId: number): ResponseBody | PegasusError {
  const versions = assertArray(found, 'dataVersions');
  if (versions.length === 0) return clientError('ERR_OBJECT_NOT_FOUND', `app_id=${appId} not found`);
  const entries = versions.map(({ pidx, dataVersion }) => {
    const row = writeDataVersion({ data_version: count(dataVersion, 'dataVersion') });
    return [count(pidx, 'pidx'), row] as const;
  });
  return jsonBody(`${sortedObjectOf(entries)}\n`);
}
