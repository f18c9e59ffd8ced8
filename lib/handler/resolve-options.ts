import { MAX_TIMEOUT_MS } from '../http/deadline.js';
import type { AnyRequest } from '../http/exchange.js';
import type { FetchRequest } from '../http/fetch-request.js';
import { parseHost } from '../http/host.js';
import type { PegasusRequest } from '../http/node.js';
import { COMPATIBILITIES, type Compatibility } from '../model/enums.js';
import type { PegasusError } from '../model/errors.js';
import type { MaybePromise } from '../model/maybe-promise.js';
import { PPROF_FORMATS, type PprofOptions, type ResolvedPprofOptions } from '../pprof/formats.js';
import { ENDPOINT_GROUPS, type Endpoint, type EndpointGroup } from '../routing/endpoint.js';
import type { StaticFiles } from '../routing/static-files.js';
import * as check from '../validate/checks.js';
import { readOptions } from '../validate/options.js';
import type { FetchOptions } from './fetch-options.js';
import type { AuthorizeResult, HandlerOptions } from './options.js';

/** {@link FetchOptions}, checked and with defaults. */
export interface ResolvedFetchOptions extends ResolvedOptions {
  readonly clientAddress: FetchOptions['clientAddress'];
}

/** Decides about a request of either kind. */
export type ResolvedAuthorize = (req: AnyRequest, endpoint: Endpoint) => MaybePromise<AuthorizeResult>;

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
  readonly authorize: ResolvedAuthorize | undefined;
  readonly onError:
    | ((error: PegasusError, req: PegasusRequest | Request, endpoint: Endpoint | undefined) => void)
    | undefined;
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
  return readOptions('createPegasusHandler', options, OPTIONS, resolveValues, RENAMED_OPTIONS);
}

/**
 * Checks the options of a fetch handler and fills in defaults.
 *
 * @throws TypeError that names the option, the value and what would be right.
 */
export function resolveFetchOptions(options: FetchOptions = {}): ResolvedFetchOptions {
  const known = [...OPTIONS, 'clientAddress'];
  return readOptions('createPegasusFetch', options, known, resolveFetchValues, RENAMED_OPTIONS);
}

function resolveFetchValues({ clientAddress, authorize, ...others }: FetchOptions): ResolvedFetchOptions {
  const decide = check.optionalFunction(authorize, 'authorize');
  return {
    ...resolveValues(others),
    authorize:
      decide &&
      ((req: AnyRequest, endpoint: Endpoint) => {
        const { request, clientAddress: address } = req as FetchRequest;
        return decide(request, endpoint, address);
      }),
    clientAddress: check.optionalFunction(clientAddress, 'clientAddress'),
  };
}

function resolveValues(options: HandlerOptions | Omit<FetchOptions, 'authorize'>): ResolvedOptions {
  const { basePath = '/', exclude = [], allowedHosts, pprof = {} } = options;
  const { authorize, onError } = options as Pick<ResolvedOptions, 'authorize' | 'onError'>;
  const {
    timeoutMs = 10_000,
    maxUrlLength = 8192,
    maxQueryParams = 100,
    maxPendingRequests = 1000,
    compatibility = '2.5',
  } = options;
  if (!COMPATIBILITIES.includes(compatibility)) {
    const known = COMPATIBILITIES.map((version) => `"${version}"`).join(', ');
    check.fail('compatibility', `one of ${known}`, compatibility);
  }
  if (typeof basePath !== 'string' || !basePath.startsWith('/') || !BASE_PATH.test(basePath)) {
    check.fail('basePath', 'a path such as "/pegasus"', basePath);
  }
  return {
    basePath: basePath.replace(/\/+/g, '/').replace(/\/$/, ''),
    timeoutMs: check.integer(timeoutMs, 'timeoutMs', 1, MAX_TIMEOUT_MS),
    maxUrlLength: check.integer(maxUrlLength, 'maxUrlLength', 1),
    maxQueryParams: check.integer(maxQueryParams, 'maxQueryParams', 1),
    maxPendingRequests: check.integer(maxPendingRequests, 'maxPendingRequests', 1),
    exclude: resolveGroups(exclude),
    allowedHosts: resolveHosts(allowedHosts),
    authorize: check.optionalFunction(authorize, 'authorize'),
    onError: check.optionalFunction(onError, 'onError'),
    compatibility,
    pprof: resolvePprofOptions(pprof),
    console: resolveConsole(options.console),
  };
}

function resolvePprofOptions(options: PprofOptions): ResolvedPprofOptions {
  if (typeof options !== 'object' || options === null) {
    check.fail('pprof', 'an object (exclude: ["pprof"] disables these endpoints)', options);
  }
  check.objectWithKeys(options, 'pprof', PPROF_OPTIONS, 'option', RENAMED_PPROF_OPTIONS);
  const { defaultFormat, maxDurationSeconds = 300 } = options;
  if (defaultFormat !== undefined) check.oneOf(defaultFormat, 'pprof.defaultFormat', PPROF_FORMATS);
  const name = 'pprof.maxDurationSeconds';
  return {
    defaultFormat,
    maxDurationSeconds: check.integer(maxDurationSeconds, name, 1, MAX_DURATION_SECONDS),
  };
}

function resolveConsole(files: StaticFiles | undefined): StaticFiles | undefined {
  if (files === undefined || files?.files instanceof Map) return files;
  return check.fail('console', 'what webConsole() of pegasus-http/console returns', files);
}

function resolveGroups(exclude: readonly EndpointGroup[]): readonly EndpointGroup[] {
  const expected = `an array of ${ENDPOINT_GROUPS.join(', ')}`;
  if (!Array.isArray(exclude)) check.fail('exclude', expected, exclude);
  for (const group of exclude) {
    if (!ENDPOINT_GROUPS.includes(group)) check.fail('exclude', expected, group);
  }
  return [...exclude];
}

function resolveHosts(hosts: readonly string[] | undefined): ReadonlySet<string> | undefined {
  if (hosts === undefined) return undefined;
  const expected = 'an array of host names and addresses without ports, such as ["localhost", "127.0.0.1"]';
  if (!Array.isArray(hosts)) check.fail('allowedHosts', expected, hosts);
  return new Set(
    hosts.map((host: unknown) => canonicalHost(host) ?? check.fail('allowedHosts', expected, host)),
  );
}

/** @returns `undefined` for a value that is no host. */
function canonicalHost(host: unknown): string | undefined {
  if (typeof host !== 'string') return undefined;
  const isIpv6 = host.includes(':') && !host.startsWith('[');
  const parsed = parseHost(isIpv6 ? `[${host}]` : host);
  return parsed?.port === '' ? parsed.hostname : undefined;
}
