import type { Metric, MetricEntity, MetricsFilter, MetricsSnapshot, MetricType } from '../../model/metric.js';
import { matchesEntity, matchesMetric } from '../../model/metric-filter.js';
import { assertArray, count, type JsonSafe, jsonNumber, jsonText, oneOf } from '../../render/format.js';
import { objectOf, property } from '../../render/json.js';
import { describeValue } from '../../validate/describe-value.js';

const METRIC_TYPES: readonly MetricType[] = ['Gauge', 'Counter', 'VolatileCounter', 'Percentile'];

/** The fields of a metric without detail. */
const BRIEF_FIELDS: ReadonlySet<string> = new Set(['name', 'value', 'p50', 'p90', 'p95', 'p99', 'p999']);

/** The fields of a metric that a client asks for; `undefined` for all. */
type FieldChoice = ReadonlySet<string> | undefined;

/** Chooses the fields of metrics by the arguments of a request: a list wins over `detail`, and an empty list is all. */
export function chooseFields(list: readonly string[] | undefined, detail: boolean): FieldChoice {
  if (list === undefined) return detail ? undefined : BRIEF_FIELDS;
  return list.length === 0 ? undefined : new Set(list);
}

/** Writes the answer of `/metrics`. The generator may pause after each metric. */
export function* metricsDocument(
  { cluster, role, host, port, timestampNs, entities }: MetricsSnapshot,
  filter: MetricsFilter,
  fields: FieldChoice,
): Generator<void, string, void> {
  let text = '';
  for (const entity of assertArray(entities, 'entities')) {
    checkIdentity(entity);
    if (!matchesEntity(filter, entity)) continue;
    const metrics = yield* metricList(entity, filter, fields);
    if (metrics !== '') text += `${text === '' ? '' : ','}${entityObject(entity, metrics)}`;
  }
  const head = [
    property('cluster' as JsonSafe, quote(jsonText(cluster, 'cluster'))),
    property('role' as JsonSafe, quote(jsonText(role, 'role'))),
    property('host' as JsonSafe, quote(jsonText(host, 'host'))),
    property('port' as JsonSafe, count(port, 'port')),
    property('timestamp_ns' as JsonSafe, nanoseconds(timestampNs)),
  ];
  return `{${head.join(',')},"entities":[${text}]}`;
}

function checkIdentity({ id, attributes }: MetricEntity): void {
  if (typeof attributes === 'object' && attributes !== null) return;
  throw new TypeError(
    `attributes of entity ${describeValue(id)} must be an object, not ${describeValue(attributes)}`,
  );
}

function* metricList(
  { id, metrics }: MetricEntity,
  filter: MetricsFilter,
  fields: FieldChoice,
): Generator<void, string, void> {
  let text = '';
  for (const metric of assertArray(metrics, `metrics of entity ${describeValue(id)}`)) {
    if (!matchesMetric(filter, metric.name)) continue;
    const figures = figuresOf(metric);
    if (figures.some(isNotFinite)) continue;
    text += `${text === '' ? '' : ','}${metricObject(metric, figures, fields)}`;
    yield;
  }
  return text;
}

function entityObject({ type, id, attributes }: MetricEntity, metrics: string): string {
  const rows = Object.entries(attributes).map(([name, value]) =>
    property(jsonText(name, 'attribute'), quote(jsonText(value, `attribute ${describeValue(name)}`))),
  );
  const identity = `"type":${quote(jsonText(type, 'type'))},"id":${quote(jsonText(id, 'id'))}`;
  return `{${identity},"attributes":${objectOf(rows)},"metrics":[${metrics}]}`;
}

/** Writes one metric. Fields that are not printed are checked too, so that no choice of fields hides an invalid metric. */
function metricObject(metric: Metric, figures: Figures, fields: FieldChoice): string {
  const name = describeValue(metric.name);
  const all: [field: string, json: string][] = [
    ['type', quote(oneOf(metric.type, METRIC_TYPES, `type of ${name}`))],
    ['name', quote(jsonText(metric.name, 'name'))],
    ['unit', quote(jsonText(metric.unit, `unit of ${name}`))],
    ['desc', quote(jsonText(metric.description, `description of ${name}`))],
  ];
  for (const [field, value] of figures) all.push([field, jsonNumber(value, `${field} of ${name}`)]);
  const chosen = fields === undefined ? all : all.filter(([field]) => fields.has(field));
  return objectOf(chosen.map(([field, json]) => property(field as JsonSafe, json)));
}

/** The figures of a metric by the names of their fields. */
type Figures = readonly (readonly [field: string, value: number | bigint])[];

function figuresOf(metric: Metric): Figures {
  if (metric.type !== 'Percentile') return [['value', metric.value]];
  const { p50, p90, p95, p99, p999 } = metric;
  const known = Object.entries({ p50, p90, p95 }).filter(
    ([, value]) => value !== undefined,
  ) as Figures[number][];
  return [...known, ['p99', p99], ['p999', p999]];
}

/** Whether a figure is NaN or infinite, which JSON cannot express. */
function isNotFinite([, value]: Figures[number]): boolean {
  return typeof value === 'number' && !Number.isFinite(value);
}

function nanoseconds(value: bigint): JsonSafe {
  if (typeof value === 'bigint' && value >= 0n) return String(value) as JsonSafe;
  throw new TypeError(`timestampNs must be a non-negative bigint, not ${describeValue(value)}`);
}

function quote(text: JsonSafe): string {
  return `"${text}"`;
}
