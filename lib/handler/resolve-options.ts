import { MAX_TIMEOUT_MS } from '../http/deadline.js';
import { parseHost } from '../http/host.js';
import { COMPATIBILITIES, type Compatibility } from '../model/enums.js';
import { PPROF_FORMATS, type PprofOptions, type ResolvedPprofOptions } from '../pprof/formats.js';
import { ENDPOINT_GROUPS, type EndpointGroup } from '../routing/endpoint.js';
import type { StaticFiles } from '../routing/static-files.js';
import { describeValue } from '../validate/describe-value.js';
import { checkOptionKeys } from '../validate/unknown-key.js';
import type { Authorize, HandlerOptions } from './options.js';

/** {@link HandlerOptions}, checked and with defaults. */
export interface ResolvedOptions {
  /** Without a trailing slash; empty for the root. */
  readonly basePath: string;
  readonly timeoutMs: number;
  readonly maxUrlLength: number;
  readonly maxQueryParams: number;
  readonly maxPendingRequests: number;
  readonly exclude: readonly EndpointGroup[];
  /** Host names in canonical spelling; `undefined` allows any. */
  readonly allowedHosts: ReadonlySet<string> | undefined;
  readonly authorize: Authorize | undefined;
  readonly onError: HandlerOptions['onError'];
  readonly compatibility: Compatibility;
  readonly pprof: ResolvedPprofOptions;
  readonly console: StaticFiles | undefined;
}

const OPTIONS = [
  'basePath',
  'timeoutMs',
  'authorize',
  'allowedHosts',
  'exclude',
  'maxUrlLength',
  'maxQueryParams',
  'maxPendingRequests',
  'onError',
  'compatibility',
  'pprof',
  'console',
] as const satisfies readonly (keyof HandlerOptions)[];

const PPROF_OPTIONS = [
  'defaultFormat',
  'maxDurationSeconds',
] as const satisfies readonly (keyof PprofOptions)[];

/** New names of the options of 0.1. */
const RENAMED_OPTIONS = {
  leaveOut: 'exclude',
  maxTargetLength: 'maxUrlLength',
  maxParameters: 'maxQueryParams',
  maxWaiting: 'maxPendingRequests',
};

const RENAMED_PPROF_OPTIONS = { maxSeconds: 'maxDurationSeconds' };

/** The maximum of `pprof.maxDurationSeconds`: a day. */
const MAX_DURATION_SECONDS = 86_400;

/** No `%`, which would be decoded, and neither `:` nor `*`, which have a meaning in find-my-way. */
const BASE_PATH = /^(\/+[\w\-.~!$&'()+,;=@]+)*\/*$/;

/**
 * Checks the options and fills in defaults.
 *
 * @throws TypeError that names the option, the value and what would be right.
 */
export function resolveOptions(options: HandlerOptions = {}): ResolvedOptions {
  checkOptionKeys(options, OPTIONS, 'createPegasusHandler', RENAMED_OPTIONS);
  const { basePath = '/', exclude = [], allowedHosts, authorize, onError, pprof = {} } = options;
  const {
    timeoutMs = 10_000,
    maxUrlLength = 8192,
    maxQueryParams = 100,
    maxPendingRequests = 1000,
    compatibility = '2.5',
  } = options;
  if (!COMPATIBILITIES.includes(compatibility)) {
    throw invalidOption(
      'compatibility',
      `one of ${COMPATIBILITIES.map((known) => `"${known}"`).join(', ')}`,
      compatibility,
    );
  }
  if (typeof basePath !== 'string' || !basePath.startsWith('/') || !BASE_PATH.test(basePath)) {
    throw invalidOption('basePath', 'a path such as "/pegasus"', basePath);
  }
  return {
    basePath: basePath.replace(/\/+/g, '/').replace(/\/$/, ''),
    timeoutMs: integer(timeoutMs, 'timeoutMs', 1, MAX_TIMEOUT_MS),
    maxUrlLength: integer(maxUrlLength, 'maxUrlLength', 1),
    maxQueryParams: integer(maxQueryParams, 'maxQueryParams', 1),
    maxPendingRequests: integer(maxPendingRequests, 'maxPendingRequests', 1),
    exclude: resolveGroups(exclude),
    allowedHosts: resolveHosts(allowedHosts),
    authorize: optionalFunction(authorize, 'authorize'),
    onError: optionalFunction(onError, 'onError'),
    compatibility,
    pprof: resolvePprofOptions(pprof),
    console: resolveConsole(options.console),
  };
}

function resolvePprofOptions(options: PprofOptions): ResolvedPprofOptions {
  if (typeof options !== 'object' || options === null) {
    throw invalidOption('pprof', 'an object (exclude: ["pprof"] disables these endpoints)', options);
  }
  checkOptionKeys(options, PPROF_OPTIONS, 'createPegasusHandler: pprof', RENAMED_PPROF_OPTIONS);
  const { defaultFormat, maxDurationSeconds = 300 } = options;
  if (defaultFormat !== undefined && !PPROF_FORMATS.includes(defaultFormat)) {
    throw invalidOption('pprof.defaultFormat', `one of ${PPROF_FORMATS.join(', ')}`, defaultFormat);
  }
  const name = 'pprof.maxDurationSeconds';
  return { defaultFormat, maxDurationSeconds: integer(maxDurationSeconds, name, 1, MAX_DURATION_SECONDS) };
}

function resolveConsole(files: StaticFiles | undefined): StaticFiles | undefined {
  if (files === undefined || files?.files instanceof Map) return files;
  throw invalidOption('console', 'what webConsole() of pegasus-http/console returns', files);
}

function resolveGroups(exclude: readonly EndpointGroup[]): readonly EndpointGroup[] {
  const expected = `an array of ${ENDPOINT_GROUPS.join(', ')}`;
  if (!Array.isArray(exclude)) throw invalidOption('exclude', expected, exclude);
  for (const group of exclude) {
    if (!ENDPOINT_GROUPS.includes(group)) throw invalidOption('exclude', expected, group);
  }
  return [...exclude];
}

function resolveHosts(hosts: readonly string[] | undefined): ReadonlySet<string> | undefined {
  if (hosts === undefined) return undefined;
  const expected = 'an array of host names and addresses without ports, such as ["localhost", "127.0.0.1"]';
  if (!Array.isArray(hosts)) throw invalidOption('allowedHosts', expected, hosts);
  return new Set(hosts.map((host: unknown) => canonicalHost(host) ?? fail(host)));

  function fail(host: unknown): never {
    throw invalidOption('allowedHosts', expected, host);
  }
}

/** @returns `undefined` for a value that is no host. */
function canonicalHost(host: unknown): string | undefined {
  if (typeof host !== 'string') return undefined;
  const isIpv6 = host.includes(':') && !host.startsWith('[');
  const parsed = parseHost(isIpv6 ? `[${host}]` : host);
  return parsed?.port === '' ? parsed.hostname : undefined;
}

function optionalFunction<Callback>(value: Callback, name: string): Callback {
  if (value === undefined || typeof value === 'function') return value;
  throw invalidOption(name, 'a function', value);
}

function integer(value: number, name: string, min: number, max = Number.MAX_SAFE_INTEGER): number {
  if (Number.isSafeInteger(value) && value >= min && value <= max) return value;
  const range = max === Number.MAX_SAFE_INTEGER ? `from ${min}` : `from ${min} to ${max}`;
  throw invalidOption(name, `an integer ${range}`, value);
}

function invalidOption(name: string, expected: string, value: unknown): TypeError {
  return new TypeError(`createPegasusHandler: ${name} must be ${expected}, not ${describeValue(value)}`);
}
