/** Where an option can be given, in the order of precedence. */
export type Place = 'flag' | 'file' | 'environment';

/** An option of a command. The flags, the help, the variables, the keys of the file and the guide follow from it. */
export interface Option {
  /** The key in the file, in camel case. The flag and the variable follow from it. */
  readonly name: string;
  readonly kind: 'text' | 'list' | 'integer' | 'boolean' | 'choice';
  /** Default: all of them. */
  readonly places?: readonly Place[];
  /** What the help shows as the value: `HOST:PORT`. */
  readonly value?: string;
  /** One sentence without a full stop; of what is on by default, a noun with its article. */
  readonly help: string;
  /** The default; the help shows it. A boolean whose default is `true` has the flag `--no-...`. */
  readonly default?: string | number | boolean;
  /** What the help shows where the default is no plain value. */
  readonly defaultText?: string;
  /** The values of a choice, or of the items of a list. */
  readonly choices?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  /** Whether the value is a password or a token, which no message may show. */
  readonly isSecret?: boolean;
  /** The letter of the short flag. */
  readonly short?: string;
}

export const PLACES: readonly Place[] = ['flag', 'file', 'environment'];

type ValueOf<O extends Option> = O extends { kind: 'choice'; choices: readonly (infer Choice)[] }
  ? Choice
  : O['kind'] extends 'boolean'
    ? boolean
    : O['kind'] extends 'integer'
      ? number
      : O['kind'] extends 'list'
        ? readonly string[]
        : string;

/** The values of options by their names; an option without a value has its default or is absent. */
export type Values<O extends readonly Option[]> = {
  readonly [One in O[number] as One['name']]: One extends { readonly default: string | number | boolean }
    ? ValueOf<One>
    : ValueOf<One> | undefined;
};

export function isIn(option: Option, place: Place): boolean {
  return (option.places ?? PLACES).includes(place);
}

/** Returns the flag of an option: `--max-age-ms`, or `--no-access-log` for what is on by default. */
export function flagOf({ name, default: byDefault }: Pick<Option, 'name' | 'default'>): string {
  const words = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return byDefault === true ? `--no-${words}` : `--${words}`;
}

/** Returns the environment variable of an option: `PEGASUS_HTTP_MAX_AGE_MS`. */
export function variableOf({ name }: Pick<Option, 'name'>): string {
  return `PEGASUS_HTTP_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}
