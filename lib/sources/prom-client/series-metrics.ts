import type { Metric as PegasusMetric } from '../../model/metric.js';
import { type Buckets, histogramQuantile } from './histogram-quantile.js';
import { bucketsOf, type MetricType, type MetricValues, summaryQuantile } from './metric.js';

/** Begins the names of all metrics of prom-client. Pegasus's Go collector has own metrics of names such as `process_open_fds`. */
const PREFIX = 'prometheus_';

/** Units by the word in the name of a metric that names them, as Prometheus advises. */
const UNITS: readonly (readonly [word: RegExp, unit: string])[] = [
  [/_seconds(_|$)/, 'Seconds'],
  [/_bytes(_|$)/, 'Bytes'],
  [/_percent(_|$)/, 'Percent'],
];

/** Returns the names of the metrics that a series of a metric becomes. */
export function metricNames(type: MetricType, name: string): readonly string[] {
  const own = PREFIX + name;
  return type === 'histogram' || type === 'summary' ? [own, `${own}_sum`, `${own}_count`] : [own];
}

/**
 * Converts one series to metrics.
 *
 * @param recent - Returns the recent part of the buckets of a histogram.
 */
export function toMetrics(
  name: string,
  { type, help: description, values }: MetricValues,
  recent: (buckets: Buckets) => Buckets,
): readonly PegasusMetric[] {
  const own = PREFIX + name;
  const unit = UNITS.find(([word]) => word.test(name))?.[1] ?? 'Values';
  if (type === 'counter' || type === 'gauge') {
    const value = values[0]?.value ?? Number.NaN;
    return [{ name: own, type: type === 'counter' ? 'Counter' : 'Gauge', unit, description, value }];
  }
  const total = (suffix: string) =>
    values.find(({ metricName }) => metricName === name + suffix)?.value ?? Number.NaN;
  return [
    { name: own, type: 'Percentile', unit, description, ...percentiles(type, values, recent) },
    // A sum may shrink: observations may be negative.
    { name: `${own}_sum`, type: 'Gauge', unit, description, value: total('_sum') },
    { name: `${own}_count`, type: 'Counter', unit: 'Values', description, value: total('_count') },
  ];
}

function percentiles(
  type: 'histogram' | 'summary',
  values: MetricValues['values'],
  recent: (buckets: Buckets) => Buckets,
) {
  const buckets = type === 'histogram' ? recent(bucketsOf(values)) : undefined;
  const at = (quantile: number) =>
    buckets === undefined ? summaryQuantile(quantile, values) : histogramQuantile(quantile, buckets);
  return {
    p50: ifKnown(at(0.5)),
    p90: ifKnown(at(0.9)),
    p95: ifKnown(at(0.95)),
    p99: at(0.99),
    p999: at(0.999),
  };
}

/** A summary may be made without a quantile. */
function ifKnown(value: number): number | undefined {
  return Number.isNaN(value) ? undefined : value;
}
