import type { MaybePromise } from './contracts.js';
import { ENDPOINT_GROUPS, type Endpoint, type EndpointGroup, type Verdict } from './endpoint.js';
import type { PegasusError } from './errors.js';
import { type HandlerOptions, PPROF_FORMATS, type PprofOptions, type PprofSettings } from './options.js';
import { LONGEST_TIMEOUT } from './patience.js';
import type { PegasusRequest } from './request.js';
import { show } from './text/format.js';
import { checkOptionKeys } from './text/unknown-key.js';

/** {@link HandlerOptions} checked, with the defaults in their places. */
export interface Settings {
  /** Without a trailing slash; empty at the root. */
  readonly basePath: string;
  readonly timeoutMs: number;
  readonly maxTargetLength: number;
  readonly maxParameters: number;
  readonly maxWaiting: number;
  readonly leaveOut: readonly EndpointGroup[];
  readonly authorize: ((req: PegasusRequest, endpoint: Endpoint) => MaybePromise<Verdict>) | undefined;
  readonly pprof: PprofSettings;
  reportError(error: PegasusError, req: PegasusRequest, endpoint: Endpoint | undefined): void;
}

const OPTIONS = [
  'basePath',
  'timeoutMs',
  'authorize',
  'leaveOut',
  'maxTargetLength',
  'maxParameters',
  'maxWaiting',
  'onError',
  'pprof',
] as const satisfies readonly (keyof HandlerOptions)[];

const PPROF_OPTIONS = ['defaultFormat', 'maxSeconds'] as const satisfies readonly (keyof PprofOptions)[];

/** A day. */
const MOST_SECONDS = 86_400;

/** No `%`, which would be decoded, and neither `:` nor `*`, which mean something to find-my-way. */
const BASE_PATH = /^(\/+[\w\-.~!$&'()+,;=@]+)*\/*$/;

/** Checks the options, whoever wrote them. */
export function readOptions(options: HandlerOptions = {}): Settings {
  checkOptionKeys(options, OPTIONS, 'createPegasusHandler');
  const { basePath = '/', leaveOut = [], authorize, onError, pprof = {} } = options;
  const { timeoutMs = 10_000, maxTargetLength = 8192, maxParameters = 100, maxWaiting = 1000 } = options;
  if (typeof basePath !== 'string' || !basePath.startsWith('/') || !BASE_PATH.test(basePath)) {
    throw wrong('basePath', 'a path such as "/pegasus"', basePath);
  }
  return {
    basePath: basePath.replace(/\/+/g, '/').replace(/\/$/, ''),
    timeoutMs: integer(timeoutMs, 'timeoutMs', 1, LONGEST_TIMEOUT),
    maxTargetLength: integer(maxTargetLength, 'maxTargetLength', 1),
    maxParameters: integer(maxParameters, 'maxParameters', 1),
    maxWaiting: integer(maxWaiting, 'maxWaiting', 1),
    leaveOut: groups(leaveOut),
    authorize: callback(authorize, 'authorize'),
    pprof: readPprofOptions(pprof),
    reportError: reporter(callback(onError, 'onError')),
  };
}

/** Whatever the host's function does, by throwing or by a promise, must not reach the request. */
function reporter(onError: HandlerOptions['onError']): Settings['reportError'] {
  return (error, req, endpoint) => {
    new Promise((resolve) => resolve(onError?.(error, req, endpoint))).catch(() => {});
  };
}

function readPprofOptions(options: PprofOptions): PprofSettings {
  if (typeof options !== 'object' || options === null) {
    throw wrong('pprof', 'an object (leaveOut: ["pprof"] leaves these endpoints out)', options);
  }
  checkOptionKeys(options, PPROF_OPTIONS, 'createPegasusHandler: pprof');
  const { defaultFormat, maxSeconds = 300 } = options;
  if (defaultFormat !== undefined && !PPROF_FORMATS.includes(defaultFormat)) {
    throw wrong('pprof.defaultFormat', `one of ${PPROF_FORMATS.join(', ')}`, defaultFormat);
  }
  return { defaultFormat, maxSeconds: integer(maxSeconds, 'pprof.maxSeconds', 1, MOST_SECONDS) };
}

function groups(leaveOut: readonly EndpointGroup[]): readonly EndpointGroup[] {
  const known = `an array of ${ENDPOINT_GROUPS.join(', ')}`;
  if (!Array.isArray(leaveOut)) throw wrong('leaveOut', known, leaveOut);
  for (const group of leaveOut) {
    if (!ENDPOINT_GROUPS.includes(group)) throw wrong('leaveOut', known, group);
  }
  return [...leaveOut];
}

function callback<Callback>(value: Callback, name: string): Callback {
  if (value === undefined || typeof value === 'function') return value;
  throw wrong(name, 'a function', value);
}

function integer(value: number, name: string, min: number, max = Number.MAX_SAFE_INTEGER): number {
  if (Number.isSafeInteger(value) && value >= min && value <= max) return value;
  const range = max === Number.MAX_SAFE_INTEGER ? `from ${min}` : `from ${min} to ${max}`;
  throw wrong(name, `an integer ${range}`, value);
}

function wrong(name: string, expected: string, value: unknown): TypeError {
  return new TypeError(`createPegasusHandler: ${name} must be ${expected}, not ${show(value)}`);
}
