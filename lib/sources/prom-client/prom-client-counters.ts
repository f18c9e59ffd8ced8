import { type Metric, type Registry, register } from 'prom-client';
import type { PerfCounter, PerfCounterSource } from '../../contracts.js';
import { show } from '../../text/format.js';
import { type Clock, ratePerSecond, takeFromTotal } from '../counters/rate.js';
import { type Buckets, bucketQuantile } from './bucket-quantile.js';
import {
  labelText,
  type ParsedPromSeries,
  type PromReading,
  parsePromCounterName,
  promCounterName,
} from './name.js';
import { recentBuckets } from './recent-buckets.js';

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

/** What prom-client says of one metric. */
interface Values {
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram' | 'summary';
  readonly values: readonly {
    readonly value: number;
    readonly labels: Readonly<Record<string, string | number | undefined>>;
    readonly metricName?: string;
  }[];
}

const READINGS: Readonly<Record<Values['type'], readonly PromReading[]>> = {
  counter: ['value', 'rate'],
  gauge: ['value'],
  histogram: ['percentile'],
  summary: ['percentile'],
};

/** What must be remembered of a series from one read to the next. */
interface Memory {
  rate(total: number): number;
  recent(buckets: Buckets): Buckets;
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
 * @param registry - Default: prom-client's own, which metrics are registered in unless they say otherwise.
 * @throws TypeError when an argument is not what it must be.
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
  registry: Pick<Registry, 'getSingleMetric' | 'getMetricsAsArray'> = register,
  options: PromClientCountersOptions = {},
): PromClientCounters {
  const { windowMs = 30_000, now = () => performance.now() } = options;
  if (typeof registry?.getSingleMetric !== 'function') {
    throw new TypeError(`promClientCounters: registry must be one of prom-client's, not ${show(registry)}`);
  }
  if (typeof windowMs !== 'number' || !(windowMs > 0)) {
    throw new TypeError(`promClientCounters: windowMs must be a positive number, not ${show(windowMs)}`);
  }
  if (typeof now !== 'function')
    throw new TypeError(`promClientCounters: now must be a function, not ${show(now)}`);
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

/** prom-client's types say that `type` is a number; it is a word. */
async function valuesOf(metric: Metric): Promise<Values> {
  return (await metric.get()) as unknown as Values;
}

/** The labels that tell a series from others; those that tell its values apart are none of them. */
function seriesText(type: Values['type'], labels: Values['values'][number]['labels']): string {
  if (type === 'histogram') return labelText({ ...labels, le: undefined });
  if (type === 'summary') return labelText({ ...labels, quantile: undefined });
  return labelText(labels);
}

function newMemory(windowMs: number, now: Clock): Memory {
  let total = 0;
  const rate = ratePerSecond(
    takeFromTotal(() => total),
    now,
    0,
  );
  return {
    rate(current) {
      total = current;
      return rate();
    },
    recent: recentBuckets(windowMs, now),
  };
}

/**
 * Labels come and go. What is remembered of those that went is dropped before more is, so that it never outgrows the
 * metric itself.
 */
function forgetGone(memories: Map<string, Memory>, { type, values }: Values): void {
  const there = new Set(values.map(({ labels }) => seriesText(type, labels)));
  for (const series of memories.keys()) {
    if (!there.has(series)) memories.delete(series);
  }
}

function bucketsOf(values: Values['values']): Buckets {
  const buckets = values.filter(({ labels }) => labels['le'] !== undefined);
  return {
    bounds: buckets.map(({ labels }) =>
      labels['le'] === '+Inf' ? Number.POSITIVE_INFINITY : Number(labels['le']),
    ),
    counts: buckets.map(({ value }) => value),
  };
}

function histogramQuantiles(buckets: Buckets): (quantile: number) => number {
  return (quantile) => bucketQuantile(quantile, buckets);
}

function summaryQuantiles(values: Values['values']): (quantile: number) => number {
  return (quantile) => values.find(({ labels }) => labels['quantile'] === quantile)?.value ?? Number.NaN;
}
