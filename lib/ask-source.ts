import type { ClusterSource, MaybePromise } from './contracts.js';
import { PegasusError, type PegasusErrorCode } from './errors.js';
import { isPromise } from './maybe-promise.js';
import type { Profiler } from './profiler-contract.js';
import { CLIENT_GONE, type RequestCall } from './source-call.js';
import { show } from './text/format.js';

/** What each part is called in messages, and the functions that it must have. */
const PARTS = {
  metaState: { called: 'meta state', functions: ['role', 'app', 'cluster'] },
  perfCounters: { called: 'perf counter', functions: ['read'] },
  processInfo: { called: 'process information', functions: ['version', 'startSecond'] },
} as const satisfies Record<keyof ClusterSource, { called: string; functions: readonly string[] }>;

/** The functions of a profiler, which a process-information source may have. */
const PROFILER_FUNCTIONS = [
  'cpu',
  'heap',
  'growth',
  'symbolCount',
  'symbols',
  'mappedLibraries',
  'commandLine',
] as const satisfies readonly (keyof Profiler)[];

/** The name of one part of a source. */
export type PartName = keyof typeof PARTS;

/**
 * Checks a source when a handler is made of it, where the mistake is easy to see, and not at the first request.
 *
 * @returns Its parts, so that what the host changes later does not matter.
 */
export function readSource(source: ClusterSource): ClusterSource {
  if (typeof source !== 'object' || source === null) {
    throw new TypeError(`createPegasusHandler: source must be an object, not ${show(source)}`);
  }
  const names = Object.keys(PARTS) as PartName[];
  const given = names.filter((name) => source[name] !== undefined);
  if (given.length === 0) {
    throw new TypeError(`createPegasusHandler: source must have at least one of ${names.join(', ')}`);
  }
  for (const name of given) mustHave(source[name], PARTS[name].functions, `source.${name}`);
  const profiler = source.processInfo?.profiler;
  if (profiler !== undefined) mustHave(profiler, PROFILER_FUNCTIONS, 'source.processInfo.profiler');
  if (source.metaState?.staleSince !== undefined)
    mustHave(source.metaState, ['staleSince'], 'source.metaState');
  return Object.fromEntries(given.map((name) => [name, source[name]]));
}

function mustHave(part: unknown, functions: readonly string[], called: string): void {
  for (const name of functions) {
    const value = (part as Readonly<Record<string, unknown>> | null | undefined)?.[name];
    if (typeof value === 'function') continue;
    throw new TypeError(`createPegasusHandler: ${called}.${name} must be a function, not ${show(value)}`);
  }
}

/**
 * Calls a source and waits for it. Whatever goes wrong comes out as a {@link PegasusError} that is fit for the client:
 * a source chooses its code, but its message stays in the `cause`.
 */
export function askSource<T>(part: PartName, call: RequestCall, ask: () => MaybePromise<T>): MaybePromise<T> {
  try {
    const answer = ask();
    if (!isPromise(answer)) return answer;
    return call.wait(answer).catch((cause) => {
      throw failed(part, cause);
    });
  } catch (cause) {
    throw failed(part, cause);
  }
}

/**
 * Makes something of a source's answer. What the endpoint itself decides (not found, busy) comes back as it is: it is no failure, and
 * to throw it on would cost more than the rest of such an answer. Anything else that is thrown on the way means that the answer has not the
 * shape it must have.
 */
export function usable<T>(part: PartName, make: () => MaybePromise<T>): MaybePromise<T | PegasusError> {
  try {
    const made = make();
    if (!isPromise(made)) return made;
    return made.then(undefined, (cause) => refusalOr(part, cause));
  } catch (cause) {
    return refusalOr(part, cause);
  }
}

function failed(part: PartName, cause: unknown): unknown {
  if (cause === CLIENT_GONE) return cause;
  const code = cause instanceof PegasusError ? cause.code : 'ERR_UNKNOWN';
  return new PegasusError(code, messageFor(code, part), { cause });
}

function refusalOr(part: PartName, cause: unknown): PegasusError {
  if (cause instanceof PegasusError) return cause;
  throw new PegasusError('ERR_UNKNOWN', `the ${PARTS[part].called} source gave an unusable answer`, {
    cause,
  });
}

function messageFor(code: PegasusErrorCode, part: PartName): string {
  const source = `the ${PARTS[part].called} source`;
  switch (code) {
    case 'ERR_TIMEOUT':
      return `${source} did not answer in time`;
    case 'ERR_SERVICE_NOT_ACTIVE':
      return `${source} is not ready yet`;
    case 'ERR_BUSY':
    case 'ERR_BUSY_CREATING':
    case 'ERR_BUSY_DROPPING':
      return `${source} is busy`;
    case 'ERR_FORWARD_TO_OTHERS':
      return 'no primary meta server is known';
    case 'ERR_OBJECT_NOT_FOUND':
      return `${source} has no such thing`;
    default:
      return `${source} failed`;
  }
}
