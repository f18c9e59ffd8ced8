import { PegasusError } from '../../index.js';
import { closestKey } from '../../validate/unknown-key.js';
import { StartError, UsageError } from '../failure.js';
import { flagOf, isIn, type Option, type Place, type Values, variableOf } from './option.js';
import { checkValue, parseText } from './option-value.js';
import type { Flags } from './parse-flags.js';

/** The values of all options, and where each was given. */
export interface Resolved<O extends readonly Option[]> {
  readonly values: Values<O>;
  /** Returns where an option was given; `undefined` for its default. */
  placeOf(name: O[number]['name']): Place | undefined;
  /** Makes the error of a given option, which begins with where it was given. */
  mistake(name: O[number]['name'], text: string): UsageError | StartError;
  /**
   * Checks the value of an option further.
   *
   * @param parse - Throws a PegasusError that begins with the path that it gets.
   * @returns `undefined` if the option has no value.
   */
  check<T>(name: O[number]['name'], parse: (value: unknown, path: string) => T): T | undefined;
}

/** The file of a command, parsed. */
export interface ParsedFile {
  /** The path as the user gave it, for error messages. */
  readonly name: string;
  readonly content: Readonly<Record<string, unknown>>;
}

/**
 * Resolves the options: flags take precedence over the file, and the file over the environment.
 *
 * @throws UsageError for a wrong flag, StartError for a wrong value in the file or the environment.
 */
export function resolveOptions<const O extends readonly Option[]>(
  options: O,
  flags: Flags,
  file: ParsedFile | undefined,
  environment: NodeJS.ProcessEnv,
): Resolved<O> {
  rejectMisspeltVariables(options, environment);
  const places = new Map<string, Place>();
  const values: Record<string, unknown> = {};
  for (const option of options) {
    const found = find(option, flags, file, environment);
    values[option.name] = found === undefined ? option.default : found.value;
    if (found !== undefined) places.set(option.name, found.place);
  }
  /** Returns how errors of an option look. */
  function errorsOf(name: string) {
    const place = places.get(name);
    const option = { name };
    if (place === 'flag') return { Kind: UsageError, path: flagOf(option), prefix: '' };
    if (place === 'file') return { Kind: StartError, path: name, prefix: `${file?.name}: ` };
    return { Kind: StartError, path: variableOf(option), prefix: '' };
  }

  return {
    values: values as Values<O>,
    placeOf: (name) => places.get(name),
    mistake(name, text) {
      const { Kind, path, prefix } = errorsOf(name);
      return new Kind(`${prefix}${path} ${text}`);
    },
    check(name, parse) {
      const value = values[name];
      if (value === undefined) return undefined;
      const { Kind, path, prefix } = errorsOf(name);
      return named(Kind, () => parse(value, path), prefix);
    },
  };
}

function find(
  option: Option,
  flags: Flags,
  file: ParsedFile | undefined,
  environment: NodeJS.ProcessEnv,
): { readonly place: Place; readonly value: unknown } | undefined {
  const flag = flags.given.get(option.name);
  if (flag !== undefined) {
    const given = typeof flag === 'string' ? parseText(option, flag) : flag;
    const value = named(UsageError, () => checkValue(option, given, flagOf(option)));
    return { place: 'flag', value };
  }
  const inFile = isIn(option, 'file') ? file?.content[option.name] : undefined;
  if (inFile !== undefined) {
    const value = named(StartError, () => checkValue(option, inFile, option.name), `${file?.name}: `);
    return { place: 'file', value };
  }
  const name = variableOf(option);
  const variable = isIn(option, 'environment') ? environment[name] : undefined;
  if (variable === undefined || variable === '' || isServiceLink(variable)) return undefined;
  const value = named(StartError, () => checkValue(option, parseText(option, variable), name));
  return { place: 'environment', value };
}

/** Runs checks. Their errors become errors of the command. */
export function named<T>(Kind: typeof UsageError | typeof StartError, checks: () => T, prefix = ''): T {
  try {
    return checks();
  } catch (error) {
    if (!(error instanceof PegasusError)) throw error;
    throw new Kind(`${prefix}${error.message}`);
  }
}

/** Kubernetes sets `PEGASUS_HTTP_PORT=tcp://10.0.0.1:8080` for a service that is called pegasus-http. */
function isServiceLink(value: string): boolean {
  return /^(tcp|udp|sctp):\/\//.test(value);
}

/** A misspelt variable is a mistake that must not be taken for its default: a forgotten token would leave the gateway open. */
function rejectMisspeltVariables(options: readonly Option[], environment: NodeJS.ProcessEnv): void {
  const known = options.filter((option) => isIn(option, 'environment')).map(variableOf);
  for (const name of Object.keys(environment)) {
    if (!name.startsWith('PEGASUS_HTTP_') || known.includes(name)) continue;
    const closest = closestKey(name, known);
    if (closest !== undefined && !isServiceLink(environment[name] ?? ''))
      throw new StartError(`unknown environment variable ${name.slice(0, 60)}, did you mean ${closest}?`);
  }
}
