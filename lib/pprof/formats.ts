/** A format of `/pprof/*`; see {@link PprofOptions.defaultFormat}. */
export type PprofFormat = 'proto' | 'gperftools';

export const PPROF_FORMATS: readonly PprofFormat[] = ['proto', 'gperftools'];

/** {@link PprofOptions} after validation. */
export interface PprofSettings {
  /** `undefined` for each endpoint's own default. */
  readonly defaultFormat: PprofFormat | undefined;
  readonly maxDurationSeconds: number;
}
