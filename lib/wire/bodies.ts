/**
 * Describes the JSON bodies of requests. The build compiles each into a validator of `compiled/bodies.ts`.
 *
 * @module
 */
import type { JSONSchemaType } from 'ajv';
import { USAGE_SCENARIOS, type UsageScenario } from '../model/enums.js';

const MAX_INT32 = 2 ** 31 - 1;

/** The body of `POST /meta/app/start_bulk_load`. */
export interface StartBulkLoad {
  readonly app_name: string;
  readonly cluster_name: string;
  readonly file_provider_type: string;
  readonly remote_root_path: string;
}

export const startBulkLoad = {
  type: 'object',
  properties: {
    app_name: { type: 'string', minLength: 1 },
    cluster_name: { type: 'string', minLength: 1 },
    file_provider_type: { type: 'string', minLength: 1 },
    remote_root_path: { type: 'string', minLength: 1 },
  },
  required: ['app_name', 'cluster_name', 'file_provider_type', 'remote_root_path'],
  additionalProperties: false,
} as const satisfies JSONSchemaType<StartBulkLoad>;

/** The body of `POST /meta/app/start_compaction`. */
export interface StartCompaction {
  readonly app_name: string;
  readonly type: 'once' | 'periodic';
  readonly target_level: number;
  readonly bottommost_level_compaction: 'skip' | 'force';
  readonly max_concurrent_running_count?: number;
  readonly trigger_time?: string;
}

export const startCompaction = {
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
} as const satisfies JSONSchemaType<StartCompaction>;

/** The body of `POST /meta/app/usage_scenario`. */
export interface SetUsageScenario {
  readonly app_name: string;
  readonly scenario: UsageScenario;
}

export const setUsageScenario = {
  type: 'object',
  properties: {
    app_name: { type: 'string', minLength: 1 },
    scenario: { type: 'string', enum: USAGE_SCENARIOS },
  },
  required: ['app_name', 'scenario'],
  additionalProperties: false,
} as const satisfies JSONSchemaType<SetUsageScenario>;
