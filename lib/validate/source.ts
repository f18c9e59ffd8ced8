import type { Profiler } from '../model/profiler.js';
import type { ClusterSource } from '../model/source.js';
import { describeValue } from './describe-value.js';
import { closestKey, unknownKey } from './unknown-key.js';

/** The required methods of each part. */
const METHODS = {
  metaState: ['role', 'app', 'cluster'],
  perfCounters: ['read'],
  processInfo: ['version', 'startSecond'],
  metrics: ['read'],
  config: ['flag', 'flags'],
  replicas: [],
} as const satisfies Record<keyof ClusterSource, readonly string[]>;

/** The optional methods of each part: functions if they are present. */
export const OPTIONAL_METHODS = {
  metaState: [
    'staleSince',
    'appEnvs',
    'duplications',
    'backupPolicies',
    'bulkLoadStatus',
    'startBulkLoad',
    'startCompaction',
    'setUsageScenario',
  ],
  perfCounters: ['names'],
  processInfo: [],
  metrics: [],
  config: ['update'],
  replicas: ['duplications', 'dataVersions', 'compactionProgress'],
} as const satisfies Record<keyof ClusterSource, readonly string[]>;

/** The required methods of a profiler. */
const PROFILER_METHODS = [
  'cpu',
  'heap',
  'growth',
  'symbolCount',
  'symbols',
  'mappedLibraries',
  'commandLine',
] as const satisfies readonly (keyof Profiler)[];

/**
 * Checks a source when a handler is created, where a mistake is easy to see, and not at the first request.
 *
 * @param caller - The function that takes the source. Each message begins with it.
 * @returns The parts of the source. Later changes of the source object have no effect.
 * @throws TypeError that says what is wrong and what would be right.
 */
export function validateSource(source: ClusterSource, caller: string): ClusterSource {
  if (typeof source !== 'object' || source === null) throw invalidSource(source, caller);
  const names = Object.keys(METHODS) as (keyof ClusterSource)[];
  const parts = Object.fromEntries(names.map((name) => [name, source[name]])) as ClusterSource;
  const given = names.filter((name) => parts[name] !== undefined);
  if (given.length === 0) throw invalidSource(source, caller);
  rejectMisspeltParts(source, names, given, caller);
  for (const name of given) assertMethods(parts[name], METHODS[name], `${caller}: source.${name}`);
  const profiler = parts.processInfo?.profiler;
  if (profiler !== undefined) {
    const place = `${caller}: source.processInfo.profiler`;
    assertMethods(profiler, PROFILER_METHODS, place);
    const { sharedSymbols } = profiler;
    if (sharedSymbols !== undefined) assertMethods(sharedSymbols, ['add', 'find'], `${place}.sharedSymbols`);
  }
  for (const name of given) {
    const part = parts[name] as unknown as Readonly<Record<string, unknown>>;
    const present = OPTIONAL_METHODS[name].filter((method) => part[method] !== undefined);
    assertMethods(part, present, `${caller}: source.${name}`);
  }
  return parts;
}

/** A source may have other properties, but not a part under a misspelt name. */
function rejectMisspeltParts(
  source: ClusterSource,
  names: readonly string[],
  given: readonly string[],
  caller: string,
): void {
  const missing = names.filter((name) => !given.includes(name));
  for (const key of Object.keys(source)) {
    const meant = names.includes(key) ? undefined : closestKey(key, missing);
    if (meant !== undefined)
      throw new TypeError(`${caller}: unknown part "${key}" of the source, did you mean "${meant}"?`);
  }
}

function invalidSource(given: unknown, caller: string): TypeError {
  return new TypeError(`${caller}: source ${describeMistake(given, caller)}`);
}

/** Describes what is given instead of a source, and what would be one. */
function describeMistake(given: unknown, caller: string): string {
  if (typeof given === 'function') {
    const isClass = /^class\b/.test(Function.prototype.toString.call(given));
    return isClass
      ? `must be an object, not the class ${given.name}: new ${given.name}() makes one`
      : 'must be an object, not a function: call it, and pass what it returns';
  }
  if (typeof given !== 'object' || given === null) return `must be an object, not ${describeValue(given)}`;
  const has = (name: string) => typeof (given as Record<string, unknown>)[name] === 'function';
  if (has('then')) return 'must not be a promise: await it first';
  if ('headers' in given && 'url' in given)
    return `is a request: mount what ${caller}(source) returns, and not the function itself`;
  const part = Object.entries(METHODS).find(([, methods]) => methods.length > 0 && methods.every(has));
  if (part !== undefined) return `must hold its parts by their names: { ${part[0]}: ... }`;
  const names = Object.keys(METHODS);
  return `must have at least one of ${names.join(', ')}: ${unknownKey(given, names, 'part') ?? 'it is empty'}`;
}

function assertMethods(part: unknown, methods: readonly string[], path: string): void {
  for (const name of methods) {
    const value = (part as Readonly<Record<string, unknown>> | null | undefined)?.[name];
    if (typeof value === 'function') continue;
    throw new TypeError(`${path}.${name} must be a function, not ${describeValue(value)}`);
  }
}
