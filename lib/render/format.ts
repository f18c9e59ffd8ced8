/**
 * How domain values are printed. In Pegasus every JSON value is a string, so these are the only places where a number,
 * a time or a flag becomes text. A value that cannot be printed is refused by name: whatever a source hands out passes
 * through here, and so nothing unchecked reaches a client.
 */

import { describeValue } from '../validate/describe-value.js';

declare const isPlain: unique symbol;

/** A text as it may stand between the quotes of JSON: there is nothing in it, or nothing any more, that has to be escaped. */
export type JsonSafe = string & { readonly [isPlain]: true };

/** Whatever JSON escapes, and surrogates, for one alone is escaped, too. */
const ESCAPED = /[^ !#-[\]-\ud7ff\ue000-\uffff]/;

/** Any text, escaped where it needs that. */
export function escapeJson(value: string): JsonSafe {
  return (ESCAPED.test(value) ? JSON.stringify(value).slice(1, -1) : value) as JsonSafe;
}

/** A non-negative integer. `field` names it in the error. */
export function count(value: number, field: string): JsonSafe {
  if (Number.isSafeInteger(value) && value >= 0) return String(value) as JsonSafe;
  throw new TypeError(`${field} must be a non-negative integer, not ${describeValue(value)}`);
}

/** So many of so many, `2/3`. */
export function ratio(part: JsonSafe, whole: JsonSafe): JsonSafe {
  return `${part}/${whole}` as JsonSafe;
}

/** Any text. */
export function jsonText(value: string, field: string): JsonSafe {
  return escapeJson(assertString(value, field));
}

/** Any text as it is, for those who compare and sort. */
export function assertString(value: string, field: string): string {
  if (typeof value === 'string') return value;
  throw new TypeError(`${field} must be a string, not ${describeValue(value)}`);
}

/** One of the literals of a union. */
export function oneOf<T extends string>(value: T, allowed: readonly T[], field: string): T & JsonSafe {
  if (allowed.includes(value)) return value as T & JsonSafe;
  throw new TypeError(`${field} must be one of ${allowed.join(', ')}, not ${describeValue(value)}`);
}

/** `true` or `false`. */
export function boolean(value: boolean, field: string): JsonSafe {
  if (typeof value === 'boolean') return (value ? 'true' : 'false') as JsonSafe;
  throw new TypeError(`${field} must be a boolean, not ${describeValue(value)}`);
}

/** More than any cluster has of anything, and few enough to be gone through in a moment. */
const LONGEST_LIST = 1_000_000;

/** An array that comes to an end: whatever else can be iterated, or says that it is longer, might never do. */
export function assertArray<T>(values: readonly T[], field: string): readonly T[] {
  if (!Array.isArray(values)) throw new TypeError(`${field} must be an array, not ${describeValue(values)}`);
  if (values.length <= LONGEST_LIST) return values;
  throw new TypeError(`${field} must have ${LONGEST_LIST} items at most, not ${values.length}`);
}

/** An address, `-` for none. */
export function addressOrDash(value: string | null, field: string): JsonSafe {
  return value === null ? ('-' as JsonSafe) : jsonText(value, field);
}

/** Texts joined by commas, as Pegasus prints lists. */
export function commaJoined(values: readonly string[], field: string): JsonSafe {
  let joined = '';
  // Each is looked at before they are joined: looking at what `+` has made would copy it.
  for (const [i, value] of assertArray(values, field).entries())
    joined += i === 0 ? jsonText(value, field) : `,${jsonText(value, field)}`;
  return joined as JsonSafe;
}

/** The same in brackets. */
export function bracketList(values: readonly string[], field: string): JsonSafe {
  return `[${commaJoined(values, field)}]` as JsonSafe;
}

/** Refuses a row that does not stand above the one before it: rows become the keys of a JSON object, in ascending order. */
export function assertAscending(last: number, current: number, field: string): number {
  if (current > last) return current;
  throw new TypeError(`${field} must ascend, but ${describeValue(current)} follows ${last}`);
}

/** Unix seconds as `YYYY-MM-DD HH:MM:SS` in the local time zone. */
export function localTime(second: number, field: string): JsonSafe {
  return dateAndTime(dateOf(second, field)) as JsonSafe;
}

/** Unix seconds as `YYYY-MM-DD HH:MM:SS.mmm` in the local time zone, `-` for 0. */
export function localTimeOrDash(second: number, field: string): JsonSafe {
  if (second === 0) return '-' as JsonSafe;
  const date = dateOf(second, field);
  return `${dateAndTime(date)}.${String(date.getMilliseconds()).padStart(3, '0')}` as JsonSafe;
}

/**
 * A number as C's `printf("%.2f")` prints it, but for what is nearer to zero than a millionth: that is `0.00`.
 *
 * `toFixed` differs from C twice: it turns to exponents at 1e21, and it rounds an exact tie up where C rounds to even.
 */
export function fixed2(value: number, field: string): JsonSafe {
  if (typeof value !== 'number')
    throw new TypeError(`${field} must be a number, not ${describeValue(value)}`);
  return printf2(value) as JsonSafe;
}

function printf2(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const size = Math.abs(value);
  if (size < 1e-6) return '0.00';
  const sign = value < 0 ? '-' : '';
  if (size >= 1e21) return `${sign}${BigInt(size)}.00`;
  // These are the only binary fractions that lie right between two hundredths with the even one below.
  const fraction = size % 1;
  if (fraction === 0.125) return `${sign}${Math.trunc(size)}.12`;
  if (fraction === 0.625) return `${sign}${Math.trunc(size)}.62`;
  return sign + size.toFixed(2);
}

function dateOf(second: number, field: string): Date {
  const date = new Date(typeof second === 'number' && second >= 0 ? Math.round(second * 1000) : Number.NaN);
  if (Number.isNaN(date.getTime()))
    throw new TypeError(`${field} must be unix seconds, not ${describeValue(second)}`);
  return date;
}

function dateAndTime(date: Date): string {
  const two = (part: number) => String(part).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
