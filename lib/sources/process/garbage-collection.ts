import { PerformanceObserver } from 'node:perf_hooks';
import type { PerfCounterRegistry } from '../perf-counters/registry-types.js';
import type { Collector } from './on-demand.js';

/** Names of the counters of {@link garbageCollection}. */
export const GC_COUNTERS = {
  pause: 'replica*server*gc.pause(ms)',
  count: 'replica*server*recent.gc.count',
  time: 'replica*server*gc.time(%)',
} as const;

/** Creates a collector of V8's garbage collections, as Node's performance observer reports them. */
export function garbageCollection(counters: PerfCounterRegistry): Collector {
  const pause = counters.percentile(GC_COUNTERS.pause, 'duration of garbage collections in milliseconds', {
    resolution: 0.001,
    highest: 100_000,
  });
  const count = counters.volatileNumber(GC_COUNTERS.count, 'garbage collections in the recent period');
  const time = counters.rate(GC_COUNTERS.time, 'time spent in garbage collection, in percent of all time');

  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
      pause.observe(duration);
      count.inc();
      // Milliseconds per second as a percentage: 10 ms in every second are 1%.
      time.inc(duration / 10);
    }
  });
  return {
    start: () => observer.observe({ entryTypes: ['gc'] }),
    rotate() {},
    stop: () => observer.disconnect(),
  };
}
