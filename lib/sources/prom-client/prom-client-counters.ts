import { setImmediate } from 'node:timers/promises';
import type { Metric, Registry } from 'prom-client';
import type { PerfCounter } from '../../model/cluster.js';
import type { PerfCounterSource } from '../../model/source.js';
import * as check from '../../validate/checks.js';
import { readOptions } from '../../validate/options.js';
import { createCollector } from './collect.js';
import { defaultRegistry } from './default-registry.js';
import { histogramQuantile } from './histogram-quantile.js';
import { bucketsOf, STATS_BY_TYPE, seriesKey, summaryQuantile } from './metric.js';
import { findSeries, listSeries } from './series-index.js';
import { formatLabels, type ParsedPromSeries, parsePromCounterName, promCounterName } from './series-name.js';
import { createSeriesStates, type SeriesStates } from './series-state.js';

/** How many series are named before other work gets its turn: a few milliseconds. */
const NAMES_PER_SLICE = 2000;

/** Options of {@link promClientCounters}. */
export interface PromClientCountersOptions {
  /**
   * The recent window of a histogram, in milliseconds. Its percentiles cover the observations of at least this much time.
   *
   * @defaultValue 30,000
   */
  readonly windowMs?: number | undefined;
  /**
   * Returns milliseconds since the process started, for tests with a clock of their own. Called when a counter is read.
   *
   * @defaultValue `performance.now`
   */
  readonly now?: (() => number) | undefined;
}

/** The metrics of a prom-client registry as perf counters. */
export interface PromClientCounters extends PerfCounterSource {
  /** Returns the names of all counters that can be read now. */
  names(): Promise<string[]>;
}

/**
 * Exposes the metrics of a prom-client registry as perf counters. A metric may be registered before or after this call.
 *
 * | metric | perf counter | type | |
 * |---|---|---|---|
 * | counter | `prometheus*http_requests_total*rate@method=GET,status=200` | RATE | increase per second since the last read; at the first read, since the process started |
 * | counter, gauge | `prometheus*queue_length*value` | NUMBER | the value |
 * | histogram | `prometheus*http_request_duration_seconds*percentile@method=GET` | PERCENTILE | of recent observations, interpolated as Prometheus's `histogram_quantile` does |
 * | summary | `prometheus*job_seconds*percentile` | PERCENTILE | its own quantiles 0.99 and 0.999; `nan` for one that it was made without |
 *
 * {@link promCounterName} writes a name. It has all labels of the series, without the registry's default labels, which all series
 * share. Values are in the metric's own unit, mostly seconds.
 *
 * A read returns what `registry.metrics()` would print at that moment. To that end it first calls the `collect` functions of all
 * metrics, once for all reads of the same tick: prom-client lets one metric's `collect` set others. When a `collect` throws or
 * rejects, reads of that metric fail, and those of other metrics do not. A read waits at most one second for the `collect`
 * functions of other metrics.
 *
 * @param registry - Default: prom-client's own registry. An application that bundles prom-client must pass its registry, because
 *   the copy that is installed beside this package has another.
 * @throws TypeError when an argument is wrong; `Error` when no registry is given and `prom-client` is not installed.
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { createPegasusHandler } from 'pegasus-http';
 * import { promClientCounters } from 'pegasus-http/prom-client';
 * import { collectDefaultMetrics } from 'prom-client';
 *
 * collectDefaultMetrics();
 * createServer(createPegasusHandler({ perfCounters: promClientCounters() })).listen(34801, '127.0.0.1');
 * // curl 'http://127.0.0.1:34801/perfCounter?name=prometheus*process_resident_memory_bytes*value'
 * ```
 */
export function promClientCounters(
  registry: Pick<Registry, 'getSingleMetric' | 'getMetricsAsArray'> = defaultRegistry(),
  options: PromClientCountersOptions = {},
): PromClientCounters {
  const { windowMs, now } = readOptions('promClientCounters', options, ['windowMs', 'now'], (given) => {
    const { windowMs = 30_000, now = () => performance.now() } = given;
    if (typeof registry?.getSingleMetric !== 'function')
      check.fail('registry', "one of prom-client's", registry);
    return {
      windowMs: check.positiveNumber(windowMs, 'windowMs'),
      now: check.optionalFunction(now, 'now'),
    };
  });
  const collect = createCollector(registry);
  // The states are collected with their metric.
  const statesByMetric = new WeakMap<Metric, SeriesStates>();

  function statesOf(metric: Metric): SeriesStates {
    const states = statesByMetric.get(metric) ?? createSeriesStates(windowMs, now);
    statesByMetric.set(metric, states);
    return states;
  }

  async function readSeries(metric: Metric, parsed: ParsedPromSeries): Promise<PerfCounter | undefined> {
    const { stat, labels } = parsed;
    await collect(metric);
    const key = formatLabels(labels);
    const found = await findSeries(metric, labels, key);
    if (found === undefined || !STATS_BY_TYPE[found.type]?.includes(stat)) return undefined;
    const { type, help: description, values, exists } = found;
    const name = promCounterName(parsed);
    const value = values[0]?.value ?? Number.NaN;
    if (stat === 'value') return { name, type: 'NUMBER', value, description };
    if (type === 'summary') {
      const [p99, p999] = [summaryQuantile(0.99, values), summaryQuantile(0.999, values)];
      return { name, type: 'PERCENTILE', p99, p999, description };
    }
    const state = statesOf(metric).get(key, labels, exists);
    if (stat === 'rate') return { name, type: 'RATE', value: state.rate(value), description };
    const recent = state.recent(bucketsOf(values));
    const [p99, p999] = [histogramQuantile(0.99, recent), histogramQuantile(0.999, recent)];
    return { name, type: 'PERCENTILE', p99, p999, description };
  }

  return {
    read(name) {
      const parsed = parsePromCounterName(name);
      if (parsed === undefined) return undefined;
      const metric = registry.getSingleMetric(parsed.metric);
      // Some registries look a name up in an object, which has a `constructor`.
      return typeof metric?.get === 'function' ? readSeries(metric, parsed) : undefined;
    },
    async names() {
      await collect();
      const names: string[] = [];
      for (const { name } of registry.getMetricsAsArray()) {
        const metric = registry.getSingleMetric(name);
        if (metric === undefined) continue;
        const { type, series } = await listSeries(metric);
        for (const [i, labels] of series.entries()) {
          const key = seriesKey(type, labels);
          for (const stat of STATS_BY_TYPE[type] ?? [])
            names.push(`prometheus*${name}*${stat}${key === '' ? '' : `@${key}`}`);
          // A metric of 100,000 series must not block the event loop.
          if (i % NAMES_PER_SLICE === NAMES_PER_SLICE - 1) await setImmediate();
        }
      }
      return names;
    },
  };
}
