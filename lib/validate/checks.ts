/**
 * Checks for data that people write by hand. Each takes the value and where it stands (`apps[0].appName`), gives the
 * value back typed, and says in its error what is there and what should be.
 */
import { invalidParameters } from '../model/errors.js';
import { describeValue } from './describe-value.js';
import { unknownKey } from './unknown-key.js';

const ADDRESS = /^(?:[\w.-]+|\[[\da-f:.]+\]):(\d{1,5})$/i;

export type Check<T> = (value: unknown, path: string) => T;

export function fail(path: string, expected: string, value: unknown): never {
  throw invalidParameters(`${path} must be ${expected}, not ${describeValue(value)}`);
}

export function object(value: unknown, path: string): object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) fail(path, 'an object', value);
  return value;
}

/**
 * An object that has no other keys than these.
 *
 * @param kind - What a key is called.
 */
export function objectWithKeys<Key extends string>(
  value: unknown,
  path: string,
  keys: readonly Key[],
  kind = 'key',
): Partial<Record<Key, unknown>> {
  const given = object(value, path);
  const fail = unknownKey(given, keys, kind);
  if (fail !== undefined) throw invalidParameters(`${path}: ${fail}`);
  return given;
}

export function list<T>(value: unknown, path: string, each: Check<T>): T[] {
  if (!Array.isArray(value)) fail(path, 'an array', value);
  return value.map((item, i) => each(item, `${path}[${i}]`));
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

export function boolean(value: unknown, path: string): boolean {
  return typeof value === 'boolean' ? value : fail(path, 'true or false', value);
}

/** Unix seconds. What lies beyond the year 5000 was meant as milliseconds. */
export function unixSeconds(value: unknown, path: string): number {
  const year5000 = 95_617_584_000;
  if (typeof value === 'number' && value >= 0 && value < year5000) return value;
  return fail(path, 'a time in unix seconds (not milliseconds)', value);
}

export function oneOf<T extends string>(value: unknown, path: string, allowed: readonly T[]): T {
  return allowed.find((word) => word === value) ?? fail(path, `one of ${allowed.join(', ')}`, value);
}

export function address(value: unknown, path: string): string {
  const port = typeof value === 'string' ? Number(ADDRESS.exec(value)?.[1]) : Number.NaN;
  return port >= 1 && port <= 65_535
    ? (value as string)
    : fail(path, 'an address such as "127.0.0.1:34801"', value);
}

export function baseUrl(value: unknown, path: string): string {
  if (typeof value === 'string' && /^https?:\/\/[^?#]+$/.test(value) && URL.canParse(value)) return value;
  return fail(path, 'a base URL such as "http://127.0.0.1:34601"', value);
}

export function unique(values: readonly (string | number)[], path: string): void {
  const twice = values.find((value, i) => values.indexOf(value) !== i);
  if (twice !== undefined) throw invalidParameters(`${path} has ${describeValue(twice)} twice`);
}
