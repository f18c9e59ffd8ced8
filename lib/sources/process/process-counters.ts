import { readFileSync } from 'node:fs';
import { getHeapStatistics } from 'node:v8';
import type { PerfCounterSource } from '../../model/source.js';
import { describeValue } from '../../validate/describe-value.js';
import { checkOptionKeys } from '../../validate/unknown-key.js';
import { type PerfCounterRegistry, perfCounterRegistry } from '../perf-counters/registry.js';
import { eventLoopDelay } from './event-loop-delay.js';
import { GC_COUNTERS, garbageCollection } from './garbage-collection.js';
import { whileRead } from './on-demand.js';

/** Options of {@link processCounters}. */
export interface ProcessCountersOptions {
  /**
   * For how long the event loop and the garbage collections are watched after they were last read, in milliseconds.
   *
   * @defaultValue 600,000: ten minutes
   */
  readonly idleMs?: number | undefined;
}

/** The figures of this process, and what stops their collecting. */
export interface ProcessCounters extends PerfCounterSource {
  /** The names of all. */
  names(): string[];
  /**
   * Stops what runs. From then on there is no counter any more. Call it when the host stops; nothing here keeps the
   * process alive without it.
   */
  close(): void;
}

const EVENT_LOOP_DELAY = 'replica*server*event_loop.delay(ms)';

/** How long the recent window is of what is watched: the same as a registry's. */
const WINDOW_MS = 30_000;

const MIB = 2 ** 20;

/**
 * The figures of this process, under the names that Pegasus's built-in counters have (which begin with `replica*server*` on
 * every server, the meta server too) and in their style where Pegasus has none. `(MB)` is 2^20 bytes, as there.
 *
 * | name | type | |
 * |---|---|---|
 * | `replica*server*memused.virt(MB)` | NUMBER | virtual memory; on Linux only |
 * | `replica*server*memused.res(MB)` | NUMBER | resident memory |
 * | `replica*server*heap.used(MB)` | NUMBER | V8's heap: what is used of it |
 * | `replica*server*heap.total(MB)` | NUMBER | its size |
 * | `replica*server*heap.limit(MB)` | NUMBER | how large it may grow |
 * | `replica*server*external(MB)` | NUMBER | memory outside of it that belongs to its objects: buffers |
 * | `replica*server*cpu.user(%)` | RATE | CPU time in user mode since the last read; 100 is one core |
 * | `replica*server*cpu.system(%)` | RATE | the same in the kernel |
 * | `replica*server*handle.count` | NUMBER | what keeps the event loop going: sockets, timers, requests under way |
 * | `replica*server*event_loop.delay(ms)` | PERCENTILE | how late the event loop is, of the last 30 to 60 s |
 * | `replica*server*gc.pause(ms)` | PERCENTILE | duration of a garbage collection, of the last 30 to 60 s |
 * | `replica*server*gc.time(%)` | RATE | share of time spent in garbage collections since the last read |
 * | `replica*server*recent.gc.count` | VOLATILE_NUMBER | garbage collections since the last read |
 *
 * The last four must be watched to be known. That begins when one of them is read for the first time (which says 0) and ends
 * `idleMs` after the last time. All the others are looked up when they are read, and cost nothing in between.
 *
 * @throws TypeError when an option is not what it must be.
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { createPegasusHandler, processCounters } from 'pegasus-http';
 *
 * const perfCounters = processCounters();
 * const server = createServer(createPegasusHandler({ perfCounters })).listen(34801);
 * server.on('close', () => perfCounters.close());
 * // curl 'http://127.0.0.1:34801/perfCounter?name=replica*server*memused.res(MB)'
 * ```
 */
export function processCounters(options: ProcessCountersOptions = {}): ProcessCounters {
  checkOptionKeys(options, ['idleMs'], 'processCounters');
  const { idleMs = 600_000 } = options;
  if (typeof idleMs !== 'number' || !(idleMs > 0)) {
    throw new TypeError(`processCounters: idleMs must be a positive number, not ${describeValue(idleMs)}`);
  }
  const counters = perfCounterRegistry();
  registerMemory(counters);
  registerCpu(counters);
  counters.numberOf(
    'replica*server*handle.count',
    'what keeps the event loop going',
    () => process.getActiveResourcesInfo().length,
  );

  const windows = Math.max(1, Math.ceil(idleMs / WINDOW_MS));
  const delay = eventLoopDelay();
  counters.percentileOf(EVENT_LOOP_DELAY, 'delay of the event loop in milliseconds', delay.read);
  const delayWatch = whileRead(delay, Math.min(idleMs, WINDOW_MS), windows);
  const gcWatch = whileRead(garbageCollection(counters), Math.min(idleMs, WINDOW_MS), windows);
  const watches = new Map([
    [EVENT_LOOP_DELAY, delayWatch],
    ...Object.values(GC_COUNTERS).map((name) => [name, gcWatch] as const),
  ]);

  return {
    names: counters.names,
    read(name) {
      watches.get(name)?.touch();
      return counters.read(name);
    },
    close() {
      delayWatch.close();
      gcWatch.close();
      for (const name of counters.names()) counters.remove(name);
    },
  };
}

function registerMemory(counters: PerfCounterRegistry): void {
  const inMb = (name: string, description: string, bytes: () => number) =>
    counters.numberOf(`replica*server*${name}(MB)`, description, () => bytes() / MIB);

  if (virtualBytes() !== undefined) {
    inMb('memused.virt', 'virtual memory usages in MB', () => virtualBytes() ?? 0);
  }
  inMb('memused.res', 'physically memory usages in MB', () => process.memoryUsage.rss());
  inMb('heap.used', 'used heap in MB', () => getHeapStatistics().used_heap_size);
  inMb('heap.total', 'size of the heap in MB', () => getHeapStatistics().total_heap_size);
  inMb('heap.limit', 'how large the heap may grow in MB', () => getHeapStatistics().heap_size_limit);
  inMb(
    'external',
    'memory outside of the heap that its objects hold in MB',
    () => process.memoryUsage().external,
  );
}

function registerCpu(counters: PerfCounterRegistry): void {
  // Microseconds of CPU time; a hundredth of a second in every second is one percent.
  counters.rateOf(
    'replica*server*cpu.user(%)',
    'CPU time in user mode in percent of one core',
    () => process.cpuUsage().user / 1e4,
  );
  counters.rateOf(
    'replica*server*cpu.system(%)',
    'CPU time in the kernel in percent of one core',
    () => process.cpuUsage().system / 1e4,
  );
}

/** `undefined` where there is no `/proc`. */
function virtualBytes(): number | undefined {
  try {
    const [, kilobytes] = /^VmSize:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}
