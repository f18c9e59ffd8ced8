import type { MetricEntity } from '../../model/metric.js';
import type { Labels } from './metric.js';

/** The type of all entities of prom-client. */
export const ENTITY_TYPE = 'prometheus';

/** Characters that separate items in an id or in a filter, the escape character, and blanks, which filters trim. */
const ESCAPED = /[%,;\s]/g;

/**
 * Returns the entity of all series with the same labels. The attributes are the labels, sorted by name. The id is `prometheus`, then
 * `@` and the labels as `name=value`, separated by `;`.
 */
export function entityOf(labels: Labels): Pick<MetricEntity, 'type' | 'id' | 'attributes'> {
  const entries = Object.entries(labels)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [name, String(value)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const suffix = entries.map(([name, value]) => `${name}=${value.replace(ESCAPED, encodeURIComponent)}`);
  return {
    type: ENTITY_TYPE,
    id: suffix.length === 0 ? ENTITY_TYPE : `${ENTITY_TYPE}@${suffix.join(';')}`,
    attributes: Object.fromEntries(entries),
  };
}
