import { validateStartBulkLoad } from '../../compiled/bodies.js';
import { writeBulkLoadResult } from '../../compiled/rows.js';
import { type ResponseBody, uncachedJson } from '../../http/body.js';
import type { PegasusError } from '../../model/errors.js';
import type { MetaOperations } from '../../model/operation-sources.js';
import type { BulkLoadRequest, OperationResult } from '../../model/operations.js';
import { jsonText } from '../../render/format.js';
import { jsonRequestBody } from '../../routing/request-body.js';
import { defineRoute } from '../../routing/route.js';
import { type StartBulkLoad, startBulkLoad as schema } from '../../wire/bodies.js';
import * as wire from '../../wire/operations.js';
import { featureDisabled } from './operation-errors.js';

const body = jsonRequestBody(schema, validateStartBulkLoad);

/** `POST /meta/app/start_bulk_load`. */
export const startBulkLoadRoute = defineRoute({
  path: '/meta/app/start_bulk_load',
  methods: ['POST'],
  group: 'meta',
  access: 'write',
  summary: 'Starts to load files into a table.',
  params: {},
  body,
  source: {
    part: 'metaState',
    method: 'startBulkLoad',
    call: (metaState, { body }, context) =>
      (metaState as Required<MetaOperations>).startBulkLoad(toRequest(body as StartBulkLoad), context),
  },
  response: { 'application/json': wire.bulkLoadResult },
  render: renderResult,
});

function toRequest(given: StartBulkLoad): BulkLoadRequest {
  return {
    appName: given.app_name,
    clusterName: given.cluster_name,
    fileProviderType: given.file_provider_type,
    remoteRootPath: given.remote_root_path,
  };
}

function renderResult(result: OperationResult | 'disabled'): ResponseBody | PegasusError {
  if (result === 'disabled') return featureDisabled('bulk load');
  const { error, hint } = result;
  return uncachedJson(
    writeBulkLoadResult({ error: jsonText(error, 'error'), hint_msg: jsonText(hint, 'hint') }),
  );
}
