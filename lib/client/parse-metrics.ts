import { PegasusError } from '../model/errors.js';
import type { Metric, MetricEntity, MetricsFilter, MetricsSnapshot, MetricType } from '../model/metric.js';
import type { MetricsDocument } from '../wire/metrics.js';
import { type Answer, okJson } from './answer.js';
import { type Fields, readFields } from './fields.js';

const METRIC_TYPES: readonly MetricType[] = ['Gauge', 'Counter', 'VolatileCounter', 'Percentile'];

/** How far from its start an answer has its time. */
const HEAD_BYTES = 4_096;

/** Returns the target of `/metrics` for a filter. */
export function metricsTarget({ types, ids, attributes, metrics }: Partial<MetricsFilter>): string {
  const lists = { types, ids, attributes: attributes?.flat(), metrics };
  const args = Object.entries(lists)
    .filter(([, list]) => list !== undefined && list.length > 0)
    .map(([name, list = []]) => `${name}=${encodeURIComponent(list.join())}`);
  return `/metrics?${['detail=true', ...args].join('&')}`;
}

/** Parses `/metrics?detail=true`. */
export function parseMetrics(answer: Answer): MetricsSnapshot {
  const body = readFields<MetricsDocument>(okJson(answer));
  // The time exceeds what a JSON number holds exactly.
  const time = /"timestamp_ns"\s*:\s*(\d{1,20})/.exec(answer.bytes.toString('utf8', 0, HEAD_BYTES))?.[1];
  if (time === undefined) throw new PegasusError('ERR_INVALID_DATA', 'timestamp_ns must be a whole number');
  return {
    cluster: body.text('cluster'),
    role: body.text('role'),
    host: body.text('host'),
    port: body.integer('port'),
    timestampNs: BigInt(time),
    entities: body.items('entities').map(entity),
  };
}

type EntityDocument = MetricsDocument['entities'][number];

function entity(row: Fields<EntityDocument>): MetricEntity {
  return {
    type: row.text('type'),
    id: row.text('id'),
    attributes: row.fields('attributes').texts(),
    metrics: row.items('metrics').map(metric),
  };
}

function metric(row: Fields<EntityDocument['metrics'][number]>): Metric {
  const base = { name: row.text('name'), unit: row.text('unit'), description: row.text('desc') };
  const type = row.oneOf('type', METRIC_TYPES);
  if (type !== 'Percentile') return { ...base, type, value: row.number('value') };
  const [p50, p90, p95] = [row.number('p50'), row.number('p90'), row.number('p95')];
  return { ...base, type, p50, p90, p95, p99: row.number('p99'), p999: row.number('p999') };
}
