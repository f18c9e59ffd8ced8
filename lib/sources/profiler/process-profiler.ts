import { channel } from 'node:diagnostics_channel';
import type { Profiler } from '../../model/profiler.js';
import { clusterSymbols } from './cluster-symbols.js';
import { commandLine } from './command-line.js';
import { takeCpuProfile } from './cpu.js';
import { createHeapProfiler, type HeapProfiler } from './heap.js';
import { type HeapAddon, type HeapEngine, loadHeapAddon } from './heap-addon.js';
import { mappedFileLines } from './native/memory-maps.js';
import { createNativeSymbols } from './native/native-symbols.js';
import { type ProcessProfilerOptions, resolveProfilerOptions } from './options.js';
import { createSourceMaps, NO_SOURCE_MAPS, type SourceMaps } from './source-maps.js';

/**
 * Published on the channel `pegasus-http:profiler` of `node:diagnostics_channel`, once for every profiler, when it is created.
 *
 * @example Warn when heap profiles pause the process.
 * ```ts
 * import { subscribe } from 'node:diagnostics_channel';
 * import { type ProfilerEvent, processProfiler } from 'pegasus-http/profiler';
 *
 * subscribe('pegasus-http:profiler', (message) => {
 *   const { engine } = message as ProfilerEvent;
 *   if (engine === 'inspector') console.warn('heap profiles collect all garbage: no native addon is installed');
 * });
 * processProfiler({ heapSampleBytes: 524_288 });
 * ```
 */
export interface ProfilerEvent {
  /** The profiler. */
  readonly profiler: ProcessProfiler;
  /** Its engine; see {@link ProcessProfiler.engine}. */
  readonly engine: HeapEngine | undefined;
}

const profilers = channel('pegasus-http:profiler');

/** Profiles the process that created it; see {@link processProfiler}. */
export interface ProcessProfiler extends Profiler {
  /**
   * What samples the heap: the addon of `pprof` or of `@datadog/pprof`, or `node:inspector`, with which each reading of the heap first
   * collects all garbage. `undefined` if the heap is not sampled. CPU time is always sampled by the inspector.
   */
  readonly engine: HeapEngine | undefined;
  /**
   * Stops sampling the heap, also for other code that samples it, because V8 has one sampler. Afterwards `heap` and `growth` answer
   * `disabled`. An application that runs as long as its process does not need to call it.
   */
  close(): void;
}

/**
 * Creates the profiler of this process, or of this thread in a worker. Starts sampling the heap when the options or
 * `TCMALLOC_SAMPLE_PARAMETER` in the environment say so. Create it early: objects that were allocated before are not seen.
 *
 * CPU time is sampled through `node:inspector`, in slices of at most ten seconds. The heap is sampled by V8; a native addon starts that
 * sampler so that reading it does not collect garbage. The addon is that of the package `pprof`, an optional dependency that is compiled
 * when it is installed. Where that is missing (not built, or in a worker thread), it is that of `@datadog/pprof`, an optional peer that
 * comes compiled. Without both, the inspector starts the sampler. Then each heap profile first collects all garbage (hundreds of milliseconds
 * on a large heap), growth is only read when a client asks, and counts are samples instead of objects.
 *
 * Under Node's permission model the process may not use the inspector. The profiler is created all the same; `cpu`, `heap` and
 * `growth` then throw a `PegasusError` that says so.
 *
 * @param options - See {@link ProcessProfilerOptions}.
 * @returns A {@link ProcessProfiler}, for `processInfo.profiler` of a source.
 * @throws TypeError when an option or `TCMALLOC_SAMPLE_PARAMETER` is invalid.
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { createPegasusHandler } from 'pegasus-http';
 * import { processProfiler } from 'pegasus-http/profiler';
 *
 * const profiler = processProfiler({ heapSampleBytes: 524_288 });
 * const startSecond = Math.floor(Date.now() / 1000);
 * const processInfo = {
 *   version: () => ({ version: '1.0.0', gitCommit: 'cf428dc' }),
 *   startSecond: () => startSecond,
 *   profiler,
 * };
 * createServer(createPegasusHandler({ processInfo })).listen(34801, '127.0.0.1');
 * // go tool pprof -top http://127.0.0.1:34801/pprof/heap
 * ```
 */
export function processProfiler(options: ProcessProfilerOptions = {}): ProcessProfiler {
  const { heapSampleBytes, cpuIntervalMicros, sourceMaps } = resolveProfilerOptions(options, process.env);
  const maps = sourceMaps ? createSourceMaps() : NO_SOURCE_MAPS;
  const native = createNativeSymbols();
  const loaded = heapSampleBytes === undefined ? undefined : loadHeapAddon();
  const engine = heapSampleBytes === undefined ? undefined : (loaded?.engine ?? 'inspector');
  let heap =
    heapSampleBytes === undefined ? undefined : startHeapProfiler(heapSampleBytes, loaded?.addon, maps);
  const profiler: ProcessProfiler = {
    engine,
    cpu: (seconds, { signal }) => takeCpuProfile(seconds, cpuIntervalMicros, maps, signal),
    heap(seconds, { signal }) {
      if (heap === undefined) return 'disabled';
      return seconds === undefined ? heap().live(signal) : heap().allocated(seconds, signal);
    },
    growth: ({ signal }) => (heap === undefined ? 'disabled' : heap().growth(signal)),
    symbolCount: () => native.count(),
    symbols: (addresses) => native.symbolize(addresses),
    mappedLibraries: () => mappedFileLines(),
    commandLine: () => commandLine(),
    sharedSymbols: clusterSymbols(),
    close() {
      try {
        heap?.().stop();
      } catch {
        // It never started.
      }
      heap = undefined;
    },
  };
  profilers.publish({ profiler, engine } satisfies ProfilerEvent);
  return profiler;
}

/** Starts sampling. A failure is thrown by the next profile, because it must not keep the application from starting. */
function startHeapProfiler(
  sampleBytes: number,
  addon: HeapAddon | undefined,
  maps: SourceMaps,
): () => HeapProfiler {
  try {
    const started = createHeapProfiler(sampleBytes, addon, maps);
    return () => started;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}
