/**
 * Provides the profiler of this process, for `/pprof/*`.
 *
 * @packageDocumentation
 */

export type { ProcessProfilerOptions } from './options.js';
export { type ProcessProfiler, processProfiler } from './process-profiler.js';
