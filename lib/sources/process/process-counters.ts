import { readFileSync } from 'node:fs';
import { getHeapStatistics } from 'node:v8';
import type { PerfCounterSource } from '../../model/source.js';
import * as check from '../../validate/checks.js';
import { readOptions } from '../../validate/options.js';
import { perfCounterRegistry } from '../perf-counters/registry.js';
import type { PerfCounterRegistry } from '../perf-counters/registry-types.js';
import { eventLoopDelay } from './event-loop-delay.js';
import { GC_COUNTERS, garbageCollection } from './garbage-collection.js';
import { runWhileRead } from './on-demand.js';

/** Options of {@link processCounters}. */
export interface ProcessCountersOptions {
  /**
   * How long the event loop and the garbage collections are monitored after they were last read, in milliseconds.
   *
   * @defaultValue 600,000: ten minutes
   */
  readonly idleMs?: number | undefined;
}

/** The metrics of this process as perf counters. */
export interface ProcessCounters extends PerfCounterSource {
  /** Returns the names of all counters. */
  names(): string[];
  /** Stops monitoring and removes all counters. Optional: nothing here keeps the process alive. */
  close(): void;
}

const EVENT_LOOP_DELAY = 'replica*server*event_loop.delay(ms)';

/** The recent window of a monitored counter, the same as a registry's default. */
const WINDOW_MS = 30_000;

const MIB = 2 ** 20;

/**
 * Creates the metrics of this process, under the names of Pegasus's built-in counters (which begin with `replica*server*` on
 * every server, meta servers included). Metrics that Pegasus lacks have names in the same style. `(MB)` is 2^20 bytes, as in
 * Pegasus.
 *
 * | name | type | |
 * |---|---|---|
 * | `replica*server*memused.virt(MB)` | NUMBER | virtual memory; on Linux only |
 * | `replica*server*memused.res(MB)` | NUMBER | resident memory |
 * | `replica*server*heap.used(MB)` | NUMBER | used part of V8's heap |
 * | `replica*server*heap.total(MB)` | NUMBER | size of V8's heap |
 * | `replica*server*heap.limit(MB)` | NUMBER | maximum size of V8's heap |
 * | `replica*server*external(MB)` | NUMBER | memory outside the heap that belongs to its objects, such as buffers |
 * | `replica*server*cpu.user(%)` | RATE | CPU time in user mode since the last read; 100 is one core |
 * | `replica*server*cpu.system(%)` | RATE | CPU time in the kernel since the last read |
 * | `replica*server*handle.count` | NUMBER | resources that keep the event loop running: sockets, timers, pending requests |
 * | `replica*server*event_loop.delay(ms)` | PERCENTILE | delay of the event loop in the last 30 to 60 s |
 * | `replica*server*gc.pause(ms)` | PERCENTILE | duration of a garbage collection in the last 30 to 60 s |
 * | `replica*server*gc.time(%)` | RATE | share of time spent in garbage collections since the last read |
 * | `replica*server*recent.gc.count` | VOLATILE_NUMBER | garbage collections since the last read |
 *
 * The last four are monitored. Monitoring starts at the first read of one of them, which returns 0, and stops `idleMs` after
 * the last read. The others are looked up when they are read, and cost nothing in between.
 *
 * @throws TypeError when an option is wrong.
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { createPegasusHandler, processCounters } from 'pegasus-http';
 *
 * const perfCounters = processCounters();
 * const server = createServer(createPegasusHandler({ perfCounters })).listen(34801, '127.0.0.1');
 * server.on('close', () => perfCounters.close());
 * // curl 'http://127.0.0.1:34801/perfCounter?name=replica*server*memused.res(MB)'
 * ```
 */
export function processCounters(options: ProcessCountersOptions = {}): ProcessCounters {
  const idleMs = readOptions('processCounters', options, ['idleMs'], ({ idleMs = 600_000 }) =>
    check.positiveNumber(idleMs, 'idleMs'),
  );
  const counters = perfCounterRegistry();
  registerMemory(counters);
  registerCpu(counters);
  counters.number('replica*server*handle.count', 'resources that keep the event loop running', {
    collect: () => process.getActiveResourcesInfo().length,
  });

  const windows = Math.max(1, Math.ceil(idleMs / WINDOW_MS));
  const delay = eventLoopDelay();
  counters.percentile(EVENT_LOOP_DELAY, 'delay of the event loop in milliseconds', { collect: delay.read });
  const onDemandDelay = runWhileRead(delay, Math.min(idleMs, WINDOW_MS), windows);
  const onDemandGc = runWhileRead(garbageCollection(counters), Math.min(idleMs, WINDOW_MS), windows);
  const monitored = new Map([
    [EVENT_LOOP_DELAY, onDemandDelay],
    ...Object.values(GC_COUNTERS).map((name) => [name, onDemandGc] as const),
  ]);

  return {
    names: counters.names,
    read(name) {
      monitored.get(name)?.touch();
      return counters.read(name);
    },
    close() {
      onDemandDelay.close();
      onDemandGc.close();
      for (const name of counters.names()) counters.remove(name);
    },
  };
}

function registerMemory(counters: PerfCounterRegistry): void {
  const inMb = (name: string, description: string, bytes: () => number) =>
    counters.number(`replica*server*${name}(MB)`, description, { collect: () => bytes() / MIB });

  if (virtualBytes() !== undefined) {
    inMb('memused.virt', 'virtual memory usages in MB', () => virtualBytes() ?? 0);
  }
  inMb('memused.res', 'physically memory usages in MB', () => process.memoryUsage.rss());
  inMb('heap.used', 'used heap in MB', () => getHeapStatistics().used_heap_size);
  inMb('heap.total', 'size of the heap in MB', () => getHeapStatistics().total_heap_size);
  inMb('heap.limit', 'maximum size of the heap in MB', () => getHeapStatistics().heap_size_limit);
  inMb(
    'external',
    'memory outside the heap that belongs to its objects in MB',
    () => process.memoryUsage().external,
  );
}

function registerCpu(counters: PerfCounterRegistry): void {
  // Microseconds of CPU time: 10,000 in every second are 1%.
  counters.rate('replica*server*cpu.user(%)', 'CPU time in user mode in percent of one core', {
    collect: () => process.cpuUsage().user / 1e4,
  });
  counters.rate('replica*server*cpu.system(%)', 'CPU time in the kernel in percent of one core', {
    collect: () => process.cpuUsage().system / 1e4,
  });
}

/** Returns the virtual memory in bytes; `undefined` where there is no `/proc`. */
function virtualBytes(): number | undefined {
  try {
    const [, kilobytes] = /^VmSize:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}
