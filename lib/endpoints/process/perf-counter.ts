import { type ResponseBody, uncachedJson } from '../../http/body.js';
import type { PerfCounter } from '../../model/cluster.js';
import { PERF_COUNTER_TYPES } from '../../model/enums.js';
import { clientError, type PegasusError } from '../../model/errors.js';
import { fixed2, jsonText, oneOf } from '../../render/format.js';
import { rowWriter } from '../../render/json.js';

const writeNumber = rowWriter('name', 'value', 'type', 'description');
const writePercentile = rowWriter('name', 'p99', 'p999', 'type', 'description');

/** `/perfCounter` */
export function perfCounterAnswer(
  counter: PerfCounter | undefined,
  asked: string,
): ResponseBody | PegasusError {
  if (counter == null) return clientError('ERR_OBJECT_NOT_FOUND', `perf counter not found: "${asked}"`);
  const name = jsonText(counter.name, 'name');
  const description = jsonText(counter.description, 'description');
  const type = oneOf(counter.type, PERF_COUNTER_TYPES, 'type');
  if (counter.type === 'PERCENTILE') {
    const p99 = fixed2(counter.p99, 'p99');
    const p999 = fixed2(counter.p999, 'p999');
    return uncachedJson(writePercentile({ name, p99, p999, type, description }));
  }
  return uncachedJson(writeNumber({ name, value: fixed2(counter.value, 'value'), type, description }));
}
