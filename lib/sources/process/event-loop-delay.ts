import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import type { Percentiles } from '../perf-counters/percentile.js';
import type { Collector } from './on-demand.js';

/** How often the monitor looks, in milliseconds. */
const RESOLUTION_MS = 10;

/**
 * Node's own monitor of the event loop, over a recent window: one runs in this window, the other keeps what it saw in the
 * window before. They cannot be added up, so that the worse of the two is what is read; 99% of the samples of both are at
 * most that.
 */
export function eventLoopDelay(): Collector & { read(): Percentiles } {
  let current: IntervalHistogram | undefined;
  let previous: IntervalHistogram | undefined;

  return {
    start() {
      current = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
      current.enable();
    },
    turn() {
      current?.disable();
      [previous, current] = [current, previous ?? monitorEventLoopDelay({ resolution: RESOLUTION_MS })];
      current.reset();
      current.enable();
    },
    stop() {
      current?.disable();
      [previous, current] = [undefined, undefined];
    },
    read: () => ({
      p99: Math.max(delayMs(current, 99), delayMs(previous, 99)),
      p999: Math.max(delayMs(current, 99.9), delayMs(previous, 99.9)),
    }),
  };
}

/** The monitor measures from one look to the next, in nanoseconds: what is above its own pace is the delay. */
function delayMs(histogram: IntervalHistogram | undefined, percentile: number): number {
  if (histogram === undefined || histogram.count === 0) return 0;
  return Math.max(0, histogram.percentile(percentile) / 1e6 - RESOLUTION_MS);
}
