import { writeNumberCounter, writePercentileCounter } from '../../compiled/rows.js';
import { type ResponseBody, uncachedJson } from '../../http/body.js';
import type { PerfCounter } from '../../model/cluster.js';
import { PERF_COUNTER_TYPES } from '../../model/enums.js';
import { clientError, type PegasusError } from '../../model/errors.js';
import { isPromiseLike, type MaybePromise } from '../../model/maybe-promise.js';
import type { PerfCounterSource } from '../../model/source.js';
import type { SourceContext } from '../../model/source-context.js';
import { fixed2, jsonText, oneOf } from '../../render/format.js';
import { param } from '../../routing/params.js';
import { defineRoute } from '../../routing/route.js';
import { suggestCounter } from '../../validate/suggest-counter.js';
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
    call: readCounter,
  },
  response: { 'application/json': wire.perfCounter },
  render: (counter, { name }) => renderPerfCounter(counter, name),
});

/** How long a 404 waits for the names of all counters. They are only for a suggestion. */
const MAX_NAMES_MS = 250;

/** The names of all counters, instead of a counter that does not exist. */
class MissingCounter {
  readonly names: readonly string[];

  constructor(names: readonly string[]) {
    this.names = names;
  }
}

function readCounter(
  source: PerfCounterSource,
  { name }: { readonly name: string },
  context: SourceContext,
): MaybePromise<PerfCounter | MissingCounter> {
  const counter = source.read(name, context);
  if (!isPromiseLike(counter)) return counter ?? findNames(source, context);
  return Promise.resolve(counter).then(async (settled) => settled ?? findNames(source, context));
}

/** A source that cannot list its counters soon still answers 404, without a suggestion. */
async function findNames(source: PerfCounterSource, context: SourceContext): Promise<MissingCounter> {
  try {
    const result = source.names?.(context);
    const names = isPromiseLike(result) ? await withinLimit(result) : result;
    return new MissingCounter(Array.isArray(names) ? names.filter((name) => typeof name === 'string') : []);
  } catch {
    return new MissingCounter([]);
  }
}

/** Returns `undefined` if the promise takes longer than `MAX_NAMES_MS`. */
function withinLimit<T>(pending: PromiseLike<T>): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, MAX_NAMES_MS, undefined);
    pending.then(resolve, reject).then(() => clearTimeout(timer));
  });
}

function renderPerfCounter(
  counter: PerfCounter | MissingCounter,
  requested: string,
): ResponseBody | PegasusError {
  if (counter instanceof MissingCounter) {
    const suggestion = suggestCounter(requested, counter.names);
    const advice = suggestion === undefined ? '' : `, ${suggestion}`;
    return clientError('ERR_OBJECT_NOT_FOUND', `perf counter not found: "${requested}"${advice}`);
  }
  const name = jsonText(counter.name, 'name');
  const description = jsonText(counter.description, 'description');
  const type = oneOf(counter.type, PERF_COUNTER_TYPES, 'type');
  if (counter.type === 'PERCENTILE') {
    const p99 = fixed2(counter.p99, 'p99');
    const p999 = fixed2(counter.p999, 'p999');
    return uncachedJson(writePercentileCounter({ name, p99, p999, type, description }));
  }
  return uncachedJson(writeNumberCounter({ name, value: fixed2(counter.value, 'value'), type, description }));
}
