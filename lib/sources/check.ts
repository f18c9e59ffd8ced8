/**
 * Checks for data that people write by hand. Each takes the value and where it stands (`apps[0].appName`), gives the
 * value back typed, and says in its error what is there and what should be.
 */
import { invalidParameters } from '../errors.js';
import { show } from '../text/format.js';
import { unknownKey } from '../text/unknown-key.js';

const ADDRESS = /^(?:[\w.-]+|\[[\da-f:.]+\]):(\d{1,5})$/i;

export type Check<T> = (value: unknown, where: string) => T;

export function wrong(where: string, expected: string, value: unknown): never {
  throw invalidParameters(`${where} must be ${expected}, not ${show(value)}`);
}

export function object(value: unknown, where: string): object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) wrong(where, 'an object', value);
  return value;
}

/**
 * An object that has no other keys than these.
 *
 * @param kind - What a key is called.
 */
export function record<Key extends string>(
  value: unknown,
  where: string,
  keys: readonly Key[],
  kind = 'key',
): Partial<Record<Key, unknown>> {
  const given = object(value, where);
  const wrong = unknownKey(given, keys, kind);
  if (wrong !== undefined) throw invalidParameters(`${where}: ${wrong}`);
  return given;
}

export function list<T>(value: unknown, where: string, each: Check<T>): T[] {
  if (!Array.isArray(value)) wrong(where, 'an array', value);
  return value.map((item, i) => each(item, `${where}[${i}]`));
}

export function string(value: unknown, where: string): string {
  return typeof value === 'string' ? value : wrong(where, 'a string', value);
}

export function nonEmpty(value: unknown, where: string): string {
  return typeof value === 'string' && value !== '' ? value : wrong(where, 'a non-empty string', value);
}

export function integer(value: unknown, where: string, min = 0, max = Number.MAX_SAFE_INTEGER): number {
  if (Number.isInteger(value) && (value as number) >= min && (value as number) <= max) return value as number;
  return wrong(
    where,
    max === Number.MAX_SAFE_INTEGER ? `an integer from ${min}` : `an integer from ${min} to ${max}`,
    value,
  );
}

export function number(value: unknown, where: string): number {
  return typeof value === 'number' ? value : wrong(where, 'a number', value);
}

export function boolean(value: unknown, where: string): boolean {
  return typeof value === 'boolean' ? value : wrong(where, 'true or false', value);
}

/** Unix seconds. What lies beyond the year 5000 was meant as milliseconds. */
export function second(value: unknown, where: string): number {
  const year5000 = 95_617_584_000;
  if (typeof value === 'number' && value >= 0 && value < year5000) return value;
  return wrong(where, 'a time in unix seconds (not milliseconds)', value);
}

export function oneOf<T extends string>(value: unknown, where: string, allowed: readonly T[]): T {
  return allowed.find((word) => word === value) ?? wrong(where, `one of ${allowed.join(', ')}`, value);
}

export function address(value: unknown, where: string): string {
  const port = typeof value === 'string' ? Number(ADDRESS.exec(value)?.[1]) : Number.NaN;
  return port >= 1 && port <= 65_535
    ? (value as string)
    : wrong(where, 'an address such as "127.0.0.1:34801"', value);
}

export function baseUrl(value: unknown, where: string): string {
  if (typeof value === 'string' && /^https?:\/\/[^?#]+$/.test(value) && URL.canParse(value)) return value;
  return wrong(where, 'a base URL such as "http://127.0.0.1:34601"', value);
}

export function unique(values: readonly (string | number)[], where: string): void {
  const twice = values.find((value, i) => values.indexOf(value) !== i);
  if (twice !== undefined) throw invalidParameters(`${where} has ${show(twice)} twice`);
}
