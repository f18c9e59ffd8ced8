import type { Metric } from 'prom-client';
import { type Labels, type MetricType, type MetricValues, readMetric, seriesKey } from './metric.js';
import { formatLabels } from './series-name.js';

/** One series of a metric. */
export interface FoundSeries extends MetricValues {
  /** Tells whether the metric has a series with these labels. */
  exists(labels: Labels): boolean;
}

/** A field of prom-client's metrics that its types leave out: the series by a key of their labels. */
interface Indexed {
  readonly type: MetricType;
  readonly hashMap: Readonly<Record<string, { readonly labels: Labels }>>;
}

/**
 * Finds one series of a metric, without reading the others where possible: a metric may have 100,000.
 *
 * @param key - The labels as {@link seriesKey} writes them.
 * @returns `undefined` when the metric has no such series.
 */
export async function findSeries(
  metric: Metric,
  labels: Labels,
  key: string,
): Promise<FoundSeries | undefined> {
  const indexed = indexOf(metric);
  if (indexed === undefined) return searchSeries(metric, key);
  const { hashMap } = indexed;
  const exists = (other: Labels) => Object.hasOwn(hashMap, hashLabels(other));
  if (!exists(labels)) return undefined;
  const hash = hashLabels(labels);
  const entry = hashMap[hash];
  // Two series may have the same hash, when a label's value looks like a further label.
  if (entry === undefined || formatLabels(entry.labels) !== key) return searchSeries(metric, key);
  // prom-client reads a metric that has no other series, with the same methods and options.
  const single: Metric = Object.create(metric, { hashMap: { value: { [hash]: entry } } });
  return { ...(await readMetric(single)), exists };
}

/** Lists all series of a metric, each by its labels. */
export async function listSeries(
  metric: Metric,
): Promise<{ readonly type: MetricType; readonly series: readonly Labels[] }> {
  const indexed = indexOf(metric);
  if (indexed !== undefined) {
    return { type: indexed.type, series: Object.values(indexed.hashMap).map(({ labels }) => labels) };
  }
  const { type, values } = await readMetric(metric);
  const byKey = new Map(values.map(({ labels }) => [seriesKey(type, labels), labels]));
  return { type, series: [...byKey.values()] };
}

/** Searches all series of a metric. */
async function searchSeries(metric: Metric, key: string): Promise<FoundSeries | undefined> {
  const all = await readMetric(metric);
  const values = all.values.filter(({ labels }) => seriesKey(all.type, labels) === key);
  if (values.length === 0) return undefined;
  let keys: Set<string> | undefined;
  return {
    ...all,
    values,
    exists(labels) {
      keys ??= new Set(all.values.map((value) => seriesKey(all.type, value.labels)));
      return keys.has(formatLabels(labels));
    },
  };
}

/**
 * Returns prom-client's own index of a metric. It is not part of prom-client's documented interface, so its first entry is
 * checked.
 *
 * @returns `undefined` when there is none of the expected kind, or when reading a metric removes old series from it.
 */
function indexOf(metric: Metric): Indexed | undefined {
  const { type, hashMap, pruneAgedBuckets } = metric as Partial<Indexed> & { pruneAgedBuckets?: unknown };
  if (type === undefined || typeof hashMap !== 'object' || hashMap === null || pruneAgedBuckets) {
    return undefined;
  }
  return hasKnownHashes(hashMap) ? { type, hashMap } : undefined;
}

/** The indexes whose first entry was checked. Even a loop that ends at the first entry takes time for all of them. */
const checked = new WeakSet<object>();

function hasKnownHashes(hashMap: Indexed['hashMap']): boolean {
  if (checked.has(hashMap)) return true;
  for (const hash in hashMap) {
    const { labels } = hashMap[hash] ?? {};
    if (typeof labels !== 'object' || labels === null || hashLabels(labels) !== hash) return false;
    checked.add(hashMap);
    break;
  }
  return true;
}

/** Writes labels as prom-client's index does. */
function hashLabels(labels: Labels): string {
  return Object.keys(labels)
    .filter((label) => labels[label] !== undefined)
    .sort()
    .map((label) => `${label}:${labels[label]},`)
    .join('');
}
