import { type Body, momentaryBody } from '../body.js';
import type { PerfCounter } from '../contracts.js';
import { type PegasusError, refusal } from '../errors.js';
import { decimal, literal, text } from '../text/format.js';
import { rowWriter } from '../text/json.js';
import { PERF_COUNTER_TYPES } from '../vocabulary.js';

const writeNumber = rowWriter('name', 'value', 'type', 'description');
const writePercentile = rowWriter('name', 'p99', 'p999', 'type', 'description');

/** `/perfCounter` */
export function perfCounterAnswer(counter: PerfCounter | undefined, asked: string): Body | PegasusError {
  if (counter == null) return refusal('ERR_OBJECT_NOT_FOUND', `perf counter not found: "${asked}"`);
  const name = text(counter.name, 'name');
  const description = text(counter.description, 'description');
  const type = literal(counter.type, PERF_COUNTER_TYPES, 'type');
  if (counter.type === 'PERCENTILE') {
    const p99 = decimal(counter.p99, 'p99');
    const p999 = decimal(counter.p999, 'p999');
    return momentaryBody(writePercentile({ name, p99, p999, type, description }));
  }
  return momentaryBody(writeNumber({ name, value: decimal(counter.value, 'value'), type, description }));
}
