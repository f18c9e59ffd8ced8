import { describeValue } from '../../validate/describe-value.js';
import { checkOptionKeys } from '../../validate/unknown-key.js';

/** Options of {@link processProfiler}. */
export interface ProcessProfilerOptions {
  /**
   * Bytes that are allocated between two samples of the heap, on average; `false` for none. 524,288 costs little; a small heap shows more with
   * less.
   *
   * @defaultValue `TCMALLOC_SAMPLE_PARAMETER` of the environment, as for a Pegasus server; without it the heap is not sampled
   */
  readonly heapSampleBytes?: number | false | undefined;
  /**
   * Microseconds between two samples of a CPU profile.
   *
   * @defaultValue 1,000
   */
  readonly cpuIntervalMicros?: number | undefined;
  /**
   * Whether profiles name the source files that scripts were made from (TypeScript, bundles), by the source maps beside the scripts or in
   * them. They are read when a profile first names the script.
   *
   * @defaultValue `false`
   */
  readonly sourceMaps?: boolean | undefined;
}

/** {@link ProcessProfilerOptions} checked, with the defaults in their places. */
export interface ResolvedProfilerOptions {
  /** `undefined`: the heap is not sampled. */
  readonly heapSampleBytes: number | undefined;
  readonly cpuIntervalMicros: number;
  readonly sourceMaps: boolean;
}

/** The addon takes no larger number. */
const MAX_SAMPLE_BYTES = 2 ** 32 - 1;

/** Checks the options, whoever wrote them, and the environment. */
export function resolveProfilerOptions(
  options: ProcessProfilerOptions,
  env: NodeJS.ProcessEnv,
): ResolvedProfilerOptions {
  checkOptionKeys(options, ['heapSampleBytes', 'cpuIntervalMicros', 'sourceMaps'], 'processProfiler');
  const { heapSampleBytes, cpuIntervalMicros = 1000, sourceMaps = false } = options;
  if (typeof sourceMaps !== 'boolean') {
    throw new TypeError(`processProfiler: sourceMaps must be a boolean, not ${describeValue(sourceMaps)}`);
  }
  return {
    heapSampleBytes: heapSampleBytes === undefined ? sampleParameter(env) : sampleBytes(heapSampleBytes),
    cpuIntervalMicros: integer(cpuIntervalMicros, 'cpuIntervalMicros', 50, 1_000_000),
    sourceMaps,
  };
}

function sampleBytes(given: number | false): number | undefined {
  return given === false ? undefined : integer(given, 'heapSampleBytes', 1, MAX_SAMPLE_BYTES);
}

/** 0 turns sampling off, as it does in tcmalloc. */
function sampleParameter({ TCMALLOC_SAMPLE_PARAMETER: given }: NodeJS.ProcessEnv): number | undefined {
  if (given === undefined || /^0*$/.test(given)) return undefined;
  const bytes = /^\d+$/.test(given) ? Number(given) : given;
  return integer(bytes, 'TCMALLOC_SAMPLE_PARAMETER', 1, MAX_SAMPLE_BYTES);
}

function integer(value: unknown, called: string, least: number, most: number): number {
  if (Number.isInteger(value) && Number(value) >= least && Number(value) <= most) return Number(value);
  throw new TypeError(
    `processProfiler: ${called} must be an integer from ${least} to ${most}, not ${describeValue(value)}`,
  );
}
