import type { PerfCounter } from '../../model/cluster.js';
import type { PerfCounterType } from '../../model/enums.js';
import { PegasusError } from '../../model/errors.js';
import { describeValue } from '../../validate/describe-value.js';
import { checkCounterName } from './name.js';

/** A counter that your application updates, and the way to read it. */
export interface OwnCounter<Counter> {
  readonly counter: Counter;
  /** How much memory it may take, when that is considerable. */
  readonly bytes?: number;
  read(): PerfCounter;
}

/** Limits of a registry; see {@link PerfCounterRegistryOptions}. */
export interface Limits {
  readonly maxCounters: number;
  readonly maxPercentileBytes: number;
}

/** The registered counters of a registry by name. */
export interface Entries {
  /** Registers a counter that your application updates; returns the one that is registered already, if any. */
  registerCounter<Counter>(
    name: string,
    type: PerfCounterType,
    description: string,
    create: () => OwnCounter<Counter>,
  ): Counter;
  /** Registers a counter whose value is kept elsewhere. */
  registerCallback(
    name: string,
    type: PerfCounterType,
    description: string,
    create: () => () => PerfCounter,
  ): void;
  remove(name: string): boolean;
  names(): string[];
  read(name: string): PerfCounter | undefined;
}

interface Entry {
  readonly type: PerfCounterType;
  /** `undefined` when the value is kept elsewhere. */
  readonly counter: unknown;
  readonly bytes?: number;
  read(): PerfCounter;
}

/** Creates an empty set of counters. */
export function createEntries({ maxCounters, maxPercentileBytes }: Limits): Entries {
  const entries = new Map<string, Entry>();
  let percentileBytes = 0;

  /** Finds the counter of a name, and checks that the name can be registered as this type. */
  function find(name: string, type: PerfCounterType, description: string): Entry | undefined {
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

  return {
    registerCounter<Counter>(
      name: string,
      type: PerfCounterType,
      description: string,
      create: () => OwnCounter<Counter>,
    ) {
      const entry = find(name, type, description);
      if (entry === undefined) {
        const created = create();
        const { bytes = 0 } = created;
        if (percentileBytes + bytes > maxPercentileBytes) {
          const message = `perf counter ${describeValue(name)} takes ${bytes} bytes: maxPercentileBytes allows ${maxPercentileBytes}, of which ${percentileBytes} are taken`;
          throw new PegasusError('ERR_INVALID_STATE', message);
        }
        percentileBytes += bytes;
        entries.set(name, { type, ...created });
        return created.counter;
      }
      if (entry.counter === undefined) throw duplicateName(name);
      return entry.counter as Counter;
    },
    registerCallback(name, type, description, create) {
      if (find(name, type, description) !== undefined) throw duplicateName(name);
      entries.set(name, { type, counter: undefined, read: create() });
    },
    remove(name) {
      percentileBytes -= entries.get(name)?.bytes ?? 0;
      return entries.delete(name);
    },
    names: () => [...entries.keys()],
    read: (name) => entries.get(name)?.read(),
  };
}

function duplicateName(name: string): PegasusError {
  return new PegasusError('ERR_INVALID_STATE', `perf counter ${describeValue(name)} is registered already`);
}
