import type { MetricEntity, MetricsFilter } from './metric.js';

/** Whether an entity passes the filter by its type, its identity and its attributes. */
export function matchesEntity(
  { types, ids, attributes }: MetricsFilter,
  entity: Pick<MetricEntity, 'type' | 'id' | 'attributes'>,
): boolean {
  return (
    matchesAny(types, entity.type) &&
    matchesAny(ids, entity.id) &&
    (attributes.length === 0 || attributes.some(([name, value]) => hasAttribute(entity, name, value)))
  );
}

/** Whether a metric passes the filter by its name. */
export function matchesMetric({ metrics }: MetricsFilter, name: string): boolean {
  return matchesAny(metrics, name);
}

function matchesAny(list: readonly string[], text: string): boolean {
  return list.length === 0 || list.includes(text);
}

function hasAttribute(
  { attributes }: Pick<MetricEntity, 'attributes'>,
  name: string,
  value: string,
): boolean {
  return Object.hasOwn(attributes, name) && attributes[name] === value;
}
