import type { PerfCounter } from '../../model/cluster.js';
import type { PerfCounterType } from '../../model/enums.js';
import { PegasusError } from '../../model/errors.js';
import type { PerfCounterSource } from '../../model/source.js';
import { describeValue } from '../../validate/describe-value.js';
import { checkOptionKeys } from '../../validate/unknown-key.js';
import { checkCounterName } from './name.js';
import { type NumberCounter, numberFigure } from './number.js';
import {
  type PercentileCounter,
  type PercentileOptions,
  type Percentiles,
  percentileFigure,
} from './percentile.js';
import { type RateCounter, ratePerSecond, takeFromTotal } from './rate.js';

/** Options of {@link perfCounterRegistry}. */
export interface PerfCounterRegistryOptions {
  /**
   * The clock, in milliseconds from any origin, for tests that want one of their own. Called when a counter is registered,
   * for every sample of a `PERCENTILE`, and when a `RATE` or a `PERCENTILE` is read.
   *
   * @defaultValue `performance.now`
   */
  readonly now?: (() => number) | undefined;
  /**
   * How many counters it takes. A host that makes names out of what its users send would otherwise fill the memory.
   *
   * @defaultValue 100,000
   */
  readonly maxCounters?: number | undefined;
}

/**
 * The perf counters of a process, of Pegasus's four types. What registers a counter gets an object whose functions are cheap
 * enough for any path; they need no `this`.
 *
 * Names are `app*section*name`, such as `replica*app.pegasus*get_qps@1.0`; a bad one is a `TypeError`. A name that is
 * registered already gives the same counter when the type is the same (its description and options are those of the first),
 * and `ERR_INVALID_STATE` when it is another. The three that end in `Of` read what somebody else measures; their names can
 * only be registered once.
 *
 * Reading has Pegasus's effects, for everyone who reads: two dashboards that poll the same `RATE` each see the rate since
 * *anyone* read it last, and of a `VOLATILE_NUMBER` each sees a part.
 */
export interface PerfCounterRegistry extends PerfCounterSource {
  /** A `NUMBER`: what it was set to. */
  number(name: string, description: string): NumberCounter;
  /** A `VOLATILE_NUMBER`: a number that goes back to 0 when it is read. */
  volatileNumber(name: string, description: string): NumberCounter;
  /** A `RATE`: events per second since it was last read, or since it was registered. */
  rate(name: string, description: string): RateCounter;
  /** A `PERCENTILE`: p99 and p999 of a recent window; see {@link PercentileOptions}. */
  percentile(name: string, description: string, options?: PercentileOptions): PercentileCounter;
  /** A `NUMBER` that somebody else keeps: `read` is called whenever it is read. */
  numberOf(name: string, description: string, read: () => number): void;
  /** A `RATE` of a total that somebody else keeps and that only grows: `total` is called now and whenever it is read. */
  rateOf(name: string, description: string, total: () => number): void;
  /** A `PERCENTILE` that somebody else keeps: `read` is called whenever it is read. */
  percentileOf(name: string, description: string, read: () => Percentiles): void;
  /** Takes a counter away, so that its name is free; what its owner still adds to it is lost. @returns Whether it was there. */
  remove(name: string): boolean;
  /** All names, in the order of their registration. */
  names(): string[];
  /** Reads a counter, with the effects that reading has; `undefined` when there is none of that name. */
  read(name: string): PerfCounter | undefined;
}

interface Entry {
  readonly type: PerfCounterType;
  /** `undefined` for what somebody else keeps. */
  readonly counter: unknown;
  read(): PerfCounter;
}

/**
 * Makes an empty {@link PerfCounterRegistry}.
 *
 * @throws TypeError when an option is not what it must be.
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { createPegasusHandler, perfCounterRegistry } from 'pegasus-http';
 *
 * const perfCounters = perfCounterRegistry();
 * const gets = perfCounters.rate('replica*app.pegasus*get_qps@1.0', 'statistic the qps of GET request');
 * const latency = perfCounters.percentile(
 *   'replica*app.pegasus*get_latency(ms)@1.0',
 *   'statistic the latency of GET request',
 *   { resolution: 0.001 },
 * );
 * const store = new Map<string, string>();
 *
 * export function get(key: string): string | undefined {
 *   const startMs = performance.now();
 *   const value = store.get(key);
 *   gets.inc();
 *   latency.observe(performance.now() - startMs);
 *   return value;
 * }
 *
 * createServer(createPegasusHandler({ perfCounters })).listen(34801);
 * // curl 'http://127.0.0.1:34801/perfCounter?name=replica*app.pegasus*get_qps@1.0'
 * ```
 */
