import { isFlagSet, type QueryParams } from '../http/query.js';
import { clientError } from '../model/errors.js';

/** A declared query parameter. Parsing, error messages and the help text follow from the declaration. */
export interface Param<Value> {
  readonly type: 'string' | 'flag' | 'integer' | 'enum' | 'list' | 'repeated' | 'rest';
  readonly isRequired: boolean;
  /** The parameter in the help text, `name=<app_name>`. */
  readonly usage: string;
  /** The allowed values of an enum. */
  readonly values?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  /**
   * Returns the value of the parameter.
   *
   * @throws `ERR_INVALID_PARAMETERS` that says what is wrong and what is right.
   */
  parse(query: QueryParams, name: string, declared: readonly string[]): Value;
}

/** Declared parameters by name. */
export type Params = Readonly<Record<string, Param<unknown>>>;

/** The parsed values of declared parameters. */
export type ParamValues<Declared extends Params> = {
  readonly [Name in keyof Declared]: Declared[Name] extends Param<infer Value> ? Value : never;
};

/** Declares parameters. */
export const param = {
  /** A text that must not be empty. `placeholder` stands for it in the help text, `message` is the error. */
  requiredString(placeholder: string, message: string): Param<string> {
    return {
      type: 'string',
      isRequired: true,
      usage: `<${placeholder}>`,
      parse: (query, name) => textOf(query, name) || fail(message),
    };
  },

  /** A text. */
  string(placeholder: string): Param<string | undefined> {
    return { type: 'string', isRequired: false, usage: `<${placeholder}>`, parse: textOf };
  },

  /** A flag: set if present, unless the value is `false` or `0`. */
  flag(): Param<boolean> {
    return { type: 'flag', isRequired: false, usage: '', parse: isFlagSet };
  },

  /** A decimal integer in a range. */
  integer(minimum: number, maximum: number): Param<number | undefined> {
    return {
      type: 'integer',
      isRequired: false,
      usage: '<n>',
      minimum,
      maximum,
      parse(query, name) {
        const text = textOf(query, name);
        if (text === undefined) return undefined;
        const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
        if (value >= minimum && value <= maximum) return value;
        return fail(`${name} must be an integer from ${minimum} to ${maximum}, not "${text}"`);
      },
    };
  },

  /** A decimal integer in a range, which must be present. `placeholder` stands for it in the help text. */
  requiredInteger(placeholder: string, minimum: number, maximum: number): Param<number> {
    const integer = param.integer(minimum, maximum);
    return {
      ...integer,
      isRequired: true,
      usage: `<${placeholder}>`,
      parse(query, name, declared) {
        if (!textOf(query, name))
          fail(`${name} shouldn't be empty: it is an integer from ${minimum} to ${maximum}`);
        return integer.parse(query, name, declared) as number;
      },
    };
  },

  /** One of several literals. */
  enum<Value extends string>(values: readonly Value[]): Param<Value | undefined> {
    return {
      type: 'enum',
      isRequired: false,
      usage: values.join('|'),
      values,
      parse(query, name) {
        const text = textOf(query, name);
        const value = values.find((known) => known === text);
        if (text === undefined || value !== undefined) return value;
        return fail(`${name} must be ${values.join(' or ')}, not "${text}"`);
      },
    };
  },

  /** `true` or `false`, in any case. */
  boolean(): Param<boolean | undefined> {
    return {
      type: 'enum',
      isRequired: false,
      usage: 'true|false',
      values: ['true', 'false'],
      parse(query, name) {
        const text = textOf(query, name);
        if (text === undefined) return undefined;
        const value = text.toLowerCase();
        if (value === 'true' || value === 'false') return value === 'true';
        return fail(`${name} must be true or false, not "${text}"`);
      },
    };
  },

  /** A comma-separated list. Items are trimmed and empty ones dropped; `undefined` if the parameter is absent. */
  list(placeholder: string): Param<readonly string[] | undefined> {
    return { type: 'list', isRequired: false, usage: `<${placeholder}>,...`, parse: itemsOf };
  },

  /** A comma-separated list like {@link param.list} of names and values in turn. An absent parameter is an empty list. */
  pairs(placeholder: string): Param<readonly (readonly [name: string, value: string])[]> {
    return {
      type: 'list',
      isRequired: false,
      usage: `<${placeholder}>,<value>,...`,
      parse(query, name) {
        const items = itemsOf(query, name) ?? [];
        if (items.length % 2 === 1) {
          const example = `${name}=${items[0]},<value>`;
          return fail(
            `${name} must be names and values in turn, such as ${example}: the last name has no value`,
          );
        }
        const names = items.filter((_, i) => i % 2 === 0);
        return Object.freeze(
          names.map((item, i) => Object.freeze([item, items[2 * i + 1] as string] as const)),
        );
      },
    };
  },

  /** A parameter that may occur more than once. */
  repeated(placeholder: string): Param<readonly string[]> {
    return {
      type: 'repeated',
      isRequired: false,
      usage: `<${placeholder}>`,
      parse: (query, name) => (query.get(name) as readonly string[] | undefined) ?? [],
    };
  },

  /** All parameters that no other declaration names, by name. */
  rest(placeholder: string): Param<ReadonlyMap<string, string>> {
    return {
      type: 'rest',
      isRequired: false,
      usage: `<${placeholder}>=<value>`,
      parse(query, _, declared) {
        const others = [...query].filter(([name]) => !declared.includes(name));
        return new Map(others as [string, string][]);
      },
    };
  },
};

/** Writes the parameters as the help text shows them, `name=<app_name>[&detail]`. */
export function describeParams(params: Params): string {
  return Object.entries(params)
    .map(([name, { type, isRequired, usage }], i) => {
      const text = type === 'rest' ? usage : usage === '' ? name : `${name}=${usage}`;
      const joined = i === 0 ? text : `&${text}`;
      return isRequired ? joined : `[${joined}]`;
    })
    .join('');
}

function textOf(query: QueryParams, name: string): string | undefined {
  return query.get(name) as string | undefined;
}

/** Frozen, because parsed arguments are cached and reach the source. */
function itemsOf(query: QueryParams, name: string): readonly string[] | undefined {
  const items = textOf(query, name)?.split(',');
  return items && Object.freeze(items.map((item) => item.trim()).filter((item) => item !== ''));
}

function fail(message: string): never {
  throw clientError('ERR_INVALID_PARAMETERS', message);
}
