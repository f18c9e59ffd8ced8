import type { Clock } from '../perf-counters/rate.js';
import type { Buckets } from './histogram-quantile.js';

interface Snapshot {
  readonly atMs: number;
  readonly counts: readonly number[];
}

/**
 * Returns a function that takes the buckets of a histogram since the process started, and returns its recent observations: those
 * since a snapshot that is at least `windowMs` old. Snapshots are taken only by reads. So the first read covers everything, and
 * a read after an hour covers that hour.
 */
export function windowedBuckets(windowMs: number, now: Clock): (current: Buckets) => Buckets {
  const empty: Snapshot = { atMs: Number.NEGATIVE_INFINITY, counts: [] };
  let [older, newer] = [empty, empty];
  let last: readonly number[] = [];

  return ({ bounds, counts }) => {
    // A histogram that was reset counts from 0 again.
    if (counts.some((count, i) => count < (last[i] ?? 0))) [older, newer] = [empty, empty];
    last = counts;
    const atMs = now();
    if (atMs - newer.atMs >= windowMs) [older, newer] = [newer, { atMs, counts }];
    return { bounds, counts: counts.map((count, i) => count - (older.counts[i] ?? 0)) };
  };
}
