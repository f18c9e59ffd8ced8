import type { MetricEntity } from '../../model/metric.js';
import type { MetricsSource } from '../../model/source.js';
import { describeValue } from '../../validate/describe-value.js';

/**
 * Combines several sources of metrics into one. Cluster, role, host and port are those of the first source. Entities of the same type
 * and identity become one; if several sources have a metric of the same name in it, the first source wins. An error of a source is the
 * error of the read.
 *
 * @throws TypeError when there is no argument, or one is not a source.
 *
 * @example The metrics of the process and of prom-client
 * ```ts
 * import { combineMetrics, createPegasusHandler, perfCounterMetrics, processCounters } from 'pegasus-http';
 * import { promClientMetrics } from 'pegasus-http/prom-client';
 *
 * const server = { cluster: 'onebox', role: 'replica', port: 34801 };
 * const metrics = combineMetrics(perfCounterMetrics(processCounters(), server), promClientMetrics());
 * export const handler = createPegasusHandler({ metrics });
 * ```
 */
export function combineMetrics(...sources: readonly MetricsSource[]): MetricsSource {
  if (sources.length === 0) throw new TypeError('combineMetrics: pass at least one source of metrics');
  sources.forEach((source, i) => {
    if (typeof source?.read === 'function') return;
    throw new TypeError(
      `combineMetrics: source ${i + 1} must have a function read, and ${describeValue(source)} has none`,
    );
  });

  return {
    async read(filter, context) {
      const [first, ...others] = await Promise.all(
        sources.map(async (source) => source.read(filter, context)),
      );
      if (first === undefined || others.length === 0) return first as NonNullable<typeof first>;
      const all = [first, ...others];
      const timestampNs = all.map((one) => one.timestampNs).reduce((a, b) => (a > b ? a : b));
      return { ...first, timestampNs, entities: mergeEntities(all.flatMap(({ entities }) => entities)) };
    },
  };
}

function mergeEntities(entities: readonly MetricEntity[]): readonly MetricEntity[] {
  const merged = new Map<string, MetricEntity>();
  for (const entity of entities) {
    const key = JSON.stringify([entity.type, entity.id]);
    const known = merged.get(key);
    merged.set(key, known === undefined ? entity : mergeTwo(known, entity));
  }
  return [...merged.values()];
}

function mergeTwo(first: MetricEntity, second: MetricEntity): MetricEntity {
  const names = new Set(first.metrics.map(({ name }) => name));
  return {
    ...first,
    attributes: { ...first.attributes, ...second.attributes, ...first.attributes },
    metrics: [...first.metrics, ...second.metrics.filter(({ name }) => !names.has(name))],
  };
}
