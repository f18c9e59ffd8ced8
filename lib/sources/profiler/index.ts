/**
 * Provides the profiler of this process, for `/pprof/*`.
 *
 * @packageDocumentation
 */

export type { HeapEngine } from './heap-addon.js';
export type { ProcessProfilerOptions } from './options.js';
export { type ProcessProfiler, type ProfilerEvent, processProfiler } from './process-profiler.js';
