import { PegasusError } from '../model/errors.js';
import { describeValue } from '../validate/describe-value.js';

/** The keys of a document, in each of its forms. */
export type KeyOf<Document> = Document extends unknown ? keyof Document & string : never;

/** What a document has under a key, in those of its forms that have the key. */
type ValueOf<Document, Key> = Document extends unknown
  ? Key extends keyof Document
    ? Document[Key]
    : never
  : never;

type FieldsOf<Value> = Fields<Extract<Value, object>>;

type Item<Value> = Value extends readonly (infer Element)[] ? Element : never;

/**
 * The fields of a JSON object of an answer. `Document` is its type by the schemas of `wire/`, so that a key that no schema has does not
 * compile. The values are read as unknown ones: a server of another version may send anything. Each function throws `ERR_INVALID_DATA`
 * with the path of what is wrong.
 */
export interface Fields<Document = never> {
  has(key: KeyOf<Document>): boolean;
  text(key: KeyOf<Document>): string;
  /** A text of that list. */
  oneOf<T extends string>(key: KeyOf<Document>, allowed: readonly T[]): T;
  /** A whole number, as text or as a JSON number. */
  integer(key: KeyOf<Document>): number;
  /** Any number, as text or as a JSON number. */
  number(key: KeyOf<Document>): number;
  /** `true` or `false`, as text or as JSON. */
  boolean(key: KeyOf<Document>): boolean;
  /** Texts between commas. */
  list(key: KeyOf<Document>): readonly string[];
  /** An object. */
  fields<Key extends KeyOf<Document>>(key: Key): FieldsOf<ValueOf<Document, Key>>;
  /** The objects in an object, by key. */
  rows(): readonly (readonly [key: string, row: FieldsOf<ValueOf<Document, KeyOf<Document>>>])[];
  /** The texts in an object, by key. */
  texts(): Readonly<Record<string, string>>;
  /** The objects in an array. */
  items<Key extends KeyOf<Document>>(key: Key): readonly FieldsOf<Item<ValueOf<Document, Key>>>[];
  keys(): readonly string[];
  /** Throws the error of a field. */
  fail(key: KeyOf<Document>, expected: string): never;
}

/** Reads the fields of a value that must be a JSON object. */
export function readFields<Document>(value: unknown, path = 'the answer'): Fields<Document> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrong(path, 'an object', value);
  const object = value as Readonly<Record<string, unknown>>;
  const pathOf = (key: string) => (path === 'the answer' ? key : `${path}.${key}`);
  const get = (key: string) => (Object.hasOwn(object, key) ? object[key] : undefined);
  const fail = (key: string, expected: string): never => {
    throw wrong(pathOf(key), expected, get(key));
  };

  function text(key: string): string {
    const found = get(key);
    return typeof found === 'string' ? found : fail(key, 'a string');
  }
  function matching(key: string, pattern: RegExp, expected: string): number {
    const found = get(key);
    const number =
      typeof found === 'number'
        ? found
        : Number(typeof found === 'string' && pattern.test(found) ? found : Number.NaN);
    return Number.isFinite(number) ? number : fail(key, expected);
  }
  return {
    has: (key) => Object.hasOwn(object, key),
    text,
    oneOf: (key, allowed) =>
      allowed.find((word) => word === get(key)) ?? fail(key, `one of ${allowed.join(', ')}`),
    integer(key) {
      const number = matching(key, /^-?\d{1,16}$/, 'a whole number');
      return Number.isSafeInteger(number) ? number : fail(key, 'a whole number');
    },
    number: (key) => matching(key, /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i, 'a number'),
    boolean(key) {
      const found = String(get(key));
      return found === 'true' || found === 'false' ? found === 'true' : fail(key, 'true or false');
    },
    list: (key) => splitList(text(key)),
    fields: (key) => readFields(get(key), pathOf(key)),
    rows: () => Object.keys(object).map((key) => [key, readFields(object[key], pathOf(key))] as const),
    texts() {
      for (const key of Object.keys(object)) text(key);
      return object as Readonly<Record<string, string>>;
    },
    items(key) {
      const found = get(key);
      if (!Array.isArray(found)) return fail(key, 'an array');
      return found.map((item, i) => readFields(item, `${pathOf(key)}[${i}]`));
    },
    keys: () => Object.keys(object),
    fail,
  };
}

/** Splits a list such as `a,b` or `[a,b]`; empty for none. */
export function splitList(text: string): readonly string[] {
  const inner = /^\[(.*)\]$/s.exec(text)?.[1] ?? text;
  return inner === '' ? [] : inner.split(',').map((item) => item.trim());
}

function wrong(path: string, expected: string, value: unknown): PegasusError {
  return new PegasusError('ERR_INVALID_DATA', `${path} must be ${expected}, not ${describeValue(value)}`);
}
