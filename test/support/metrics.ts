import { readFileSync } from 'node:fs';
import type { ClusterSource, Metric, MetricEntity, MetricsFilter, MetricsSnapshot } from '../../lib/index.js';

/** A recorded request for `/metrics`. */
export interface RecordedMetrics {
  readonly server: 'meta1' | 'meta2' | 'meta3' | 'replica1' | 'collector';
  readonly method: 'GET' | 'POST';
  readonly target: string;
  readonly status: number;
  /** The JSON of the body without blanks. */
  readonly answer?: string;
  /** The body where it is not JSON. */
  readonly text?: string;
}

export const RECORDED_METRICS: readonly RecordedMetrics[] = JSON.parse(
  readFileSync(new URL('../fixtures/golden-2.6/metrics.json', import.meta.url), 'utf8'),
);

/** The answer of `/metrics`. Fields of metrics are absent where a client did not ask for them. */
export interface MetricsAnswer {
  readonly cluster: string;
  readonly role: string;
  readonly host: string;
  readonly port: number;
  readonly timestamp_ns: number;
  readonly entities: readonly {
    readonly type: string;
    readonly id: string;
    readonly attributes: Readonly<Record<string, string>>;
    readonly metrics: readonly Partial<Record<string, string | number>>[];
  }[];
}

/** The snapshot that a recorded answer shows. What the answer does not show is made up. */
export function snapshotOf(answer: string): MetricsSnapshot {
  const { cluster, role, host, port, entities } = JSON.parse(answer) as MetricsAnswer;
  const timestampNs = BigInt(/"timestamp_ns":(\d+)/.exec(answer)?.[1] ?? 0);
  return { cluster, role, host, port, timestampNs, entities: entities.map(entityOf) };
}

function entityOf({ metrics, ...identity }: MetricsAnswer['entities'][number]): MetricEntity {
  return {
    ...identity,
    metrics: metrics.map((metric): Metric => {
      const { name = '', type, unit = '', desc: description = '', value = 0, ...percentiles } = metric;
      const texts = { name, unit, description };
      const isPercentile = !('value' in metric);
      return (
        isPercentile
          ? { ...texts, type: 'Percentile', p50: 0, p90: 0, p95: 0, p99: 0, p999: 0, ...percentiles }
          : { ...texts, type: type ?? 'Gauge', value }
      ) as Metric;
    }),
  };
}

/** A source that reads the same entities each time, and records the filters that it is asked for. */
export function metricsSource(
  snapshot: Partial<MetricsSnapshot> = {},
): ClusterSource & { readonly filters: MetricsFilter[] } {
  const filters: MetricsFilter[] = [];
  const complete = {
    cluster: 'c',
    role: 'replica',
    host: 'h',
    port: 1,
    timestampNs: 1n,
    entities: [],
    ...snapshot,
  };
  return {
    filters,
    metrics: {
      read(filter) {
        filters.push(filter);
        return complete;
      },
    },
  };
}

/** The filter that everything passes. */
export const ALL_METRICS: MetricsFilter = { types: [], ids: [], attributes: [], metrics: [] };
