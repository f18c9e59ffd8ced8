import type { KnownEnvsDocument } from '../wire/operations.js';
import { type Answer, okJson } from './answer.js';
import { readFields } from './fields.js';
import type { TableEnv } from './types.js';

/** Parses `/envs/list`. */
export function parseTableEnvs(answer: Answer): readonly TableEnv[] {
  return readFields<KnownEnvsDocument>(okJson(answer))
    .rows()
    .map(([name, row]) => ({
      name,
      type: row.text('type'),
      limitation: row.text('limitation'),
      sample: row.text('sample'),
    }));
}
