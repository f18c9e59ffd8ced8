import { USAGE_SCENARIOS, type UsageScenario } from '../../model/enums.js';
import type { MetaOperations } from '../../model/operation-sources.js';
import { jsonRequestBody } from '../../routing/request-body.js';
import { defineRoute } from '../../routing/route.js';
import * as wire from '../../wire/operations.js';
import { renderOperationResult } from './operation-result.js';

interface SetUsageScenario {
  readonly app_name: string;
  readonly scenario: UsageScenario;
}

const body = jsonRequestBody<SetUsageScenario>({
  type: 'object',
  properties: {
    app_name: { type: 'string', minLength: 1 },
    scenario: { type: 'string', enum: USAGE_SCENARIOS },
  },
  required: ['app_name', 'scenario'],
  additionalProperties: false,
});

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
