import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import { describeValue } from '../../validate/describe-value.js';
import { checkOptionKeys } from '../../validate/unknown-key.js';
import type { Clock } from './rate.js';

/** Takes samples; what is read is p99 and p999 of the recent ones: a {@link PerfCounterRegistry.percentile}. */
export interface PercentileCounter {
  /**
   * Takes one sample.
   *
   * @param value - In the counter's own unit. What is above `highest` counts as `highest`.
   * @throws RangeError when it is negative or no number.
   */
  observe(value: number): void;
}

/** How a {@link PerfCounterRegistry.percentile} keeps its samples. */
export interface PercentileOptions {
  /**
   * The recent window, in milliseconds: what is read covers at least this much time, and at most twice as much.
   *
   * @defaultValue 30,000
   */
  readonly windowMs?: number | undefined;
  /**
   * The smallest difference that matters, in the counter's own unit: `0.001` for milliseconds that are kept by the microsecond.
   *
   * @defaultValue 1
   */
  readonly resolution?: number | undefined;
  /**
   * The greatest value that matters, in the counter's own unit.
   *
   * @defaultValue a thousand million times the resolution
   */
  readonly highest?: number | undefined;
  /**
   * How many significant digits are kept: 1 to 4. With 2 a percentile is at most 1% above the true one (which is rounded to
   * the resolution), never below it, and a counter costs some 75 KiB once it has samples; each digit more costs about ten
   * times as much.
   *
   * @defaultValue 2
   */
  readonly digits?: number | undefined;
}

/** What is read of a `PERCENTILE`. */
export interface Percentiles {
  /** 99% of the samples are at most this; 0 when there is none. */
  readonly p99: number;
  /** 99.9% of the samples are at most this; 0 when there is none. */
  readonly p999: number;
}

/** What keeps a {@link PercentileCounter}, as the registry sees it. */
export interface PercentileFigure {
  readonly counter: PercentileCounter;
  percentiles(): Percentiles;
}

/**
 * Two of Node's HDR histograms in turn: one takes the samples of this window, the other keeps those of the window before,
 * and what is read is both together. So a fresh window does not read as empty, old samples go without a timer, and the
 * memory is the same for ten samples and for ten million.
 */
export function percentileFigure(options: PercentileOptions, now: Clock): PercentileFigure {
  const { windowMs, resolution, highest, digits } = checkedOptions(options);
  const scale = 1 / resolution;
  const top = Math.round(highest * scale);
  const startMs = now();
  let window = 0;
  // The histograms come with the first sample: a counter that nobody feeds costs nothing.
  let current: RecordableHistogram | undefined;
  let previous: RecordableHistogram | undefined;
  let sum: RecordableHistogram | undefined;

  // Histograms start at 1, so that a sample of 0 needs to be kept as 1 and so on.
  const make = () => createHistogram({ lowest: 1, highest: Math.max(top + 1, 2), figures: digits });

  function turn(): void {
    const passed = Math.floor((now() - startMs) / windowMs) - window;
    // A clock that goes backwards stays in its window.
    if (!(passed > 0)) return;
    window += passed;
    [previous, current] = [current, previous];
    current?.reset();
    if (passed > 1) previous?.reset();
  }

  /**
   * Both windows in one. The third histogram stays for the next read: made anew for each, they would pile up until the
   * next collection.
   */
  function recent(): RecordableHistogram | undefined {
    if (current === undefined || previous === undefined || previous.count === 0) return current ?? previous;
    sum ??= make();
    sum.reset();
    sum.add(previous);
    sum.add(current);
    return sum;
  }

  return {
    counter: {
      observe(value) {
        if (!(value >= 0)) {
          throw new RangeError(`a sample must be a number that is not negative, not ${describeValue(value)}`);
        }
        turn();
        current ??= make();
        current.record(Math.min(Math.round(value * scale), top) + 1);
      },
    },
    percentiles() {
      turn();
      const histogram = recent();
      if (histogram === undefined || histogram.count === 0) return { p99: 0, p999: 0 };
      return {
        p99: (valueAtRank(histogram, Math.ceil((histogram.count * 99) / 100)) - 1) / scale,
        p999: (valueAtRank(histogram, Math.ceil((histogram.count * 999) / 1000)) - 1) / scale,
      };
    },
  };
}

/**
 * The histogram rounds to the nearest rank, which may leave too many samples above; asked for this rank's own share it
 * cannot.
 */
function valueAtRank(histogram: RecordableHistogram, rank: number): number {
  return histogram.percentile((rank / histogram.count) * 100);
}

function checkedOptions(options: PercentileOptions): Required<{ [Key in keyof PercentileOptions]: number }> {
  checkOptionKeys(options, ['windowMs', 'resolution', 'highest', 'digits'], 'options of a perf counter');
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
