import { ownRequire } from '../../commonjs/own-require.js';

/**
 * What starts V8's heap sampler: the addon of the package `pprof`, which is compiled when it is installed; that of `@datadog/pprof`, which
 * comes compiled; or `node:inspector`.
 */
export type HeapEngine = 'pprof' | '@datadog/pprof' | 'inspector';

/** The functions of a native addon that control V8's heap sampler. */
export interface HeapAddon {
  /** Starts the sampler. Does nothing when it already runs, also when other code has started it. */
  startSamplingHeapProfiler(intervalBytes: number, stackDepth: number): void;
  stopSamplingHeapProfiler(): void;
  /** Reads the sampler. When the sampler does not run, `pprof` crashes the process, and `@datadog/pprof` throws. */
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

/** An addon and the name of its package. */
export interface LoadedAddon {
  readonly engine: Exclude<HeapEngine, 'inspector'>;
  readonly addon: HeapAddon;
}

/** The packages with an addon, in the order in which they are tried. */
export const ADDON_PACKAGES: readonly LoadedAddon['engine'][] = ['pprof', '@datadog/pprof'];

/** The bindings below a package's entry. The entry refuses a second start, which a restart after other code's stop needs. */
const BINDINGS = 'out/src/heap-profiler-bindings.js';

/**
 * Loads the first addon that can be loaded.
 *
 * @param packages - The packages to try.
 * @returns `undefined` when none is installed and built, or when it must not be loaded (the permission model).
 */
export function loadHeapAddon(packages = ADDON_PACKAGES): LoadedAddon | undefined {
  for (const engine of packages) {
    const addon = loadBindings(`${engine}/${BINDINGS}`);
    if (addon !== undefined) return { engine, addon };
  }
  return undefined;
}

/** Loads the bindings of an addon; `undefined` if they cannot be loaded, or are no bindings. */
export function loadBindings(path: string): HeapAddon | undefined {
  try {
    const bindings: Partial<HeapAddon> = ownRequire(path);
    const { startSamplingHeapProfiler, stopSamplingHeapProfiler, getAllocationProfile } = bindings;
    if (!startSamplingHeapProfiler || !stopSamplingHeapProfiler || !getAllocationProfile) return undefined;
    return { startSamplingHeapProfiler, stopSamplingHeapProfiler, getAllocationProfile };
  } catch {
    return undefined;
  }
}
