/**
 * The profiler of this process: what `/pprof/*` answers out of, when a source has it.
 *
 * @packageDocumentation
 */

export type { ProcessProfilerOptions } from './options.js';
export { type ProcessProfiler, processProfiler } from './process-profiler.js';
