import type { PerfCounter } from '../../model/cluster.js';
import type { PerfCounterSource } from '../../model/source.js';
import { parsePerfCounter } from './parse.js';
import { staticCounter } from './static-counter.js';

/** Creates the perf counters of a {@link memoryCluster}. */
export function memoryPerfCounters(described: readonly PerfCounter[]) {
  const counters = new Map(described.map((counter) => [counter.name, staticCounter(counter)]));
  const perfCounters: PerfCounterSource = {
    read: (name) => counters.get(name)?.(),
    names: () => [...counters.keys()],
  };
  return {
    perfCounters,
    setPerfCounter(counter: PerfCounter): void {
      const parsed = parsePerfCounter(counter, 'counter');
      counters.set(parsed.name, staticCounter(parsed));
    },
  };
}
