import { clientError } from '../../model/errors.js';
import type { MetaOperations } from '../../model/operation-sources.js';
import type { CompactionRequest } from '../../model/operations.js';
import { jsonRequestBody } from '../../routing/request-body.js';
import { defineRoute } from '../../routing/route.js';
import * as wire from '../../wire/operations.js';
import { renderOperationResult } from './operation-result.js';

interface StartCompaction {
  readonly app_name: string;
  readonly type: 'once' | 'periodic';
  readonly target_level: number;
  readonly bottommost_level_compaction: 'skip' | 'force';
  readonly max_concurrent_running_count?: number;
  readonly trigger_time?: string;
}

const MAX_INT32 = 2 ** 31 - 1;

/** Times of day of a periodic compaction, such as `3:00,21:00`. */
const TIMES_OF_DAY = /^(?:[01]?\d|2[0-3]):[0-5]\d(?:,(?:[01]?\d|2[0-3]):[0-5]\d)*$/;

const json = jsonRequestBody<StartCompaction>({
  type: 'object',
  properties: {
    app_name: { type: 'string', minLength: 1 },
    type: { type: 'string', enum: ['once', 'periodic'] },
    target_level: { type: 'integer', minimum: -1, maximum: MAX_INT32 },
    bottommost_level_compaction: { type: 'string', enum: ['skip', 'force'] },
    max_concurrent_running_count: { type: 'integer', minimum: 0, maximum: MAX_INT32, nullable: true },
    trigger_time: { type: 'string', nullable: true },
  },
  required: ['app_name', 'type', 'target_level', 'bottommost_level_compaction'],
  additionalProperties: false,
});

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
