import type { PerfCounter } from '../../model/cluster.js';
import { invalidParameters } from '../../model/errors.js';
import * as check from '../../validate/checks.js';
import { describeValue } from '../../validate/describe-value.js';
import { readOptions } from '../../validate/options.js';
import { createEntries } from './entries.js';
import { createNumber, type NumberCounter } from './number.js';
import { createPercentile, PERCENTILE_OPTIONS } from './percentile.js';
import type { PercentileCounter, PercentileOptions, Percentiles } from './percentile-types.js';
import { increaseOf, type RateCounter, ratePerSecond } from './rate.js';
import type { CollectOptions, PerfCounterRegistry, PerfCounterRegistryOptions } from './registry-types.js';

/**
 * Creates an empty {@link PerfCounterRegistry}.
 *
 * @throws TypeError when an option is wrong.
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { createPegasusHandler, perfCounterRegistry } from 'pegasus-http';
 *
 * const perfCounters = perfCounterRegistry();
 * const gets = perfCounters.rate('replica*app.pegasus*get_qps@1.0', 'statistic the qps of GET request');
 * const latency = perfCounters.percentile(
 *   'replica*app.pegasus*get_latency(ms)@1.0',
 *   'statistic the latency of GET request',
 *   { resolution: 0.001 },
 * );
 * const store = new Map<string, string>();
 * perfCounters.number('replica*store*key.count', 'number of keys', { collect: () => store.size });
 *
 * export function get(key: string): string | undefined {
 *   const startMs = performance.now();
 *   const value = store.get(key);
 *   gets.inc();
 *   latency.observe(performance.now() - startMs);
 *   return value;
 * }
 *
 * createServer(createPegasusHandler({ perfCounters })).listen(34801, '127.0.0.1');
 * // curl 'http://127.0.0.1:34801/perfCounter?name=replica*app.pegasus*get_qps@1.0'
 * ```
 */
export function perfCounterRegistry(options: PerfCounterRegistryOptions = {}): PerfCounterRegistry {
  const known = ['now', 'maxCounters', 'maxPercentileBytes'];
  const { now, ...limits } = readOptions('perfCounterRegistry', options, known, (given) => {
    const { now = () => performance.now(), maxCounters = 100_000, maxPercentileBytes = 2 ** 28 } = given;
    return {
      now: check.optionalFunction(now, 'now'),
      maxCounters: check.integer(maxCounters, 'maxCounters', 1),
      maxPercentileBytes: check.integer(maxPercentileBytes, 'maxPercentileBytes', 1),
    };
  });
  const entries = createEntries(limits);

  function number(
    name: string,
    description: string,
    given?: CollectOptions<number>,
  ): NumberCounter | undefined {
    const toRead = (value: () => number) => (): PerfCounter => ({
      name,
      type: 'NUMBER',
      value: value(),
      description,
    });
    const collect = collectOf<number>(name, given);
    if (collect === undefined) {
      return entries.registerCounter(name, 'NUMBER', description, () => {
        const { counter, read } = createNumber();
        return { counter, read: toRead(read) };
      });
    }
    entries.registerCallback(name, 'NUMBER', description, () => toRead(collect));
    return undefined;
  }

  function volatileNumber(name: string, description: string): NumberCounter {
    return entries.registerCounter(name, 'VOLATILE_NUMBER', description, () => {
      const { counter, readAndReset } = createNumber();
      return {
        counter,
        read: () => ({ name, type: 'VOLATILE_NUMBER', value: readAndReset(), description }),
      };
    });
  }

  function rate(name: string, description: string, given?: CollectOptions<number>): RateCounter | undefined {
    const toRead = (increase: () => number) => {
      const perSecond = ratePerSecond(increase, now);
      return (): PerfCounter => ({ name, type: 'RATE', value: perSecond(), description });
    };
    const collect = collectOf<number>(name, given);
    if (collect === undefined) {
      return entries.registerCounter(name, 'RATE', description, () => {
        const { counter, readAndReset } = createNumber();
        return { counter: { inc: counter.inc }, read: toRead(readAndReset) };
      });
    }
    entries.registerCallback(name, 'RATE', description, () => toRead(increaseOf(collect)));
    return undefined;
  }

  function percentile(
    name: string,
    description: string,
    given?: CollectOptions<Percentiles> | PercentileOptions,
  ): PercentileCounter | undefined {
    const toRead = (percentiles: () => Percentiles) => (): PerfCounter => {
      const { p50, p90, p95, p99, p999 } = percentiles();
      return { name, type: 'PERCENTILE', p50, p90, p95, p99, p999, description };
    };
    const collect = collectOf<Percentiles>(name, given, PERCENTILE_OPTIONS);
    if (collect === undefined) {
      return entries.registerCounter(name, 'PERCENTILE', description, () => {
        const { counter, bytes, read } = createPercentile(name, given as PercentileOptions, now);
        return { counter, bytes, read: toRead(read) };
      });
    }
    entries.registerCallback(name, 'PERCENTILE', description, () => toRead(collect));
    return undefined;
  }

  return {
    ...entries,
    number: number as PerfCounterRegistry['number'],
    volatileNumber,
    rate: rate as PerfCounterRegistry['rate'],
    percentile: percentile as PerfCounterRegistry['percentile'],
  };
}

/**
 * Returns the `collect` of a registration's options; `undefined` when they have none.
 *
 * @param others - The options that may stand in its place.
 * @throws TypeError when an option is unknown, or `collect` is not a function or not alone.
 */
function collectOf<Value>(
  name: string,
  given: unknown,
  others: readonly string[] = [],
): (() => Value) | undefined {
  if (given === undefined) return undefined;
  const counter = `perf counter ${describeValue(name)}`;
  if (typeof given === 'function')
    throw new TypeError(`${counter}: pass { collect: function }, not the function itself`);
  const options = given as Readonly<Record<string, unknown>>;
  return readOptions(counter, options, ['collect', ...others], () => {
    if (!('collect' in options)) return undefined;
    const { collect } = options;
    if (typeof collect !== 'function') check.fail('collect', 'a function', collect);
    const other = others.find((option) => options[option] !== undefined);
    if (other !== undefined) throw invalidParameters(`collect and ${other} exclude each other`);
    return collect as () => Value;
  });
}
