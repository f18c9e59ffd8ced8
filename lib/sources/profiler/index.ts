/**
 * Provides the profiler of this process, for `/pprof/*`.
 *
 * @packageDocumentation
 */

import cluster from 'node:cluster';
import { keepSymbolsOfWorkers } from './cluster-symbols.js';

// The primary of a node:cluster usually runs the program of its workers, so that it needs no call to take part.
if (cluster.isPrimary) keepSymbolsOfWorkers();

export type { HeapEngine } from './heap-addon.js';
export type { ProcessProfilerOptions } from './options.js';
export { type ProcessProfiler, type ProfilerEvent, processProfiler } from './process-profiler.js';
