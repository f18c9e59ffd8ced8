import type { PegasusError } from './errors.js';
import type { PegasusRequest } from './request.js';
import { show } from './text/format.js';

/** Options of {@link createPegasusHandler}. They are read once, when the handler is made, and never changed. */
export interface HandlerOptions {
  /**
   * The path below which the interface lives, for hosts that hand the handler the whole path: `http.createServer`, bare fastify, bare koa.
   * Hosts that cut the mount path off (`app.use('/pegasus', handler)` under express, connect or middie, `koa-mount`) need none.
   * `/pegasus`, `/ops/pegasus/`; letters, digits and `-._~!$&'()+,;=@` between the slashes.
   *
   * @defaultValue `/`
   */
  readonly basePath?: string | undefined;
  /**
   * How long the sources may take, in milliseconds, over all that one request asks of them; then the client gets `504 ERR_TIMEOUT` and
   * the source's signal fires.
   *
   * @defaultValue 10,000
   */
  readonly timeoutMs?: number | undefined;
  /**
   * Called once for every request whose source failed: it threw or rejected, took too long, or handed out what cannot be printed.
   * Not called for what a client did wrong, nor after the client has left. What this function throws is ignored.
   *
   * @param error - Its `code` is what the client got, its `message` says which source failed; `cause` is what the source threw.
   * @param req - The request, as it came.
   */
  readonly onError?: ((error: PegasusError, req: PegasusRequest) => void) | undefined;
  /**
   * `/pprof/*`, which is there when the source has a profiler. `false` leaves it out all the same: the one who may look at tables may not be
   * the one who may look into the process.
   */
  readonly pprof?: false | PprofOptions | undefined;
}

/** How `/pprof/*` answers; see {@link HandlerOptions.pprof}. */
export interface PprofOptions {
  /**
   * What `/pprof/profile`, `/pprof/heap` and `/pprof/growth` answer when the request has no `format`. `proto` is a gzipped `profile.proto`,
   * complete in itself; `gperftools` is what a Pegasus server answers, needs `/pprof/symbol` of the living process, and is the only
   * one that the perl `google-pprof` reads.
   *
   * @defaultValue `proto` for `/pprof/profile`, `gperftools` for the other two
   */
  readonly defaultFormat?: PprofFormat | undefined;
  /**
   * The most seconds that a client may ask for.
   *
   * @defaultValue 300
   */
  readonly maxSeconds?: number | undefined;
}

/** The formats that `/pprof/*` speaks; see {@link PprofOptions.defaultFormat}. */
export type PprofFormat = 'proto' | 'gperftools';

export const PPROF_FORMATS: readonly PprofFormat[] = ['proto', 'gperftools'];

/** {@link HandlerOptions} checked, with the defaults in their places. */
export interface Settings {
  /** Without a trailing slash; empty at the root. */
  readonly basePath: string;
  readonly timeoutMs: number;
  reportError(error: PegasusError, req: PegasusRequest): void;
  /** `undefined`: left out. */
  readonly pprof: PprofSettings | undefined;
}

/** {@link PprofOptions} checked. */
export interface PprofSettings {
  /** `undefined`: each endpoint has its own. */
  readonly defaultFormat: PprofFormat | undefined;
  readonly maxSeconds: number;
}

/** `setTimeout` fires at once beyond this. */
export const LONGEST_TIMEOUT = 2 ** 31 - 1;

/** A day. */
const MOST_SECONDS = 86_400;

/** No `%`, which would be decoded, and neither `:` nor `*`, which mean something to find-my-way. */
const BASE_PATH = /^(\/+[\w\-.~!$&'()+,;=@]+)*\/*$/;

/** Checks the options, whoever wrote them. */
export function readOptions(options: HandlerOptions = {}): Settings {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(`createPegasusHandler: options must be an object, not ${show(options)}`);
  }
  const { basePath = '/', timeoutMs = 10_000, onError, pprof = {} } = options;
  if (typeof basePath !== 'string' || !basePath.startsWith('/') || !BASE_PATH.test(basePath)) {
    throw new TypeError(
      `createPegasusHandler: basePath must be a path such as "/pegasus", not ${show(basePath)}`,
    );
  }
  if (!Number.isInteger(timeoutMs) || timeoutMs < 1 || timeoutMs > LONGEST_TIMEOUT) {
    throw new TypeError(
      `createPegasusHandler: timeoutMs must be an integer from 1 to ${LONGEST_TIMEOUT}, not ${show(timeoutMs)}`,
    );
  }
  if (onError !== undefined && typeof onError !== 'function') {
    throw new TypeError(`createPegasusHandler: onError must be a function, not ${show(onError)}`);
  }
  return {
    basePath: basePath.replace(/\/+/g, '/').replace(/\/$/, ''),
    timeoutMs,
    pprof: pprof === false ? undefined : readPprofOptions(pprof),
    reportError(error, req) {
      // Whatever the host's function does, by throwing or by a promise, must not reach the request.
      new Promise((resolve) => resolve(onError?.(error, req))).catch(() => {});
    },
  };
}

function readPprofOptions(options: PprofOptions): PprofSettings {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(`createPegasusHandler: pprof must be false or an object, not ${show(options)}`);
  }
  const { defaultFormat, maxSeconds = 300 } = options;
  if (defaultFormat !== undefined && !PPROF_FORMATS.includes(defaultFormat)) {
    throw new TypeError(
      `createPegasusHandler: pprof.defaultFormat must be one of ${PPROF_FORMATS.join(', ')}, not ${show(defaultFormat)}`,
    );
  }
  if (!Number.isInteger(maxSeconds) || maxSeconds < 1 || maxSeconds > MOST_SECONDS) {
    throw new TypeError(
      `createPegasusHandler: pprof.maxSeconds must be an integer from 1 to ${MOST_SECONDS}, not ${show(maxSeconds)}`,
    );
  }
  return { defaultFormat, maxSeconds };
}
