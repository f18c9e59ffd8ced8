import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import type { Percentiles } from '../perf-counters/percentile-types.js';
import type { Collector } from './on-demand.js';

/** How often the monitor samples, in milliseconds. */
const RESOLUTION_MS = 10;

/**
 * Creates a collector of the event loop's delay over a recent window, with Node's own monitor. One monitor samples this window,
 * another keeps the samples of the window before. Node cannot merge them, so a read returns the worse of the two; 99% of the
 * samples of both are at most that.
 */
export function eventLoopDelay(): Collector & { read(): Percentiles } {
  let current: IntervalHistogram | undefined;
  let previous: IntervalHistogram | undefined;

  return {
    start() {
      current = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
      current.enable();
    },
    rotate() {
      current?.disable();
      [previous, current] = [current, previous ?? monitorEventLoopDelay({ resolution: RESOLUTION_MS })];
      current.reset();
      current.enable();
    },
    stop() {
      current?.disable();
      [previous, current] = [undefined, undefined];
    },
    read() {
      const delayAt = (percentile: number) =>
        Math.max(delayMs(current, percentile), delayMs(previous, percentile));
      return {
        p50: delayAt(50),
        p90: delayAt(90),
        p95: delayAt(95),
        p99: delayAt(99),
        p999: delayAt(99.9),
      };
    },
  };
}

/** Returns the delay in milliseconds. The monitor measures nanoseconds between two samples, so its interval is subtracted. */
function delayMs(histogram: IntervalHistogram | undefined, percentile: number): number {
  if (histogram === undefined || histogram.count === 0) return 0;
  return Math.max(0, histogram.percentile(percentile) / 1e6 - RESOLUTION_MS);
}
