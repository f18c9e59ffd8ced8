import type { MaybePromise } from './maybe-promise.js';
import type { SourceContext } from './source-context.js';

/**
 * Profiles a process: the data behind `/pprof/*`. `processProfiler` of `pegasus-http/profiler` creates one for its own process.
 * Your application may implement it for another process, or as a fake in a test. It returns call trees and plain values; the
 * endpoints encode them.
 *
 * The endpoints call each of `cpu`, `heap` and `growth` only when its last call has settled, and answer 503 meanwhile. That holds
 * across all handlers with the same profiler object. Requests never share a call, because a profile covers the time from its own
 * request on.
 *
 * @example A fake in which one function worked for two seconds
 * ```ts
 * import { createServer } from 'node:http';
 * import { createPegasusHandler, type Profile, type Profiler } from 'pegasus-http';
 *
 * // Half of the time was spent on line 14, the other half on line 12, where the function begins.
 * const render = {
 *   name: 'render',
 *   url: '/app/page.js',
 *   line: 12,
 *   count: 200,
 *   value: 2_000_000,
 *   lines: [{ line: 14, count: 100, value: 1_000_000 }],
 *   children: [],
 * };
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
 * createServer(createPegasusHandler({ processInfo })).listen(34801, '127.0.0.1');
 * // go tool pprof -top 'http://127.0.0.1:34801/pprof/profile?seconds=2'
 * ```
 */
export interface Profiler {
  /**
   * Takes a CPU profile, for `/pprof/profile`.
   *
   * @param seconds - How long to sample: a positive integer.
   * @param context - Its signal fires when the client disconnects; stop sampling then. The time limit starts after `seconds`.
   * @returns For each function, `value` in microseconds of CPU time and `count` in samples. `period` is the microseconds between
   *   two samples.
   */
  cpu(seconds: number, context: SourceContext): MaybePromise<Profile>;

  /**
   * Takes a profile of the live heap, for `/pprof/heap`.
   *
   * @param seconds - `undefined` for all live objects. A positive integer for the objects that are allocated in that many seconds
   *   from now on and are live at the end.
   * @param context - Its signal fires when the client disconnects; stop then.
   * @returns For each function, `value` in bytes and `count` in objects, both estimated from samples. `period` is the bytes between
   *   two samples.
   */
  heap(seconds: number | undefined, context: SourceContext): MaybePromise<Profile | HeapProfileUnavailable>;

  /**
   * Takes a profile of what made the heap grow, for `/pprof/growth`.
   *
   * @returns A profile in the units of `heap`. No value in it ever shrinks.
   */
  growth(context: SourceContext): MaybePromise<Profile | HeapProfileUnavailable>;

  /** Counts the names that {@link Profiler.symbols} can find, cheaply. Called by `GET /pprof/symbol`. */
  symbolCount(context: SourceContext): MaybePromise<number>;

  /**
   * Finds the names of native functions, for `POST /pprof/symbol`. JavaScript functions have no addresses; the endpoints make up
   * addresses for them and find their names without this function.
   *
   * @param addresses - Addresses of native code in the process, below 2^52; at most 250,000.
   * @returns The name of the function at each address, in the same order; `undefined` for an unknown address.
   */
  symbols(
    addresses: readonly number[],
    context: SourceContext,
  ): MaybePromise<readonly (string | undefined)[]>;

  /**
   * Lists the mapped files of the process, for profiles in a gperftools format.
   *
   * @returns The lines of `/proc/self/maps` that name a file; empty on a system without it. Leave anonymous memory out, because the
   *   tools would relocate the addresses of JavaScript functions by it.
   */
  mappedLibraries(context: SourceContext): MaybePromise<readonly string[]>;

  /** Returns the program and its arguments, for `/pprof/cmdline` and for the title of a profile. */
  commandLine(context: SourceContext): MaybePromise<readonly string[]>;

  /**
   * Names of JavaScript functions that several processes share. Give it where the next request of a client can reach another process,
   * behind `node:cluster` or a load balancer: the Perl tool `google-pprof` first takes a profile that consists of addresses, and then asks
   * `POST /pprof/symbol` for the names.
   *
   * @defaultValue none: a process knows the names of its own profiles
   */
  readonly sharedSymbols?: SharedSymbols | undefined;
}

/** Names of JavaScript functions by address, shared by several processes; see {@link Profiler.sharedSymbols}. */
export interface SharedSymbols {
  /**
   * Shares names. Called for each profile in a gperftools format, before the client gets it.
   *
   * @param names - The names by address. An address from 2^52 follows from the function, so it is the same in each process.
   */
  add(names: ReadonlyMap<number, string>, context: SourceContext): MaybePromise<void>;
  /**
   * Finds names that this process does not know.
   *
   * @param addresses - Keys of maps that a process may have passed to `add`.
   * @returns The names, in the same order; `undefined` for an unknown address.
   */
  find(addresses: readonly number[], context: SourceContext): MaybePromise<readonly (string | undefined)[]>;
}

/**
 * The reason why there is no heap profile.
 *
 * - `disabled`: nothing samples the heap.
 * - `restarted`: other code in the process had stopped the one sampler that V8 has. It runs again and covers later allocations.
 */
export type HeapProfileUnavailable = 'disabled' | 'restarted';

/** A profile of some time, or of one moment. */
export interface Profile {
  /** The node above the outermost functions. It is no function itself. */
  readonly root: CallNode;
  /** Start of the profile, as Unix time in milliseconds. */
  readonly startMs: number;
  /** Length of the profile in milliseconds; 0 for one moment. */
  readonly durationMs: number;
  /** Average distance of two samples: microseconds (CPU) or bytes (heap). */
  readonly period: number;
}

/** A function as its callers called it: two callers make two nodes. */
export interface CallNode {
  /**
   * Name of the function; empty for an anonymous one. Names of nodes that are no function stand in parentheses: `(program)`,
   * `(garbage collector)`, `(truncated)`.
   */
  readonly name: string;
  /** File of the function, as a path or a URL; empty for none. */
  readonly url: string;
  /** Line where the function begins, from 1; 0 for none. */
  readonly line: number;
  /**
   * Column where the function begins, from 1; 0 for none. It tells functions of one name on one line apart, as in a minified bundle.
   *
   * @defaultValue 0
   */
  readonly column?: number | undefined;
  /** Samples (CPU) or objects (heap) of the function itself, without the functions that it called. */
  readonly count: number;
  /** Microseconds (CPU) or bytes (heap) of the function itself, without the functions that it called. */
  readonly value: number;
  /**
   * Distribution of `count` and `value` over lines of the function's file. The sums must not exceed them; the rest belongs to the
   * line where the function begins.
   *
   * @defaultValue none, which puts all on `line`
   */
  readonly lines?: readonly CallNodeLine[] | undefined;
  /** The functions that it called. */
  readonly children: readonly CallNode[];
}

/** A part of a {@link CallNode} that belongs to one line of its file. */
export interface CallNodeLine {
  /** Line in the function's file, from 1. */
  readonly line: number;
  /** Samples (CPU) or objects (heap). */
  readonly count: number;
  /** Microseconds (CPU) or bytes (heap). */
  readonly value: number;
}
