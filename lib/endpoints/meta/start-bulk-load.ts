import { type ResponseBody, uncachedJson } from '../../http/body.js';
import type { PegasusError } from '../../model/errors.js';
import type { MetaOperations } from '../../model/operation-sources.js';
import type { BulkLoadRequest, OperationResult } from '../../model/operations.js';
import { jsonText } from '../../render/format.js';
import { rowWriter } from '../../render/json.js';
import { jsonRequestBody } from '../../routing/request-body.js';
import { defineRoute } from '../../routing/route.js';
import * as wire from '../../wire/operations.js';
import { featureDisabled } from './operation-errors.js';

interface StartBulkLoad {
  readonly app_name: string;
  readonly cluster_name: string;
  readonly file_provider_type: string;
  readonly remote_root_path: string;
}

const body = jsonRequestBody<StartBulkLoad>({
  type: 'object',
  properties: {
    app_name: { type: 'string', minLength: 1 },
    cluster_name: { type: 'string', minLength: 1 },
    file_provider_type: { type: 'string', minLength: 1 },
    remote_root_path: { type: 'string', minLength: 1 },
  },
  required: ['app_name', 'cluster_name', 'file_provider_type', 'remote_root_path'],
  additionalProperties: false,
});

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

const writeResult = rowWriter(wire.bulkLoadResult);

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
  return uncachedJson(writeResult({ error: jsonText(error, 'error'), hint_msg: jsonText(hint, 'hint') }));
}
