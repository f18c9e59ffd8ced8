import * as check from '../../validate/checks.js';
import { readOptions } from '../../validate/options.js';

/** Options of {@link processProfiler}. */
export interface ProcessProfilerOptions {
  /**
   * Average number of bytes that are allocated between two samples of the heap; `false` turns sampling off. 524,288 costs little. A
   * smaller number shows more of a small heap.
   *
   * @defaultValue `TCMALLOC_SAMPLE_PARAMETER` in the environment, as for a Pegasus server; without it the heap is not sampled
   */
  readonly heapSampleBytes?: number | false | undefined;
  /**
   * Microseconds between two samples of a CPU profile, from 50 to 1,000,000.
   *
   * @defaultValue 1,000
   */
  readonly cpuIntervalMicros?: number | undefined;
  /**
   * Whether profiles show the source files of compiled and bundled scripts (TypeScript, webpack, ...), by their source maps. A map is
   * read when a profile first contains a function of its script. A script without a readable map keeps its own positions.
   *
   * @defaultValue `false`
   */
  readonly sourceMaps?: boolean | undefined;
}

/** {@link ProcessProfilerOptions} after validation, with defaults. */
export interface ResolvedProfilerOptions {
  /** `undefined` when the heap is not sampled. */
  readonly heapSampleBytes: number | undefined;
  readonly cpuIntervalMicros: number;
  readonly sourceMaps: boolean;
}

/** The largest number that the addon accepts. */
const MAX_SAMPLE_BYTES = 2 ** 32 - 1;

/**
 * Validates the options and the environment.
 *
 * @throws TypeError that names the option or the variable.
 */
export function resolveProfilerOptions(
  options: ProcessProfilerOptions,
  env: NodeJS.ProcessEnv,
): ResolvedProfilerOptions {
  const known = ['heapSampleBytes', 'cpuIntervalMicros', 'sourceMaps'];
  return readOptions('processProfiler', options, known, (given) => {
    const { heapSampleBytes, cpuIntervalMicros = 1000, sourceMaps = false } = given;
    return {
      heapSampleBytes: heapSampleBytes === undefined ? sampleParameter(env) : sampleBytes(heapSampleBytes),
      cpuIntervalMicros: check.integer(cpuIntervalMicros, 'cpuIntervalMicros', 50, 1_000_000),
      sourceMaps: check.boolean(sourceMaps, 'sourceMaps'),
    };
  });
}

function sampleBytes(given: number | false): number | undefined {
  return given === false ? undefined : check.integer(given, 'heapSampleBytes', 1, MAX_SAMPLE_BYTES);
}

/** Reads the environment variable. 0 turns sampling off, as in tcmalloc. */
function sampleParameter({ TCMALLOC_SAMPLE_PARAMETER: given }: NodeJS.ProcessEnv): number | undefined {
  if (given === undefined || /^0*$/.test(given)) return undefined;
  const bytes = /^\d+$/.test(given) ? Number(given) : given;
  return check.integer(bytes, 'TCMALLOC_SAMPLE_PARAMETER', 1, MAX_SAMPLE_BYTES);
}
