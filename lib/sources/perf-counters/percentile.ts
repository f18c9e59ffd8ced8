import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import { describeValue } from '../../validate/describe-value.js';
import type { PercentileCounter, PercentileOptions, Percentiles } from './percentile-types.js';
import type { Clock } from './rate.js';

export const PERCENTILE_OPTIONS = [
  'windowMs',
  'resolution',
  'highest',
  'digits',
] as const satisfies readonly (keyof PercentileOptions)[];

/** A {@link PercentileCounter} and the way to read it. */
export interface PercentileState {
  readonly counter: PercentileCounter;
  read(): Percentiles;
}

/**
 * Creates a percentile over a recent window.
 *
 * It uses two of Node's HDR histograms in turn: one records the samples of this window, the other keeps those of the window
 * before, and a read merges both. So a read right after a rotation is not empty, old samples need no timer, and ten samples
 * use as much memory as ten million.
 *
 * @throws TypeError when an option is wrong.
 */
export function createPercentile(options: PercentileOptions | undefined, now: Clock): PercentileState {
  const { windowMs, resolution, highest, digits } = resolveOptions(options);
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
      if (histogram === undefined || histogram.count === 0) return { p99: 0, p999: 0 };
      return {
        p99: (valueAtRank(histogram, Math.ceil((histogram.count * 99) / 100)) - 1) / scale,
        p999: (valueAtRank(histogram, Math.ceil((histogram.count * 999) / 1000)) - 1) / scale,
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

function resolveOptions(
  options: PercentileOptions = {},
): Required<{ [Key in keyof PercentileOptions]: number }> {
  const { windowMs = 30_000, resolution = 1, digits = 2 } = options;
  const { highest = resolution * 1e9 } = options;
  for (const [name, value] of Object.entries({ windowMs, resolution, highest })) {
    if (typeof value === 'number' && value > 0 && value < Number.POSITIVE_INFINITY) continue;
    throw new TypeError(`${name} of a perf counter must be a positive number, not ${describeValue(value)}`);
  }
  if (!Number.isInteger(digits) || digits < 1 || digits > 4) {
    throw new TypeError(
      `digits of a perf counter must be an integer from 1 to 4, not ${describeValue(digits)}`,
    );
  }
  if (highest / resolution > 2 ** 50) {
    throw new TypeError(
      `highest of a perf counter must be at most 2 ** 50 times its resolution ${resolution}, not ${highest}`,
    );
  }
  return { windowMs, resolution, highest, digits };
}
