/** Takes samples; a read returns p99 and p999 of the recent ones: a {@link PerfCounterRegistry.percentile}. */
export interface PercentileCounter {
  /**
   * Records one sample. Needs no `this`.
   *
   * @param value - In the counter's own unit. A value above `highest` counts as `highest`.
   * @throws RangeError when it is negative or not a number.
   */
  observe(value: number): void;
}

/** Options of a {@link PerfCounterRegistry.percentile}: which samples it keeps, and how precisely. */
export interface PercentileOptions {
  /**
   * The recent window, in milliseconds, from 1. A read covers at least this much time and at most twice as much.
   *
   * @defaultValue 30,000
   */
  readonly windowMs?: number | undefined;
  /**
   * The smallest difference that matters, in the counter's own unit, from 1e-15 to 1e15: `0.001` keeps milliseconds to the
   * microsecond.
   *
   * @defaultValue 1
   */
  readonly resolution?: number | undefined;
  /**
   * The greatest value that matters, in the counter's own unit: 1 to 2 ** 50 times the resolution.
   *
   * @defaultValue 1,000,000,000 times the resolution
   */
  readonly highest?: number | undefined;
  /**
   * How many significant digits are kept: 1 to 4. With 2 a percentile is at most 1% above the true one (which is rounded to
   * the resolution), never below it, and a counter takes some 75 KiB once it has samples. Each further digit takes about ten
   * times as much.
   *
   * @defaultValue 2
   */
  readonly digits?: number | undefined;
}

/** The values of a `PERCENTILE`. `/perfCounter` prints the last two, `/metrics` all that are known. */
export interface Percentiles {
  /** The median of the samples; 0 when there are none. */
  readonly p50?: number | undefined;
  /** 90% of the samples are at most this; 0 when there are none. */
  readonly p90?: number | undefined;
  /** 95% of the samples are at most this; 0 when there are none. */
  readonly p95?: number | undefined;
  /** 99% of the samples are at most this; 0 when there are none. */
  readonly p99: number;
  /** 99.9% of the samples are at most this; 0 when there are none. */
  readonly p999: number;
}
