import { writeBulkLoadState } from '../../compiled/rows.js';
import { jsonBody, type ResponseBody } from '../../http/body.js';
import { BULK_LOAD_STATUSES } from '../../model/enums.js';
import type { PegasusError } from '../../model/errors.js';
import type { MetaOperations } from '../../model/operation-sources.js';
import type { BulkLoadState } from '../../model/operations.js';
import { escapeJson, jsonText, oneOf } from '../../render/format.js';
import { defineRoute } from '../../routing/route.js';
import * as wire from '../../wire/operations.js';
import { appNameParam } from './app-availability.js';
import { featureDisabled } from './operation-errors.js';

/** `GET /meta/app/query_bulk_load`. */
export const queryBulkLoadRoute = defineRoute({
  path: '/meta/app/query_bulk_load',
  group: 'meta',
  access: 'read',
  summary: 'Returns the state of the bulk load of a table.',
  params: { name: appNameParam },
  source: {
    part: 'metaState',
    method: 'bulkLoadStatus',
    key: ({ name }) => name,
    call: (metaState, { name }, context) =>
      (metaState as Required<MetaOperations>).bulkLoadStatus(name, context),
  },
  response: { 'application/json': wire.bulkLoadState },
  render: renderState,
});

/** What a real server answers about a table that does not exist, with status 200. */
const NO_TABLE: BulkLoadState = { error: 'ERR_APP_NOT_EXIST', status: 'BLS_INVALID' };

function renderState(found: BulkLoadState | 'disabled' | undefined): ResponseBody | PegasusError {
  if (found === 'disabled') return featureDisabled('bulk load');
  const { error, status } = found ?? NO_TABLE;
  const row = writeBulkLoadState({
    error: jsonText(error, 'error'),
    app_status: escapeJson(`replication::bulk_load_status::${oneOf(status, BULK_LOAD_STATUSES, 'status')}`),
  });
  return jsonBody(`${row}\n`);
}
