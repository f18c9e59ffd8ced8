import type { PerfCounter } from '../../model/cluster.js';
import type { Metric } from '../../model/metric.js';

/** Pegasus's own names of metrics, for the perf counters that they replaced. */
const PEGASUS_NAMES: ReadonlyMap<string, string> = new Map([
  ['replica*server*memused.res(MB)', 'resident_mem_usage_mb'],
  ['replica*server*memused.virt(MB)', 'virtual_mem_usage_mb'],
  ['meta*eon.meta_service*alive_nodes', 'alive_replica_servers'],
  ['meta*eon.meta_service*unalive_nodes', 'unalive_replica_servers'],
]);

const UNITS: ReadonlyMap<string, string> = new Map([
  ['(MB)', 'MegaBytes'],
  ['(ms)', 'MilliSeconds'],
  ['(us)', 'MicroSeconds'],
  ['(ns)', 'NanoSeconds'],
  ['(%)', 'Percent'],
]);

/**
 * Names the metrics of perf counters. A name that Pegasus has not itself is the name of the perf counter in lower case, with `_` for
 * every run of other characters than letters and digits. If that is taken, `_2`, `_3` and so on follow.
 *
 * Pegasus's Go collector registers every metric with Prometheus, and ends if Prometheus does not allow a name.
 *
 * @returns The names of the perf counters by the names of their metrics.
 */
export function nameMetrics(counters: readonly string[]): ReadonlyMap<string, string> {
  const byMetric = new Map<string, string>();
  for (const counter of new Set(counters)) {
    const base = PEGASUS_NAMES.get(counter) ?? snakeCase(counter);
    let name = base;
    for (let i = 2; byMetric.has(name); i += 1) name = `${base}_${i}`;
    byMetric.set(name, counter);
  }
  return byMetric;
}

function snakeCase(counter: string): string {
  const name = counter
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '');
  return /^[a-z]/.test(name) ? name : `counter_${name}`;
}

/** Converts what was read of a perf counter to a metric of another name. */
export function toMetric(name: string, counter: PerfCounter): Metric {
  const { description } = counter;
  const suffix = /\([^()]*\)(?=@|#|$)/.exec(counter.name)?.[0] ?? '';
  const unit = UNITS.get(suffix) ?? (counter.type === 'RATE' ? 'EventsPerSec' : 'Values');
  if (counter.type === 'PERCENTILE') {
    const { p50, p90, p95, p99, p999 } = counter;
    return { name, type: 'Percentile', unit, description, p50, p90, p95, p99, p999 };
  }
  const type = counter.type === 'VOLATILE_NUMBER' ? 'VolatileCounter' : 'Gauge';
  return { name, type, unit, description, value: counter.value };
}
