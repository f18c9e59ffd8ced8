import { LONGEST_TIMEOUT } from '../http/deadline.js';
import type { PegasusRequest } from '../http/node.js';
import type { PegasusError } from '../model/errors.js';
import type { MaybePromise } from '../model/maybe-promise.js';
import { PPROF_FORMATS, type PprofSettings } from '../pprof/formats.js';
import { ENDPOINT_GROUPS, type Endpoint, type EndpointGroup } from '../routing/endpoint.js';
import { describeValue } from '../validate/describe-value.js';
import { checkOptionKeys } from '../validate/unknown-key.js';
import type { AuthorizeResult, HandlerOptions, PprofOptions } from './options.js';

/** {@link HandlerOptions} checked, with the defaults in their places. */
export interface Settings {
  /** Without a trailing slash; empty at the root. */
  readonly basePath: string;
  readonly timeoutMs: number;
  readonly maxUrlLength: number;
  readonly maxQueryParams: number;
  readonly maxPendingRequests: number;
  readonly exclude: readonly EndpointGroup[];
  readonly authorize:
    | ((req: PegasusRequest, endpoint: Endpoint) => MaybePromise<AuthorizeResult>)
    | undefined;
  readonly pprof: PprofSettings;
  reportError(error: PegasusError, req: PegasusRequest, endpoint: Endpoint | undefined): void;
}

const OPTIONS = [
  'basePath',
  'timeoutMs',
  'authorize',
  'exclude',
  'maxUrlLength',
  'maxQueryParams',
  'maxPendingRequests',
  'onError',
  'pprof',
] as const satisfies readonly (keyof HandlerOptions)[];

const PPROF_OPTIONS = [
  'defaultFormat',
  'maxDurationSeconds',
] as const satisfies readonly (keyof PprofOptions)[];

/** A day. */
const MOST_SECONDS = 86_400;

/** No `%`, which would be decoded, and neither `:` nor `*`, which mean something to find-my-way. */
const BASE_PATH = /^(\/+[\w\-.~!$&'()+,;=@]+)*\/*$/;

/** Checks the options, whoever wrote them. */
export function readOptions(options: HandlerOptions = {}): Settings {
  checkOptionKeys(options, OPTIONS, 'createPegasusHandler');
  const { basePath = '/', exclude = [], authorize, onError, pprof = {} } = options;
  const {
    timeoutMs = 10_000,
    maxUrlLength = 8192,
    maxQueryParams = 100,
    maxPendingRequests = 1000,
  } = options;
  if (typeof basePath !== 'string' || !basePath.startsWith('/') || !BASE_PATH.test(basePath)) {
    throw wrong('basePath', 'a path such as "/pegasus"', basePath);
  }
  return {
    basePath: basePath.replace(/\/+/g, '/').replace(/\/$/, ''),
    timeoutMs: integer(timeoutMs, 'timeoutMs', 1, LONGEST_TIMEOUT),
    maxUrlLength: integer(maxUrlLength, 'maxUrlLength', 1),
    maxQueryParams: integer(maxQueryParams, 'maxQueryParams', 1),
    maxPendingRequests: integer(maxPendingRequests, 'maxPendingRequests', 1),
    exclude: groups(exclude),
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
    throw wrong('pprof', 'an object (exclude: ["pprof"] leaves these endpoints out)', options);
  }
  checkOptionKeys(options, PPROF_OPTIONS, 'createPegasusHandler: pprof');
  const { defaultFormat, maxDurationSeconds = 300 } = options;
  if (defaultFormat !== undefined && !PPROF_FORMATS.includes(defaultFormat)) {
    throw wrong('pprof.defaultFormat', `one of ${PPROF_FORMATS.join(', ')}`, defaultFormat);
  }
  return {
    defaultFormat,
    maxDurationSeconds: integer(maxDurationSeconds, 'pprof.maxDurationSeconds', 1, MOST_SECONDS),
  };
}

function groups(exclude: readonly EndpointGroup[]): readonly EndpointGroup[] {
  const known = `an array of ${ENDPOINT_GROUPS.join(', ')}`;
  if (!Array.isArray(exclude)) throw wrong('exclude', known, exclude);
  for (const group of exclude) {
    if (!ENDPOINT_GROUPS.includes(group)) throw wrong('exclude', known, group);
  }
  return [...exclude];
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
  return new TypeError(`createPegasusHandler: ${name} must be ${expected}, not ${describeValue(value)}`);
}
