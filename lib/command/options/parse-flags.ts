import { parseArgs } from 'node:util';
import { closestKey } from '../../validate/unknown-key.js';
import { UsageError } from '../failure.js';
import { flagOf, isIn, type Option, variableOf } from './option.js';

/** What the arguments of a command say. */
export interface Flags {
  /** The texts of the given options by name; a boolean is `true` or `false`. */
  readonly given: ReadonlyMap<string, string | boolean>;
  readonly positionals: readonly string[];
}

type Token = NonNullable<ReturnType<typeof parseArgs>['tokens']>[number];
type OptionToken = Extract<Token, { kind: 'option' }>;

/**
 * Parses the arguments of a command.
 *
 * @throws UsageError that names the flag. It never shows a value, which may be a password in the wrong place.
 */
export function parseFlags(
  args: readonly string[],
  options: readonly Option[],
  maxPositionals: number,
): Flags {
  const flags = new Map(
    options.filter((option) => isIn(option, 'flag')).map((option) => [flagOf(option), option]),
  );
  const { tokens, positionals } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      Array.from(flags, ([flag, option]) => [flag.slice(2), declarationOf(option)]),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const given = new Map<string, string | boolean>();
  for (const token of tokens ?? []) {
    if (token.kind !== 'option') continue;
    const option = flags.get(`--${token.name}`);
    if (option === undefined) throw new UsageError(unknownFlag(token.rawName, options));
    const flag = flagOf(option);
    if (given.has(option.name)) throw new UsageError(`${flag} is given twice`);
    given.set(option.name, flagValue(token, option, flag));
  }
  if (positionals.length > maxPositionals) {
    const what = maxPositionals === 0 ? 'no argument' : 'one argument';
    throw new UsageError(`it takes ${what} beside its options, not ${positionals.length}; see --help`);
  }
  return { given, positionals };
}

function declarationOf({ kind, short }: Option) {
  return {
    type: kind === 'boolean' ? ('boolean' as const) : ('string' as const),
    ...(short !== undefined && { short }),
  };
}

function flagValue(token: OptionToken, option: Option, flag: string): string | boolean {
  const { value, inlineValue } = token;
  if (option.kind === 'boolean') {
    if (value !== undefined) throw new UsageError(`${flag} takes no value`);
    return option.default !== true;
  }
  // An option behind it was not meant as its value.
  if (value === undefined || value === '' || (!inlineValue && value.startsWith('-')))
    throw new UsageError(`${flag} needs a value: ${flag} ${option.value ?? 'VALUE'}`);
  return value;
}

function unknownFlag(rawName: string, options: readonly Option[]): string {
  const shown = rawName.slice(0, 60);
  const secret = options.find((option) => !isIn(option, 'flag') && flagOf(option) === rawName);
  if (secret !== undefined) {
    return `${shown} is no option, because arguments are visible in the list of processes: set ${variableOf(secret)}, or "${secret.name}" in the file of --config`;
  }
  const known = options.filter((option) => isIn(option, 'flag')).map(flagOf);
  const closest = closestKey(rawName, known);
  return `unknown option ${shown}, ${closest === undefined ? 'see --help' : `did you mean ${closest}?`}`;
}
