import { type Clock, increaseOf, ratePerSecond } from '../perf-counters/rate.js';
import type { Buckets } from './histogram-quantile.js';
import type { Labels } from './metric.js';
import { windowedBuckets } from './windowed-buckets.js';

/** What a series keeps from one read to the next. */
export interface SeriesState {
  rate(total: number): number;
  recent(buckets: Buckets): Buckets;
}

function createSeriesState(windowMs: number, now: Clock): SeriesState {
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
    recent: windowedBuckets(windowMs, now),
  };
}

/** The states of one metric's series by their key. */
export interface SeriesStates {
  /**
   * Returns the state of a series; creates it at the first read.
   *
   * @param exists - Tells whether the metric has a series with these labels.
   */
  get(key: string, labels: Labels, exists: (labels: Labels) => boolean): SeriesState;
}

/** Fewer states are never pruned. */
const MIN_PRUNED = 16;

/**
 * Creates the states of one metric. Series come and go, so the states of removed ones are pruned whenever their number has
 * doubled: they never outgrow the metric by more than that, and a read does not cost more for a metric of many series.
 */
export function createSeriesStates(windowMs: number, now: Clock): SeriesStates {
  const states = new Map<string, { readonly labels: Labels; readonly state: SeriesState }>();
  let pruneAt = MIN_PRUNED;

  function prune(exists: (labels: Labels) => boolean): void {
    for (const [key, { labels }] of states) {
      if (!exists(labels)) states.delete(key);
    }
    pruneAt = Math.max(MIN_PRUNED, 2 * states.size);
  }

  return {
    get(key, labels, exists) {
      const known = states.get(key);
      if (known !== undefined) return known.state;
      if (states.size >= pruneAt) prune(exists);
      const state = createSeriesState(windowMs, now);
      states.set(key, { labels, state });
      return state;
    },
  };
}
