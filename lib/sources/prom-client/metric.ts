import type { Metric } from 'prom-client';
import { type Buckets, bucketQuantile } from './histogram-quantile.js';
import { labelText, type PromReading } from './series-name.js';

/** What prom-client says of one metric. */
export interface Values {
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram' | 'summary';
  readonly values: readonly {
    readonly value: number;
    readonly labels: Readonly<Record<string, string | number | undefined>>;
    readonly metricName?: string;
  }[];
}

/** What can be read of each type. */
export const READINGS: Readonly<Record<Values['type'], readonly PromReading[]>> = {
  counter: ['value', 'rate'],
  gauge: ['value'],
  histogram: ['percentile'],
  summary: ['percentile'],
};

/** prom-client's types say that `type` is a number; it is a word. */
export async function valuesOf(metric: Metric): Promise<Values> {
  return (await metric.get()) as unknown as Values;
}

/** The labels that tell a series from others; those that tell its values apart are none of them. */
export function seriesText(type: Values['type'], labels: Values['values'][number]['labels']): string {
  if (type === 'histogram') return labelText({ ...labels, le: undefined });
  if (type === 'summary') return labelText({ ...labels, quantile: undefined });
  return labelText(labels);
}

export function bucketsOf(values: Values['values']): Buckets {
  const buckets = values.filter(({ labels }) => labels['le'] !== undefined);
  return {
    bounds: buckets.map(({ labels }) =>
      labels['le'] === '+Inf' ? Number.POSITIVE_INFINITY : Number(labels['le']),
    ),
    counts: buckets.map(({ value }) => value),
  };
}

export function histogramQuantiles(buckets: Buckets): (quantile: number) => number {
  return (quantile) => bucketQuantile(quantile, buckets);
}

export function summaryQuantiles(values: Values['values']): (quantile: number) => number {
  return (quantile) => values.find(({ labels }) => labels['quantile'] === quantile)?.value ?? Number.NaN;
}
