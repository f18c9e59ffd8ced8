import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { PLAIN_TEXT, type ResponseBody, uncachedBody } from '../../http/body.js';
import { clientError, type PegasusError } from '../../model/errors.js';
import type { MaybePromise } from '../../model/maybe-promise.js';
import type { HeapProfileUnavailable, Profile, Profiler } from '../../model/profiler.js';
import type { ProcessInfoSource } from '../../model/source.js';
import type { SourceContext } from '../../model/source-context.js';
import {
  isGoClient,
  PPROF_FORMATS,
  type PprofFormat,
  type ResolvedPprofOptions,
} from '../../pprof/formats.js';
import { encodeCpuProfile } from '../../pprof/gperftools-cpu.js';
import { encodeHeapProfile } from '../../pprof/gperftools-heap.js';
import { encodeProfileProto, type ProfileKind } from '../../pprof/profile-proto.js';
import { BUSY, lockFor } from '../../pprof/profiler-lock.js';
import { shareNames } from '../../pprof/shared-names.js';
import type { SymbolTable } from '../../pprof/symbol-table.js';
import { BUSY_SLICE_MS, runInSlices } from '../../render/time-slicing.js';
import { type Param, param } from '../../routing/params.js';
import { defineRoute, type Route } from '../../routing/route.js';

const BINARY = 'application/octet-stream';

/** A profile or the reason why there is none, with what the formats need in addition. */
interface ProfileResult {
  readonly profile: Profile | HeapProfileUnavailable | typeof BUSY;
  readonly program: string;
  readonly mappedLibraries: readonly string[];
  readonly symbols: SymbolTable;
}

/** What distinguishes the endpoints that return a profile. */
export interface ProfileEndpoint {
  readonly kind: ProfileKind;
  readonly path: string;
  readonly method: string;
  readonly summary: string;
  readonly standardFormat: PprofFormat;
  /** The duration without a parameter; `undefined` for a profile of one moment. */
  readonly defaultSeconds: number | undefined;
  /** Whether the client may choose the duration. */
  readonly hasSeconds: boolean;
  take(
    profiler: Profiler,
    seconds: number | undefined,
    context: SourceContext,
  ): MaybePromise<ProfileResult['profile']>;
}

/** Creates the route of an endpoint that returns a profile. */
export function defineProfileRoute(endpoint: ProfileEndpoint, options: ResolvedPprofOptions): Route {
  const { kind, path, method, summary, standardFormat, defaultSeconds, hasSeconds } = endpoint;
  const seconds: Param<number | undefined> = param.integer(1, options.maxDurationSeconds);
  const format = param.enum(PPROF_FORMATS);
  const formatOf = (args: { readonly format?: PprofFormat | undefined }) => args.format ?? standardFormat;
  const secondsOf = (args: { readonly seconds?: number | undefined }) => args.seconds ?? defaultSeconds;
  return defineRoute({
    path,
    group: 'pprof',
    access: 'read',
    summary,
    params: (hasSeconds ? { seconds, format } : { format }) as {
      readonly seconds: typeof seconds;
      readonly format: typeof format;
    },
    readHasEffects: true,
    // proto is complete in itself, whichever process or worker answers the next request. Go's tools read it, the Perl tool does not.
    withHeaders: (args, headers) => ({
      ...args,
      format:
        args.format ??
        options.defaultFormat ??
        (isGoClient(headers['user-agent']) ? 'proto' : standardFormat),
    }),
    source: {
      part: 'processInfo',
      method,
      // No key: a profile covers the time from its request on, so two requests never ask for the same.
      expectedMs: (args) => (secondsOf(args) ?? 0) * 1000,
      call: (processInfo, args, context) =>
        takeProfile(endpoint, requireProfiler(processInfo), secondsOf(args), formatOf(args), context),
    },
    response: { [BINARY]: undefined, [PLAIN_TEXT]: undefined },
    contentType: (args) => (formatOf(args) === 'proto' || kind === 'cpu' ? BINARY : PLAIN_TEXT),
    render: (result, args) => encode(result, kind, formatOf(args)),
  });
}

/** Returns the profiler. Routes of `/pprof/*` exist only for sources that have one. */
export function requireProfiler({ profiler }: ProcessInfoSource): Profiler {
  return profiler as Profiler;
}

async function takeProfile(
  { kind, take }: ProfileEndpoint,
  profiler: Profiler,
  seconds: number | undefined,
  format: PprofFormat,
  context: SourceContext,
): Promise<ProfileResult> {
  const lock = lockFor(profiler);
  const program = (await profiler.commandLine(context))[0] ?? '';
  const mappedLibraries = format === 'proto' ? [] : await profiler.mappedLibraries(context);
  const profile = await lock.runExclusive(kind, () => take(profiler, seconds, context));
  if (format === 'gperftools' && typeof profile === 'object')
    await shareNames(profile, lock.symbols, profiler.sharedSymbols, context);
  return { program, mappedLibraries, symbols: lock.symbols, profile };
}

function encode(
  result: ProfileResult,
  kind: ProfileKind,
  format: PprofFormat,
): MaybePromise<ResponseBody | PegasusError> {
  const { profile, program, mappedLibraries, symbols } = result;
  if (typeof profile !== 'object') return unavailable(profile, kind);
  if (format === 'proto') return gzippedProto(profile, kind, program);
  if (kind === 'cpu') return binary(encodeCpuProfile(profile, symbols, mappedLibraries));
  const name = kind === 'heap' ? 'heapprofile' : 'growth';
  return uncachedBody(PLAIN_TEXT, encodeHeapProfile(profile, name, symbols, mappedLibraries));
}

/** Encodes in slices of time, and compresses outside the event loop. */
async function gzippedProto(profile: Profile, kind: ProfileKind, program: string): Promise<ResponseBody> {
  const parts = await runInSlices(encodeProfileProto(profile, kind, program), BUSY_SLICE_MS);
  return binary(await promisify(gzip)(Buffer.concat(parts)));
}

function unavailable(reason: HeapProfileUnavailable | typeof BUSY, kind: ProfileKind): PegasusError {
  switch (reason) {
    case BUSY: {
      const name = kind === 'cpu' ? 'CPU' : kind;
      return clientError(
        'ERR_BUSY',
        `a ${name} profile is being taken already, and only one can be at a time`,
      );
    }
    case 'disabled':
      return clientError(
        'ERR_INVALID_STATE',
        'the heap of this process is not sampled: start it with TCMALLOC_SAMPLE_PARAMETER=524288 in its environment',
      );
    case 'restarted':
      return clientError(
        'ERR_SERVICE_NOT_ACTIVE',
        'other code of this process had stopped the heap sampler; it runs again, try again later',
      );
    default:
      throw new TypeError(
        `a profiler must return a profile, "disabled" or "restarted", not ${String(reason)}`,
      );
  }
}

function binary(content: Buffer): ResponseBody {
  return uncachedBody(BINARY, content);
}
