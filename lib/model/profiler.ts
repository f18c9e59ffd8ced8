import type { MaybePromise } from './maybe-promise.js';
import type { SourceContext } from './source-context.js';

/**
 * Profiles a process: what stands behind `/pprof/*`. `processProfiler` of `pegasus-http/profiler` makes one for the process
 * that it is called in; a host may have its own, and a test a fake. It hands out call trees and plain values; the
 * formats are the endpoints' business.
 *
 * `cpu`, `heap` and `growth` are each called again only when the last call has settled: while one is under way, the
 * endpoint answers others by itself. All handlers that were given the same object take turns. No call of any function here is shared
 * between requests: a profile is of the time from when it was asked for.
 *
 * @example A fake that saw one function work for two seconds.
 * ```ts
 * import { createServer } from 'node:http';
 * import { createPegasusHandler, type Profile, type Profiler } from 'pegasus-http';
 *
 * const render = { name: 'render', url: '/app/page.js', line: 12, count: 200, value: 2_000_000, children: [] };
 * const profile: Profile = {
 *   root: { name: '(root)', url: '', line: 0, count: 0, value: 0, children: [render] },
 *   startMs: Date.now(),
 *   durationMs: 2_000,
 *   period: 10_000,
 * };
 * const profiler: Profiler = {
 *   cpu: () => profile,
 *   heap: () => 'disabled',
 *   growth: () => 'disabled',
 *   symbolCount: () => 1,
 *   symbols: (addresses) => addresses.map(() => undefined),
 *   mappedLibraries: () => [],
 *   commandLine: () => ['node', 'server.js'],
 * };
 * const processInfo = {
 *   version: () => ({ version: '2.5.0', gitCommit: 'cf428dc' }),
 *   startSecond: () => 1_565_713_320,
 *   profiler,
 * };
 * createServer(createPegasusHandler({ processInfo })).listen(34801);
 * // go tool pprof -top 'http://127.0.0.1:34801/pprof/profile?seconds=2'
 * ```
 */
export interface Profiler {
  /**
   * Called by `/pprof/profile`.
   *
   * @param seconds - How long to watch: a positive integer.
   * @param call - Its signal fires when the client leaves: stop then. The time limit begins behind `seconds`.
   * @returns Per function, `value` microseconds on the CPU over `count` samples; `period` is the microseconds between two.
   */
  cpu(seconds: number, call: SourceContext): MaybePromise<Profile>;

  /**
   * Called by `/pprof/heap`.
   *
   * @param seconds - `undefined`: everything that lives. Else a positive integer: what was allocated from now on, for so
   *   long, and lives at the end.
   * @returns Per function, `value` bytes in `count` objects, both estimated from samples; `period` is the bytes between two.
   */
  heap(seconds: number | undefined, call: SourceContext): MaybePromise<Profile | HeapProfileUnavailable>;

  /**
   * Called by `/pprof/growth`.
   *
   * @returns What made the heap grow, in the units of `heap`: it never shrinks.
   */
  growth(call: SourceContext): MaybePromise<Profile | HeapProfileUnavailable>;

  /** Called by `GET /pprof/symbol`. How many names {@link Profiler.symbols} can tell, at no great cost. */
  symbolCount(call: SourceContext): MaybePromise<number>;

  /**
   * Called by `POST /pprof/symbol`, with the addresses that are not of JavaScript functions. (Those have none; the endpoints
   * make up addresses for them, and answer for them.)
   *
   * @param addresses - Of native code in this process, at most some hundred thousands, below 2^52.
   * @returns For each the name of the function that it lies in, `undefined` where there is none.
   */
  symbols(addresses: readonly number[], call: SourceContext): MaybePromise<readonly (string | undefined)[]>;

  /**
   * Called by whatever answers in a gperftools format.
   *
   * @returns The lines of `/proc/self/maps` that have a file, empty where there is no such thing. Anonymous memory must not be
   *   among them: the tools would move the addresses of JavaScript functions by it.
   */
  mappedLibraries(call: SourceContext): MaybePromise<readonly string[]>;

  /** Called by `/pprof/cmdline` and for the program's name in a profile. The program first, then its arguments. */
  commandLine(call: SourceContext): MaybePromise<readonly string[]>;
}

/**
 * Why there is no heap profile. `off`: nothing samples the heap. `restarted`: other code of this process had stopped the
 * sampler (it has but one); it runs again, and knows what is allocated from now on.
 */
export type HeapProfileUnavailable = 'disabled' | 'restarted';

/** What was sampled over some time, or at one moment. */
export interface Profile {
  /** Stands above the outermost functions; no function itself. */
  readonly root: CallNode;
  /** Unix time in milliseconds when it began. */
  readonly startMs: number;
  /** Milliseconds; 0 for one moment. */
  readonly durationMs: number;
  /** Between two samples, on average: microseconds (CPU) or bytes (heap). */
  readonly period: number;
}

/** A function as it was called by those above it. */
export interface CallNode {
  /** Its name, empty where it has none. What is no function stands in parentheses: `(program)`, `(garbage collector)`. */
  readonly name: string;
  /** Its file, as a path or as a URL; empty for none. */
  readonly url: string;
  /** The line where it begins, from 1; 0 for none. */
  readonly line: number;
  /** Samples (CPU) or objects (heap) of its own, without those of the functions that it called. */
  readonly count: number;
  /** Microseconds (CPU) or bytes (heap) of its own. */
  readonly value: number;
  /** The functions that it called. */
  readonly children: readonly CallNode[];
}
