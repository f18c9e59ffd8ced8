import { type Clock, increaseOf, ratePerSecond } from '../perf-counters/rate.js';
import type { Buckets } from './histogram-quantile.js';
import { seriesText, type Values } from './metric.js';
import { recentBuckets } from './windowed-buckets.js';

/** What must be remembered of a series from one read to the next. */
export interface Memory {
  rate(total: number): number;
  recent(buckets: Buckets): Buckets;
}

export function newMemory(windowMs: number, now: Clock): Memory {
  let total = 0;
  const rate = ratePerSecond(
    increaseOf(() => total),
    now,
    0,
  );
  return {
    rate(current) {
      total = current;
      return rate();
    },
    recent: recentBuckets(windowMs, now),
  };
}

/**
 * Labels come and go. What is remembered of those that went is dropped before more is, so that it never outgrows the
 * metric itself.
 */
export function forgetGone(memories: Map<string, Memory>, { type, values }: Values): void {
  const there = new Set(values.map(({ labels }) => seriesText(type, labels)));
  for (const series of memories.keys()) {
    if (!there.has(series)) memories.delete(series);
  }
}
