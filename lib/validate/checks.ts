/**
 * Checks of data that users write by hand. Each takes a value and its path (`apps[0].appName`), returns the value with its
 * type, and throws an error that says what it is and what it should be.
 */
import { invalidParameters } from '../model/errors.js';
import { describeValue } from './describe-value.js';
import { type Renamed, unknownKey } from './unknown-key.js';

const ADDRESS = /^(?:[\w.-]+|\[[\da-f:.]+\]):(\d{1,5})$/i;

/** How JSON of an object, or of an array of strings, objects or arrays begins. An IPv6 address such as `[::1]:80` does not. */
const BEGINNING_OF_JSON = /^\s*(?:\{\s*["}]|\[\s*["[{\]])/;

/** Maximum number of allowed values that an error message lists. */
const MAX_LISTED = 12;

export type Check<T> = (value: unknown, path: string) => T;

/** Throws `ERR_INVALID_PARAMETERS`: `<path> must be <expected>, not <value>`. */
export function fail(path: string, expected: string, value: unknown): never {
  throw invalidParameters(`${path} must be ${expected}, not ${describeValue(value)}${howToRead(value)}`);
}

/** Says what is missing when a value is still to be parsed, or to be awaited. */
function howToRead(value: unknown): string {
  if (ArrayBuffer.isView(value) || (typeof value === 'string' && BEGINNING_OF_JSON.test(value))) {
    return ': parse the JSON first';
  }
  return describeValue(value) === 'a promise' ? ': await it first' : '';
}

/** Checks that a value is a plain object. A Map, a promise or bytes have no keys, and would pass for an empty object. */
export function object(value: unknown, path: string): object {
  const isPlain = typeof value === 'object' && value !== null && describeValue(value) === 'an object';
  return isPlain ? value : fail(path, 'an object', value);
}

/**
 * Checks that a value is an object without unknown keys.
 *
 * @param kind - What a key is called in the error message.
 * @param renamed - Keys of an earlier version by their old names.
 */
export function objectWithKeys<Key extends string>(
  value: unknown,
  path: string,
  keys: readonly Key[],
  kind = 'key',
  renamed: Renamed = {},
): Partial<Record<Key, unknown>> {
  const given = object(value, path);
  const mistake = unknownKey(given, keys, kind, renamed);
  if (mistake !== undefined) throw invalidParameters(`${path}: ${mistake}`);
  return given;
}

export function list<T>(value: unknown, path: string, each: Check<T>): T[] {
  if (!Array.isArray(value)) fail(path, 'an array', value);
  // Array.from visits the holes of a sparse array, which map leaves as they are.
  return Array.from(value, (item, i) => each(item, `${path}[${i}]`));
}

export function string(value: unknown, path: string): string {
  return typeof value === 'string' ? value : fail(path, 'a string', value);
}

export function nonEmpty(value: unknown, path: string): string {
  return typeof value === 'string' && value !== '' ? value : fail(path, 'a non-empty string', value);
}

export function integer(value: unknown, path: string, min = 0, max = Number.MAX_SAFE_INTEGER): number {
  if (Number.isInteger(value) && (value as number) >= min && (value as number) <= max) return value as number;
  return fail(
    path,
    max === Number.MAX_SAFE_INTEGER ? `an integer from ${min}` : `an integer from ${min} to ${max}`,
    value,
  );
}

export function number(value: unknown, path: string): number {
  return typeof value === 'number' ? value : fail(path, 'a number', value);
}

/** Checks a duration in milliseconds that may be `Infinity`. */
export function duration(value: unknown, path: string): number {
  if (typeof value === 'number' && value >= 0) return value;
  return fail(path, 'a number of milliseconds from 0 to Infinity', value);
}

/** Checks a number that may have a fraction. */
export function numberBetween(value: unknown, path: string, min: number, max: number): number {
  if (typeof value === 'number' && value >= min && value <= max) return value;
  return fail(path, `a number from ${min} to ${max}`, value);
}

export function positiveNumber(value: unknown, path: string): number {
  return typeof value === 'number' && value > 0 ? value : fail(path, 'a positive number', value);
}

export function boolean(value: unknown, path: string): boolean {
  return typeof value === 'boolean' ? value : fail(path, 'true or false', value);
}

/** Checks a function that may be absent. */
export function optionalFunction<F>(value: F, path: string): F {
  return value === undefined || typeof value === 'function' ? value : fail(path, 'a function', value);
}

/** Checks a time in Unix seconds. A time beyond the year 5000 was meant as milliseconds. */
export function unixSeconds(value: unknown, path: string): number {
  const year5000 = 95_617_584_000;
  if (typeof value === 'number' && value >= 0 && value < year5000) return value;
  return fail(path, 'a time in unix seconds (not milliseconds)', value);
}

export function oneOf<T extends string>(value: unknown, path: string, allowed: readonly T[]): T {
  const found = allowed.find((word) => word === value);
  if (found !== undefined) return found;
  const listed = allowed.slice(0, MAX_LISTED).join(', ');
  return fail(
    path,
    allowed.length > MAX_LISTED ? `one of ${allowed.length}: ${listed}, ...` : `one of ${listed}`,
    value,
  );
}

/**
 * Checks that an address is one of those that exist.
 *
 * @param kind - What the address belongs to: `node`.
 * @param owner - What has the addresses, for the error message when it has none: `the description`.
 */
export function existingAddress(
  value: unknown,
  path: string,
  existing: readonly string[],
  kind: string,
  owner: string,
): string {
  if (existing.length > 0) return oneOf(value, path, existing);
  if (typeof value !== 'string') return fail(path, `the address of a ${kind}`, value);
  throw invalidParameters(`${path} names ${kind} ${describeValue(value)}, but ${owner} has no ${kind}s`);
}

export function address(value: unknown, path: string): string {
  const port = typeof value === 'string' ? Number(ADDRESS.exec(value)?.[1]) : Number.NaN;
  return port >= 1 && port <= 65_535
    ? (value as string)
    : fail(path, 'an address such as "127.0.0.1:34801"', value);
}

export function baseUrl(value: unknown, path: string): string {
  if (typeof value === 'string' && /^https?:\/\/[^?#]+$/.test(value) && URL.canParse(value)) {
    const { username, password } = new URL(value);
    if (username === '' && password === '') return value;
    // The value is not shown, because it can hold a password.
    throw invalidParameters(`${path} must be a base URL without a user and a password`);
  }
  return fail(path, 'a base URL such as "http://127.0.0.1:34601"', value);
}

export function unique(values: readonly (string | number)[], path: string): void {
  if (new Set(values).size === values.length) return;
  const twice = values.find((value, i) => values.indexOf(value) !== i);
  throw invalidParameters(`${path} has ${describeValue(twice)} twice`);
}
