import { validateSetUsageScenario } from '../../compiled/bodies.js';
import type { MetaOperations } from '../../model/operation-sources.js';
import { jsonRequestBody } from '../../routing/request-body.js';
import { defineRoute } from '../../routing/route.js';
import { type SetUsageScenario, setUsageScenario as schema } from '../../wire/bodies.js';
import * as wire from '../../wire/operations.js';
import { renderOperationResult } from './operation-result.js';

const body = jsonRequestBody(schema, validateSetUsageScenario);

/** `POST /meta/app/usage_scenario`. */
export const usageScenarioRoute = defineRoute({
  path: '/meta/app/usage_scenario',
  methods: ['POST'],
  group: 'meta',
  access: 'write',
  summary: 'Tunes RocksDB of a table for normal writes or for a bulk load.',
  params: {},
  body,
  source: {
    part: 'metaState',
    method: 'setUsageScenario',
    call(metaState, { body }, context) {
      const { app_name, scenario } = body as SetUsageScenario;
      return (metaState as Required<MetaOperations>).setUsageScenario(app_name, scenario, context);
    },
  },
  response: { 'application/json': wire.operationResult },
  render: renderOperationResult,
});