export function perfCounterRegistry(options: PerfCounterRegistryOptions = {}): PerfCounterRegistry {
  checkOptionKeys(options, ['now', 'maxCounters'], 'perfCounterRegistry');
  const { now = () => performance.now(), maxCounters = 100_000 } = options;
  if (typeof now !== 'function')
    throw new TypeError(`perfCounterRegistry: now must be a function, not ${describeValue(now)}`);
  if (!Number.isInteger(maxCounters) || maxCounters < 1) {
    throw new TypeError(
      `perfCounterRegistry: maxCounters must be a positive integer, not ${describeValue(maxCounters)}`,
    );
  }
  const entries = new Map<string, Entry>();

  function known(name: string, type: PerfCounterType, description: string): Entry | undefined {
    checkCounterName(name);
    if (typeof description !== 'string') {
      throw new TypeError(
        `description of perf counter ${describeValue(name)} must be a string, not ${describeValue(description)}`,
      );
    }
    const entry = entries.get(name);
    if (entry === undefined && entries.size >= maxCounters) {
      const message = `there are ${maxCounters} perf counters already: maxCounters allows no more, such as ${describeValue(name)}`;
      throw new PegasusError('ERR_INVALID_STATE', message);
    }
    if (entry !== undefined && entry.type !== type) {
      const message = `perf counter ${describeValue(name)} is a ${entry.type} already, and cannot be a ${type} too`;
      throw new PegasusError('ERR_INVALID_STATE', message);
    }
    return entry;
  }

  function kept<Counter>(
    name: string,
    type: PerfCounterType,
    description: string,
    make: () => { readonly counter: Counter; read(): PerfCounter },
  ): Counter {
    const entry = known(name, type, description);
    if (entry !== undefined && entry.counter === undefined) throw takenTwice(name);
    if (entry !== undefined) return entry.counter as Counter;
    const made = make();
    entries.set(name, { type, ...made });
    return made.counter;
  }

  function lent(
    name: string,
    type: PerfCounterType,
    description: string,
    given: unknown,
    make: () => () => PerfCounter,
  ): void {
    if (known(name, type, description) !== undefined) throw takenTwice(name);
    if (typeof given !== 'function') {
      throw new TypeError(
        `perf counter ${describeValue(name)} needs a function to read it by, not ${describeValue(given)}`,
      );
    }
    entries.set(name, { type, counter: undefined, read: make() });
  }

  return {
    number: (name, description) =>
      kept(name, 'NUMBER', description, () => {
        const { counter, value } = numberFigure();
        return { counter, read: () => ({ name, type: 'NUMBER', value: value(), description }) };
      }),
    volatileNumber: (name, description) =>
      kept(name, 'VOLATILE_NUMBER', description, () => {
        const { counter, take } = numberFigure();
        return { counter, read: () => ({ name, type: 'VOLATILE_NUMBER', value: take(), description }) };
      }),
    rate: (name, description) =>
      kept(name, 'RATE', description, () => {
        const { counter, take } = numberFigure();
        const rate = ratePerSecond(take, now);
        const { add } = counter;
        return { counter: { inc: add }, read: () => ({ name, type: 'RATE', value: rate(), description }) };
      }),
    percentile: (name, description, given = {}) =>
      kept(name, 'PERCENTILE', description, () => {
        const { counter, percentiles } = percentileFigure(given, now);
        return { counter, read: () => ({ name, type: 'PERCENTILE', ...percentiles(), description }) };
      }),
    numberOf: (name, description, read) =>
      lent(name, 'NUMBER', description, read, () => () => ({
        name,
        type: 'NUMBER',
        value: read(),
        description,
      })),
    rateOf: (name, description, total) =>
      lent(name, 'RATE', description, total, () => {
        const rate = ratePerSecond(takeFromTotal(total), now);
        return () => ({ name, type: 'RATE', value: rate(), description });
      }),
    percentileOf: (name, description, read) =>
      lent(name, 'PERCENTILE', description, read, () => () => {
        const { p99, p999 } = read();
        return { name, type: 'PERCENTILE', p99, p999, description };
      }),
    remove: (name) => entries.delete(name),
    names: () => [...entries.keys()],
    read: (name) => entries.get(name)?.read(),
  };
}

function takenTwice(name: string): PegasusError {
  return new PegasusError('ERR_INVALID_STATE', `perf counter ${describeValue(name)} is registered already`);
}
