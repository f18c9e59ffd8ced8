import type { Metric, Registry } from 'prom-client';
import type { PerfCounter } from '../../model/cluster.js';
import type { PerfCounterSource } from '../../model/source.js';
import { describeValue } from '../../validate/describe-value.js';
import { checkOptionKeys } from '../../validate/unknown-key.js';
import { loadPeer } from '../optional-peer.js';
import {
  bucketsOf,
  histogramQuantiles,
  READINGS,
  seriesText,
  summaryQuantiles,
  type Values,
  valuesOf,
} from './metric.js';
import { labelText, type ParsedPromSeries, parsePromCounterName, promCounterName } from './series-name.js';
import { forgetGone, type Memory, newMemory } from './series-state.js';

/** Options of {@link promClientCounters}. */
export interface PromClientCountersOptions {
  /**
   * The recent window of a histogram, in milliseconds: its percentiles are of what it observed in at least so much time.
   *
   * @defaultValue 30,000
   */
  readonly windowMs?: number | undefined;
  /**
   * The clock, in milliseconds since the process started, for tests that want one of their own. Called whenever a counter is
   * read.
   *
   * @defaultValue `performance.now`
   */
  readonly now?: (() => number) | undefined;
}

/** The metrics of a prom-client registry as perf counters. */
export interface PromClientCounters extends PerfCounterSource {
  /** The names of all that can be read now. */
  names(): Promise<string[]>;
}

/**
 * The metrics of a prom-client registry as perf counters: what a service measures already needs no second counter. A metric
 * may be registered before or after.
 *
 * | metric | perf counter | type | |
 * |---|---|---|---|
 * | counter | `prometheus*http_requests_total*rate@method=GET,status=200` | RATE | increase per second since the last read; the first time, since the process started |
 * | counter, gauge | `prometheus*queue_length*value` | NUMBER | as it is |
 * | histogram | `prometheus*http_request_duration_seconds*percentile@method=GET` | PERCENTILE | of what was observed lately, interpolated as Prometheus's `histogram_quantile` does |
 * | summary | `prometheus*job_seconds*percentile` | PERCENTILE | its own quantiles 0.99 and 0.999; `nan` for one that it was not made with |
 *
 * {@link promCounterName} says how a name is written. The labels must be all that the series has, but for the default labels
 * of the registry, which all share. Values are in the metric's own unit: seconds, mostly.
 *
 * @param registry - Default: prom-client's own, which metrics are registered in unless they say otherwise. A host that bundles
 *   prom-client into its own code must pass its registry, for the one that is found beside this package is another.
 * @throws TypeError when an argument is not what it must be; `Error` when no registry is given and the package `prom-client` is not installed.
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { createPegasusHandler } from 'pegasus-http';
 * import { promClientCounters } from 'pegasus-http/prom-client';
 * import { collectDefaultMetrics } from 'prom-client';
 *
 * collectDefaultMetrics();
 * createServer(createPegasusHandler({ perfCounters: promClientCounters() })).listen(34801);
 * // curl 'http://127.0.0.1:34801/perfCounter?name=prometheus*process_resident_memory_bytes*value'
 * ```
 */
export function promClientCounters(
  registry: Pick<Registry, 'getSingleMetric' | 'getMetricsAsArray'> = defaultRegistry(),
  options: PromClientCountersOptions = {},
): PromClientCounters {
  checkOptionKeys(options, ['windowMs', 'now'], 'promClientCounters');
  const { windowMs = 30_000, now = () => performance.now() } = options;
  if (typeof registry?.getSingleMetric !== 'function') {
    throw new TypeError(
      `promClientCounters: registry must be one of prom-client's, not ${describeValue(registry)}`,
    );
  }
  if (typeof windowMs !== 'number' || !(windowMs > 0)) {
    throw new TypeError(
      `promClientCounters: windowMs must be a positive number, not ${describeValue(windowMs)}`,
    );
  }
  if (typeof now !== 'function')
    throw new TypeError(`promClientCounters: now must be a function, not ${describeValue(now)}`);
  // What is remembered goes with its metric.
  const memories = new WeakMap<Metric, Map<string, Memory>>();

  function memoryOf(metric: Metric, series: string, values: Values): Memory {
    const all = memories.get(metric) ?? new Map<string, Memory>();
    memories.set(metric, all);
    let memory = all.get(series);
    if (memory === undefined) {
      forgetGone(all, values);
      memory = newMemory(windowMs, now);
      all.set(series, memory);
    }
    return memory;
  }

  async function readSeries(metric: Metric, series: ParsedPromSeries): Promise<PerfCounter | undefined> {
    const all = await valuesOf(metric);
    if (!READINGS[all.type].includes(series.reading)) return undefined;
    const text = labelText(series.labels);
    const values = all.values.filter(({ labels }) => seriesText(all.type, labels) === text);
    const [first] = values;
    if (first === undefined) return undefined;
    const name = promCounterName(series);
    const description = all.help;
    const memory = memoryOf(metric, text, all);
    if (series.reading === 'value') return { name, type: 'NUMBER', value: first.value, description };
    if (series.reading === 'rate') {
      return { name, type: 'RATE', value: memory.rate(first.value), description };
    }
    const quantile =
      all.type === 'summary'
        ? summaryQuantiles(values)
        : histogramQuantiles(memory.recent(bucketsOf(values)));
    return { name, type: 'PERCENTILE', p99: quantile(0.99), p999: quantile(0.999), description };
  }

  return {
    read(name) {
      const series = parsePromCounterName(name);
      if (series === undefined) return undefined;
      const metric = registry.getSingleMetric(series.metric);
      // Some registries look names up in an object, which has a `constructor`.
      return typeof metric?.get === 'function' ? readSeries(metric, series) : undefined;
    },
    async names() {
      const names = new Set<string>();
      for (const { name: metric } of registry.getMetricsAsArray()) {
        const { type, values } = await valuesOf(registry.getSingleMetric(metric) as Metric);
        for (const reading of READINGS[type]) {
          for (const { labels } of values) {
            const text = seriesText(type, labels);
            names.add(`prometheus*${metric}*${reading}${text === '' ? '' : `@${text}`}`);
          }
        }
      }
      return [...names];
    },
  };
}

/** Only who passes none needs it; what `import` finds under this name is the same object. */
function defaultRegistry(): Registry {
  return (loadPeer('prom-client', 'pegasus-http/prom-client') as typeof import('prom-client')).register;
}
