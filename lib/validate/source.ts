import type { Profiler } from '../model/profiler.js';
import type { ClusterSource } from '../model/source.js';
import { describeValue } from './describe-value.js';
import { closestKey, unknownKey } from './unknown-key.js';

/** The functions that each part must have. */
const FUNCTIONS = {
  metaState: ['role', 'app', 'cluster'],
  perfCounters: ['read'],
  processInfo: ['version', 'startSecond'],
} as const satisfies Record<keyof ClusterSource, readonly string[]>;

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

/**
 * Checks a source when a handler is made of it, where the mistake is easy to see, and not at the first request.
 *
 * @returns Its parts, so that what the host changes later does not matter.
 */
export function readSource(source: ClusterSource): ClusterSource {
  if (typeof source !== 'object' || source === null) throw noSource(source);
  const names = Object.keys(FUNCTIONS) as (keyof ClusterSource)[];
  const parts = Object.fromEntries(names.map((name) => [name, source[name]])) as ClusterSource;
  const given = names.filter((name) => parts[name] !== undefined);
  if (given.length === 0) throw noSource(source);
  // A source may have more than its parts, but a part by another name is none.
  const missing = names.filter((name) => !given.includes(name));
  for (const key of Object.keys(source)) {
    const meant = names.includes(key as keyof ClusterSource) ? undefined : closestKey(key, missing);
    if (meant !== undefined)
      throw new TypeError(
        `createPegasusHandler: unknown part "${key}" of the source, did you mean "${meant}"?`,
      );
  }
  for (const name of given) mustHave(parts[name], FUNCTIONS[name], `source.${name}`);
  const profiler = parts.processInfo?.profiler;
  if (profiler !== undefined) mustHave(profiler, PROFILER_FUNCTIONS, 'source.processInfo.profiler');
  if (parts.metaState?.staleSince !== undefined)
    mustHave(parts.metaState, ['staleSince'], 'source.metaState');
  return parts;
}

/** What was given in the place of a source, and what would be one. */
function noSource(given: unknown): TypeError {
  return new TypeError(`createPegasusHandler: source ${whyNot(given)}`);
}

function whyNot(given: unknown): string {
  if (typeof given === 'function') {
    const isClass = /^class\b/.test(Function.prototype.toString.call(given));
    return isClass
      ? `must be an object, not the class ${given.name}: new ${given.name}() makes one`
      : 'must be an object, not a function: call it, and give what it returns';
  }
  if (typeof given !== 'object' || given === null) return `must be an object, not ${describeValue(given)}`;
  const has = (name: string) => typeof (given as Record<string, unknown>)[name] === 'function';
  if (has('then')) return 'must not be a promise: await it first';
  if ('headers' in given && 'url' in given)
    return 'is a request: mount what createPegasusHandler(source) returns, and not the function itself';
  const part = Object.entries(FUNCTIONS).find(([, functions]) => functions.every(has));
  if (part !== undefined) return `must hold its parts by their names: { ${part[0]}: ... }`;
  const names = Object.keys(FUNCTIONS);
  return `must have at least one of ${names.join(', ')}: ${unknownKey(given, names, 'part') ?? 'it is empty'}`;
}

function mustHave(part: unknown, functions: readonly string[], called: string): void {
  for (const name of functions) {
    const value = (part as Readonly<Record<string, unknown>> | null | undefined)?.[name];
    if (typeof value === 'function') continue;
    throw new TypeError(
      `createPegasusHandler: ${called}.${name} must be a function, not ${describeValue(value)}`,
    );
  }
}
