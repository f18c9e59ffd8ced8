import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import * as check from '../../validate/checks.js';
import { describeValue } from '../../validate/describe-value.js';
import { readOptions } from '../../validate/options.js';
import type { PercentileCounter, PercentileOptions, Percentiles } from './percentile-types.js';
import type { Clock } from './rate.js';

export const PERCENTILE_OPTIONS = [
  'windowMs',
  'resolution',
  'highest',
  'digits',
] as const satisfies readonly (keyof PercentileOptions)[];

/** Limits of the options, far from where arithmetic with floating-point numbers fails. */
const MIN_WINDOW_MS = 1;
const MAX_WINDOW_MS = 1e12;
const MIN_RESOLUTION = 1e-15;
const MAX_RESOLUTION = 1e15;
const MAX_STEPS = 2 ** 50;

/** A {@link PercentileCounter} and the way to read it. */
export interface PercentileState {
  readonly counter: PercentileCounter;
  /** How much memory it takes once it has samples in two windows. */
  readonly bytes: number;
  read(): Percentiles;
}

/**
 * Creates a percentile over a recent window.
 *
 * It uses two of Node's HDR histograms in turn: one records the samples of this window, the other keeps those of the window
 * before, and a read merges both. So a read right after a rotation is not empty, old samples need no timer, and ten samples
 * use as much memory as ten million.
 *
 * @param name - The name of the counter, for errors.
 * @throws TypeError when an option is wrong.
 */
export function createPercentile(
  name: string,
  options: PercentileOptions | undefined,
  now: Clock,
): PercentileState {
  const counter = `perf counter ${describeValue(name)}`;
  const { windowMs, resolution, highest, digits } = readOptions(
    counter,
    options ?? {},
    PERCENTILE_OPTIONS,
    resolveValues,
  );
  const scale = 1 / resolution;
  const top = Math.round(highest * scale);
  const startMs = now();
  let window = 0;
  // Created with the first sample: an unused counter takes no memory.
  let current: RecordableHistogram | undefined;
  let previous: RecordableHistogram | undefined;
  let merged: RecordableHistogram | undefined;

  // A histogram starts at 1, so a sample of 0 is recorded as 1, and so on.
  const newHistogram = () => createHistogram({ lowest: 1, highest: Math.max(top + 1, 2), figures: digits });

  function rotate(): void {
    const passed = Math.floor((now() - startMs) / windowMs) - window;
    // A clock that goes backwards stays in its window.
    if (!(passed > 0)) return;
    window += passed;
    [previous, current] = [current, previous];
    current?.reset();
    if (passed > 1) previous?.reset();
  }

  /** Merges both windows. The third histogram is reused: one for each read would pile up until the next collection. */
  function mergeWindows(): RecordableHistogram | undefined {
    if (current === undefined || previous === undefined || previous.count === 0) return current ?? previous;
    merged ??= newHistogram();
    merged.reset();
    merged.add(previous);
    merged.add(current);
    return merged;
  }

  return {
    bytes: 3 * histogramBytes(top + 1, digits),
    counter: {
      observe(value) {
        if (!(value >= 0)) {
          throw new RangeError(`a sample must be a number that is not negative, not ${describeValue(value)}`);
        }
        rotate();
        current ??= newHistogram();
        current.record(Math.min(Math.round(value * scale), top) + 1);
      },
    },
    read() {
      rotate();
      const histogram = mergeWindows();
      if (histogram === undefined || histogram.count === 0)
        return { p50: 0, p90: 0, p95: 0, p99: 0, p999: 0 };
      const valueAt = (permille: number) =>
        (valueAtRank(histogram, Math.ceil((histogram.count * permille) / 1000)) - 1) / scale;
      return {
        p50: valueAt(500),
        p90: valueAt(900),
        p95: valueAt(950),
        p99: valueAt(990),
        p999: valueAt(999),
      };
    },
  };
}

/**
 * Returns the value at a rank. The histogram rounds a percentage to the nearest rank, which may leave too many samples above;
 * the exact share of the rank cannot be rounded to another one.
 */
function valueAtRank(histogram: RecordableHistogram, rank: number): number {
  return histogram.percentile((rank / histogram.count) * 100);
}

/**
 * Returns how many bytes the buckets of a histogram take. An HDR histogram counts values up to `2 * 10 ** digits` one by one, and
 * doubles the width of its buckets from there to the highest value.
 */
function histogramBytes(highest: number, digits: number): number {
  const exactValues = 2 ** Math.ceil(Math.log2(2 * 10 ** digits));
  const doublings = Math.max(0, Math.floor(Math.log2(highest / exactValues)) + 1);
  return 8 * (doublings + 2) * (exactValues / 2);
}

function resolveValues(options: PercentileOptions): Required<{ [Key in keyof PercentileOptions]: number }> {
  const { windowMs = 30_000, resolution = 1, digits = 2 } = options;
  check.numberBetween(windowMs, 'windowMs', MIN_WINDOW_MS, MAX_WINDOW_MS);
  check.numberBetween(resolution, 'resolution', MIN_RESOLUTION, MAX_RESOLUTION);
  const { highest = resolution * 1e9 } = options;
  check.numberBetween(highest, 'highest', resolution, MAX_STEPS * resolution);
  check.integer(digits, 'digits', 1, 4);
  return { windowMs, resolution, highest, digits };
}
