import { createRequire } from 'node:module';

/** What `pprof`'s addon tells of V8's heap sampler, apart from what makes profiles of it. */
export interface HeapAddon {
  /** Does nothing when the sampler runs already, whoever started it. */
  startSamplingHeapProfiler(intervalBytes: number, stackDepth: number): void;
  stopSamplingHeapProfiler(): void;
  /** Ends the process by a segmentation fault when the sampler does not run. */
  getAllocationProfile(): AllocationNode;
}

/** A node of the sampler's tree with the sizes of its objects. */
export interface AllocationNode {
  readonly name: string;
  readonly scriptId: number;
  readonly lineNumber: number;
  readonly columnNumber: number;
  readonly children: readonly AllocationNode[];
  readonly allocations: readonly { readonly sizeBytes: number; readonly count: number }[];
}

/** Not the package's entry: that refuses a second start, which is how other code's stop is survived. */
const BINDINGS = 'pprof/out/src/heap-profiler-bindings.js';

/**
 * Loads the addon.
 *
 * @returns `undefined` where it is not installed, was not built, or cannot be used (worker threads).
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
