import type { Clock } from '../perf-counters/rate.js';
import type { Buckets } from './histogram-quantile.js';

interface Snapshot {
  readonly atMs: number;
  readonly counts: readonly number[];
}

/**
 * Makes of a histogram that counts since the process started what it has counted lately: what came since a snapshot that is
 * at least `windowMs` old. Snapshots are only taken when it is read, so that the first read covers everything, and one that
 * comes after an hour covers that hour.
 */
export function recentBuckets(windowMs: number, now: Clock): (current: Buckets) => Buckets {
  const nothing: Snapshot = { atMs: Number.NEGATIVE_INFINITY, counts: [] };
  let [older, newer] = [nothing, nothing];
  let last: readonly number[] = [];

  return ({ bounds, counts }) => {
    // A histogram that was set back counts from 0 again.
    if (counts.some((count, i) => count < (last[i] ?? 0))) [older, newer] = [nothing, nothing];
    last = counts;
    const atMs = now();
    if (atMs - newer.atMs >= windowMs) [older, newer] = [newer, { atMs, counts }];
    return { bounds, counts: counts.map((count, i) => count - (older.counts[i] ?? 0)) };
  };
}
