import { type ResponseBody, uncachedJson } from '../../http/body.js';
import type { PerfCounter } from '../../model/cluster.js';
import { PERF_COUNTER_TYPES } from '../../model/enums.js';
import { clientError, type PegasusError } from '../../model/errors.js';
import { fixed2, jsonText, oneOf } from '../../render/format.js';
import { rowWriter } from '../../render/json.js';
import { param } from '../../routing/params.js';
import { defineRoute } from '../../routing/route.js';
import * as wire from '../../wire/process.js';

/** `GET /perfCounter`. */
export const perfCounterRoute = defineRoute({
  path: '/perfCounter',
  group: 'perfCounter',
  access: 'read',
  summary: 'Returns one perf counter of this process; percent-encode its name.',
  params: { name: param.requiredString('perf_counter_name', "perf counter name shouldn't be empty") },
  rejectUnknownParams: true,
  readHasEffects: true,
  source: {
    part: 'perfCounters',
    method: 'read',
    key: ({ name }) => name,
    call: (perfCounters, { name }, context) => perfCounters.read(name, context),
  },
  response: { 'application/json': wire.perfCounter },
  render: (counter, { name }) => renderPerfCounter(counter, name),
});

const writeNumber = rowWriter(wire.numberCounter);
const writePercentile = rowWriter(wire.percentileCounter);

function renderPerfCounter(counter: PerfCounter | undefined, requested: string): ResponseBody | PegasusError {
  if (counter == null) return clientError('ERR_OBJECT_NOT_FOUND', `perf counter not found: "${requested}"`);
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
