/** Options of `/pprof/*`. */
export interface PprofOptions {
  /**
   * The format of `/pprof/profile`, `/pprof/heap` and `/pprof/growth` for requests without `format`. `proto` is a gzipped `profile.proto`,
   * complete in itself. `gperftools` is what a Pegasus server answers; it needs `/pprof/symbol` of the living process, and it is the only
   * format that the Perl `google-pprof` reads.
   *
   * @defaultValue `proto` for `/pprof/profile` and for requests of Go's tools (by their `User-Agent`), else `gperftools`
   */
  readonly defaultFormat?: PprofFormat | undefined;
  /**
   * The maximum duration of a profile in seconds.
   *
   * @defaultValue 300
   */
  readonly maxDurationSeconds?: number | undefined;
}

/** A format of profiles; see {@link PprofOptions.defaultFormat}. */
export type PprofFormat = 'proto' | 'gperftools';

export const PPROF_FORMATS: readonly PprofFormat[] = ['proto', 'gperftools'];

/** {@link PprofOptions} with defaults. */
export interface ResolvedPprofOptions {
  /** `undefined`: each endpoint has its own default. */
  readonly defaultFormat: PprofFormat | undefined;
  readonly maxDurationSeconds: number;
}

/** Whether a request comes from `go tool pprof` or the standalone `pprof`, by its `User-Agent` header. */
export function isGoClient(userAgent: string | undefined): boolean {
  return userAgent?.startsWith('Go-http-client') === true;
}
