import type { PerfCounter } from '../../model/cluster.js';
import type { PerfCounterSource } from '../../model/source.js';
import type { NumberCounter } from './number.js';
import type { PercentileCounter, PercentileOptions, Percentiles } from './percentile-types.js';
import type { RateCounter } from './rate.js';

/** Options of {@link perfCounterRegistry}. */
export interface PerfCounterRegistryOptions {
  /**
   * Returns milliseconds from any origin, for tests with a clock of their own. Called when a counter is registered, for every
   * sample of a `PERCENTILE`, and when a `RATE` or a `PERCENTILE` is read.
   *
   * @defaultValue `performance.now`
   */
  readonly now?: (() => number) | undefined;
  /**
   * Maximum number of counters. Without a limit, an application that builds names from user input could fill the memory.
   *
   * @defaultValue 100,000
   */
  readonly maxCounters?: number | undefined;
  /**
   * Maximum memory of all `PERCENTILE`s together, in bytes. One takes some 75 KiB by default, and more with finer options, so
   * `maxCounters` alone would allow gigabytes. The memory counts from the registration, although it is allocated by the first
   * samples.
   *
   * @defaultValue 268,435,456: 256 MiB
   */
  readonly maxPercentileBytes?: number | undefined;
}

/** Makes the registry read a value that is kept elsewhere. */
export interface CollectOptions<Value> {
  /** Called when the counter is read. Returns its value; for a `RATE`, a total that only grows. */
  readonly collect: () => Value;
}

/**
 * The perf counters of a process, of Pegasus's four types. A registered counter is an object whose functions are cheap enough
 * for a hot path and need no `this`.
 *
 * Names are `app*section*name`, such as `replica*app.pegasus*get_qps@1.0`; another name is a `TypeError`. Registering a name
 * again returns the same counter when the type is the same (the first description and options stay), and throws
 * `ERR_INVALID_STATE` when it is not.
 *
 * With `{ collect }` a counter reads a value that is kept elsewhere: `collect` is called when the counter is read, as
 * prom-client does it. Nothing is returned then, and the name can be registered only once.
 *
 * A read has Pegasus's effects for every client: two dashboards that poll the same `RATE` each see the rate since either of
 * them read it, and each sees a part of a `VOLATILE_NUMBER`.
 */
export interface PerfCounterRegistry extends PerfCounterSource {
  /** Registers a `NUMBER` that `collect` returns. */
  number(name: string, description: string, options: CollectOptions<number>): void;
  /** Registers a `NUMBER` that your application sets. */
  number(name: string, description: string): NumberCounter;
  /** Registers a `VOLATILE_NUMBER`: a number that a read sets to 0. */
  volatileNumber(name: string, description: string): NumberCounter;
  /** Registers a `RATE` of the total that `collect` returns. `collect` is called now, too. */
  rate(name: string, description: string, options: CollectOptions<number>): void;
  /** Registers a `RATE`: events per second since the last read, or since it was registered. */
  rate(name: string, description: string): RateCounter;
  /** Registers a `PERCENTILE` that `collect` returns. */
  percentile(name: string, description: string, options: CollectOptions<Percentiles>): void;
  /** Registers a `PERCENTILE`: p99 and p999 of the samples in a recent window. */
  percentile(name: string, description: string, options?: PercentileOptions): PercentileCounter;
  /**
   * Removes a counter, so that its name is free. Updates of the removed counter are lost.
   *
   * @returns Whether it was registered.
   */
  remove(name: string): boolean;
  /** Returns all names, in the order of their registration. */
  names(): string[];
  /** Reads a counter, with the effects of its type; `undefined` when there is none of that name. */
  read(name: string): PerfCounter | undefined;
}
