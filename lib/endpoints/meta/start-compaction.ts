import { validateStartCompaction } from '../../compiled/bodies.js';
import { clientError } from '../../model/errors.js';
import type { MetaOperations } from '../../model/operation-sources.js';
import type { CompactionRequest } from '../../model/operations.js';
import { jsonRequestBody } from '../../routing/request-body.js';
import { defineRoute } from '../../routing/route.js';
import { type StartCompaction, startCompaction as schema } from '../../wire/bodies.js';
import * as wire from '../../wire/operations.js';
import { renderOperationResult } from './operation-result.js';

/** Times of day of a periodic compaction, such as `3:00,21:00`. */
const TIMES_OF_DAY = /^(?:[01]?\d|2[0-3]):[0-5]\d(?:,(?:[01]?\d|2[0-3]):[0-5]\d)*$/;

const json = jsonRequestBody(schema, validateStartCompaction);

const body: typeof json = {
  ...json,
  parse(text) {
    const given = json.parse(text);
    if (given.type === 'once' || TIMES_OF_DAY.test(given.trigger_time ?? '')) return given;
    const message = '"trigger_time" must be times of day such as "3:00,21:00" when "type" is periodic';
    throw clientError('ERR_INVALID_PARAMETERS', message);
  },
};

/** `POST /meta/app/start_compaction`. */
export const startCompactionRoute = defineRoute({
  path: '/meta/app/start_compaction',
  methods: ['POST'],
  group: 'meta',
  access: 'write',
  summary: 'Compacts a table now, or every day at given times.',
  params: {},
  body,
  source: {
    part: 'metaState',
    method: 'startCompaction',
    call: (metaState, { body }, context) =>
      (metaState as Required<MetaOperations>).startCompaction(toRequest(body as StartCompaction), context),
  },
  response: { 'application/json': wire.operationResult },
  render: renderOperationResult,
});

function toRequest(given: StartCompaction): CompactionRequest {
  return {
    appName: given.app_name,
    type: given.type,
    // A real server ignores the field for a compaction that starts now.
    triggerTime: given.type === 'periodic' ? given.trigger_time : undefined,
    targetLevel: given.target_level,
    bottommostLevelCompaction: given.bottommost_level_compaction,
    maxConcurrentRunningCount: given.max_concurrent_running_count ?? 0,
  };
}
