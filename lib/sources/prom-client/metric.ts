import type { Metric } from 'prom-client';
import type { Buckets } from './histogram-quantile.js';
import { formatLabels, type PromStat } from './series-name.js';

export type MetricType = 'counter' | 'gauge' | 'histogram' | 'summary';

export type Labels = Readonly<Record<string, string | number | undefined>>;

/** What prom-client returns for one metric. Its own types say that `type` is a number; it is a word. */
export interface MetricValues {
  readonly help: string;
  readonly type: MetricType;
  readonly values: readonly {
    readonly value: number;
    readonly labels: Labels;
    readonly metricName?: string;
  }[];
}

/** The statistics that each type has. */
export const STATS_BY_TYPE: Readonly<Record<MetricType, readonly PromStat[]>> = {
  counter: ['value', 'rate'],
  gauge: ['value'],
  histogram: ['percentile'],
  summary: ['percentile'],
};

/** Reads a metric without calling its `collect`. */
export async function readMetric(metric: Metric): Promise<MetricValues> {
  const passive: Metric = Object.create(metric, { collect: { value: undefined } });
  return (await passive.get()) as unknown as MetricValues;
}

/** Returns the labels of a series as text. `le` and `quantile` tell values of one series apart, and are left out. */
export function seriesKey(type: MetricType, labels: Labels): string {
  if (type === 'histogram') return formatLabels({ ...labels, le: undefined });
  if (type === 'summary') return formatLabels({ ...labels, quantile: undefined });
  return formatLabels(labels);
}

/**
 * Returns the buckets of a histogram as Prometheus reads them: ascending, with one bucket for each bound, and with counts that
 * never decrease. A histogram with `Infinity` among its own bounds has that bucket twice, as `Infinity` and as `+Inf`.
 */
export function bucketsOf(values: MetricValues['values']): Buckets {
  const counts = new Map<number, number>();
  for (const { labels, value } of values) {
    if (labels['le'] === undefined) continue;
    const bound = labels['le'] === '+Inf' ? Number.POSITIVE_INFINITY : Number(labels['le']);
    counts.set(bound, Math.max(value, counts.get(bound) ?? 0));
  }
  const bounds = [...counts.keys()].sort((a, b) => a - b);
  let highest = 0;
  return {
    bounds,
    counts: bounds.map((bound) => {
      highest = Math.max(highest, counts.get(bound) ?? 0);
      return highest;
    }),
  };
}

/** Returns a summary's own value of a quantile; `NaN` when it was made without that quantile. */
export function summaryQuantile(quantile: number, values: MetricValues['values']): number {
  return values.find(({ labels }) => labels['quantile'] === quantile)?.value ?? Number.NaN;
}
