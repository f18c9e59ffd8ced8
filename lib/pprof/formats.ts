/** The formats that `/pprof/*` speaks; see {@link PprofOptions.defaultFormat}. */
export type PprofFormat = 'proto' | 'gperftools';

export const PPROF_FORMATS: readonly PprofFormat[] = ['proto', 'gperftools'];

/** {@link PprofOptions} checked. */
export interface PprofSettings {
  /** `undefined`: each endpoint has its own. */
  readonly defaultFormat: PprofFormat | undefined;
  readonly maxDurationSeconds: number;
}
