import type { Profiler } from '../../model/profiler.js';
import { commandLine } from './command-line.js';
import { takeCpuProfile } from './cpu.js';
import { createHeapProfiler } from './heap.js';
import { loadHeapAddon } from './heap-addon.js';
import { mappedFileLines } from './native/memory-maps.js';
import { createNativeSymbols } from './native/native-symbols.js';
import { type ProcessProfilerOptions, resolveProfilerOptions } from './options.js';
import { createSourceMaps, NO_SOURCE_MAPS } from './source-maps.js';

/** Profiles the process that it was made in; see {@link processProfiler}. */
export interface ProcessProfiler extends Profiler {
  /**
   * Stops sampling the heap, also for other code that does: V8 has one sampler for all. `heap` and `growth` are `off` from then
   * on. A host that lives as long as its process needs not call it.
   */
  close(): void;
}

/**
 * Makes the profiler of this process (in a worker thread: of that thread), and starts sampling its heap when the
 * environment has `TCMALLOC_SAMPLE_PARAMETER` or the options say so. Make it early: what was allocated before is not seen.
 *
 * CPU time is what `node:inspector` samples. The heap's sampler is V8's; the package `pprof` (an optional dependency that is
 * built when it is installed) starts it so that reading collects nothing. Where it is missing, or cannot be loaded as in worker
 * threads, the inspector starts it: then every read of the heap collects all garbage first (hundreds of milliseconds on a large heap), growth
 * is looked at only when somebody asks, and counts are of samples instead of objects. Nothing else differs.
 *
 * @throws TypeError when an option, or the variable in the environment, is not what it must be.
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
 * createServer(createPegasusHandler({ processInfo })).listen(34801);
 * // go tool pprof -top http://127.0.0.1:34801/pprof/heap
 * ```
 */
export function processProfiler(options: ProcessProfilerOptions = {}): ProcessProfiler {
  const settings = resolveProfilerOptions(options, process.env);
  const { heapSampleBytes, cpuIntervalMicros } = settings;
  const maps = settings.sourceMaps ? createSourceMaps() : NO_SOURCE_MAPS;
  const native = createNativeSymbols();
  let heap = heapSampleBytes && createHeapProfiler(heapSampleBytes, loadHeapAddon(), maps);
  return {
    cpu: (seconds, { signal }) => takeCpuProfile(seconds, cpuIntervalMicros, maps, signal),
    heap(seconds, { signal }) {
      if (!heap) return 'disabled';
      return seconds === undefined ? heap.live() : heap.allocated(seconds, signal);
    },
    growth: () => (heap ? heap.growth() : 'disabled'),
    symbolCount: () => native.count(),
    symbols: (addresses) => native.symbolize(addresses),
    mappedLibraries: () => mappedFileLines(),
    commandLine: () => commandLine(),
    close() {
      if (heap) heap.stop();
      heap = undefined;
    },
  };
}
