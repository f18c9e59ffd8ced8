import { setImmediate } from 'node:timers/promises';
import type { Metric } from '../../model/metric.js';
import { matchesEntity, matchesMetric } from '../../model/metric-filter.js';
import type { MetricsSource, PerfCounterSource } from '../../model/source.js';
import { describeValue } from '../../validate/describe-value.js';
import { nameMetrics, toMetric } from './counter-metric.js';
import { createSnapshots, type MetricsServerOptions } from './snapshots.js';

/** How many counters are read before other work gets its turn: a few milliseconds. */
const READS_PER_SLICE = 1000;

const SERVER = { type: 'server', id: 'server', attributes: Object.freeze({}) };

/**
 * Exposes perf counters as metrics of the entity `server`, as Pegasus 2.6 has them. A read reads only the counters whose metrics pass
 * the filter. It has the effects of reading perf counters: the next `RATE` begins, and a `VOLATILE_NUMBER` goes back to 0, for
 * `/perfCounter` too.
 *
 * | perf counter | metric | type |
 * |---|---|---|
 * | `replica*server*memused.res(MB)` | `resident_mem_usage_mb` | as below |
 * | `replica*server*memused.virt(MB)` | `virtual_mem_usage_mb` | |
 * | `meta*eon.meta_service*alive_nodes`, `...unalive_nodes` | `alive_replica_servers`, `unalive_replica_servers` | |
 * | any other `NUMBER`, such as `replica*server*heap.used(MB)` | `replica_server_heap_used_mb` | Gauge |
 * | `VOLATILE_NUMBER` | in the same way | VolatileCounter |
 * | `RATE` | in the same way | Gauge, per second |
 * | `PERCENTILE` | in the same way | Percentile |
 *
 * The name of a metric is the name of the counter in lower case, with `_` for every run of other characters than letters and digits.
 * Of two counters of the same name then, the second ends in `_2`.
 *
 * @param source - A source with `names`, such as {@link perfCounterRegistry}, {@link processCounters}, {@link requestCounters} or
 *   {@link combinePerfCounters} of them.
 * @param options - The server that the metrics belong to.
 * @throws TypeError when an argument is wrong.
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { createPegasusHandler, perfCounterMetrics, processCounters } from 'pegasus-http';
 *
 * const perfCounters = processCounters();
 * const metrics = perfCounterMetrics(perfCounters, { cluster: 'onebox', role: 'replica', port: 34801 });
 * createServer(createPegasusHandler({ metrics })).listen(34801, '127.0.0.1');
 * // curl 'http://127.0.0.1:34801/metrics?metrics=resident_mem_usage_mb'
 * ```
 */
export function perfCounterMetrics(
  source: Required<PerfCounterSource>,
  options: MetricsServerOptions = {},
): MetricsSource {
  for (const method of ['names', 'read'] as const) {
    if (typeof source?.[method] === 'function') continue;
    throw new TypeError(
      `perfCounterMetrics: source must have a function ${method}, and ${describeValue(source)} has none`,
    );
  }
  const snapshot = createSnapshots('perfCounterMetrics', options);

  return {
    async read(filter, context) {
      if (!matchesEntity(filter, SERVER)) return snapshot([]);
      const metrics: Metric[] = [];
      const named = nameMetrics(await source.names(context));
      const wanted = [...named].filter(([name]) => matchesMetric(filter, name));
      for (let i = 0; i < wanted.length; i += READS_PER_SLICE) {
        if (i > 0) await setImmediate();
        const slice = wanted.slice(i, i + READS_PER_SLICE);
        const counters = await Promise.all(slice.map(async ([, counter]) => source.read(counter, context)));
        for (const [j, counter] of counters.entries()) {
          const name = slice[j]?.[0];
          if (counter !== undefined && name !== undefined) metrics.push(toMetric(name, counter));
        }
      }
      return snapshot([{ ...SERVER, metrics }]);
    },
  };
}
