import { createRequire } from 'node:module';

/** The functions of `pprof`'s native addon that control V8's heap sampler. */
export interface HeapAddon {
  /** Starts the sampler. Does nothing when it already runs, also when other code has started it. */
  startSamplingHeapProfiler(intervalBytes: number, stackDepth: number): void;
  stopSamplingHeapProfiler(): void;
  /** Reads the sampler. Crashes the process when the sampler does not run. */
  getAllocationProfile(): AllocationNode;
}

/** A node of the sampler's tree, with the sizes of its objects. */
export interface AllocationNode {
  readonly name: string;
  readonly scriptId: number;
  readonly lineNumber: number;
  readonly columnNumber: number;
  readonly children: readonly AllocationNode[];
  readonly allocations: readonly { readonly sizeBytes: number; readonly count: number }[];
}

/** The bindings below the package's entry. The entry refuses a second start, which a restart after other code's stop needs. */
const BINDINGS = 'pprof/out/src/heap-profiler-bindings.js';

/**
 * Loads the addon.
 *
 * @returns `undefined` when it is not installed, was not built, or must not be loaded (worker threads, the permission model).
 */
export function loadHeapAddon(bindingsOfPprof = BINDINGS): HeapAddon | undefined {
  try {
    const bindings: Partial<HeapAddon> = createRequire(import.meta.url)(bindingsOfPprof);
    const { startSamplingHeapProfiler, stopSamplingHeapProfiler, getAllocationProfile } = bindings;
    if (!startSamplingHeapProfiler || !stopSamplingHeapProfiler || !getAllocationProfile) return undefined;
    return { startSamplingHeapProfiler, stopSamplingHeapProfiler, getAllocationProfile };
  } catch {
    return undefined;
  }
}
