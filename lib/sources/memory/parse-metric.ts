import type { Metric, MetricType } from '../../model/metric.js';
import * as check from '../../validate/checks.js';

const TYPES = ['Gauge', 'Counter', 'VolatileCounter', 'Percentile'] as const satisfies readonly MetricType[];
const TEXTS = ['name', 'type', 'unit', 'description'] as const;

/**
 * Checks a metric and returns a frozen copy.
 *
 * @throws PegasusError `ERR_INVALID_PARAMETERS` that says what is wrong, and where.
 */
export function parseMetric(value: unknown, path: string): Metric {
  const isPercentile = (check.object(value, path) as Partial<Metric>).type === 'Percentile';
  const figures = isPercentile ? (['p50', 'p90', 'p95', 'p99', 'p999'] as const) : (['value'] as const);
  const given = check.objectWithKeys(value, path, [...TEXTS, ...figures], 'field') as Partial<
    Record<(typeof TEXTS)[number] | (typeof figures)[number], unknown>
  >;
  const texts = {
    name: check.nonEmpty(given.name, `${path}.name`),
    type: check.oneOf(given.type, `${path}.type`, TYPES),
    unit: check.string(given.unit, `${path}.unit`),
    description: check.string(given.description, `${path}.description`),
  };
  const optional = ['p50', 'p90', 'p95'];
  const values = figures
    .filter((figure) => !optional.includes(figure) || figure in given)
    .map((figure) => [figure, finite((given as Record<string, unknown>)[figure], `${path}.${figure}`)]);
  return Object.freeze({ ...texts, ...Object.fromEntries(values) }) as Metric;
}

function finite(value: unknown, path: string): number | bigint {
  if (typeof value === 'bigint' || Number.isFinite(value)) return value as number | bigint;
  return check.fail(path, 'a finite number or a bigint', value);
}
