/**
 * Prints domain values. In Pegasus every JSON value is a string, so numbers, times and flags become text here, and only here. A
 * value that cannot be printed is rejected by name. Everything that a source returns passes through these functions, so nothing
 * unchecked reaches a client.
 *
 * @module
 */
import { describeValue } from '../validate/describe-value.js';

declare const isJsonSafe: unique symbol;

/** Text that needs no escaping between the quotes of a JSON string. */
export type JsonSafe = string & { readonly [isJsonSafe]: true };

/** The characters that JSON escapes, and surrogates, because a lone surrogate is escaped too. */
const ESCAPED = /[^ !#-[\]-\ud7ff\ue000-\uffff]/;

/** Escapes text where JSON requires it. */
export function escapeJson(value: string): JsonSafe {
  return (ESCAPED.test(value) ? JSON.stringify(value).slice(1, -1) : value) as JsonSafe;
}

/** Prints a non-negative integer. `field` names the value in the error. */
export function count(value: number, field: string): JsonSafe {
  if (Number.isSafeInteger(value) && value >= 0) return String(value) as JsonSafe;
  throw new TypeError(`${field} must be a non-negative integer, not ${describeValue(value)}`);
}

/** Prints a finite number as a JSON number. A bigint prints all its digits. */
export function jsonNumber(value: number | bigint, field: string): JsonSafe {
  if (typeof value === 'bigint' || Number.isFinite(value)) return String(value) as JsonSafe;
  throw new TypeError(`${field} must be a finite number or a bigint, not ${describeValue(value)}`);
}

/** Prints the ballot of a partition. -1 is the ballot of a partition that a split is still creating. */
export function ballot(value: number, field: string): JsonSafe {
  return value === -1 ? ('-1' as JsonSafe) : count(value, field);
}

/** Prints the number of a mutation. -1 stands for none. */
export function decree(value: number, field: string): JsonSafe {
  return value === -1 ? ('-1' as JsonSafe) : count(value, field);
}

/** Prints a part and a whole, `2/3`. */
export function ratio(part: JsonSafe, whole: JsonSafe): JsonSafe {
  return `${part}/${whole}` as JsonSafe;
}

/** Prints text. */
export function jsonText(value: string, field: string): JsonSafe {
  return escapeJson(assertString(value, field));
}

/** Checks that a value is a string. For callers that compare or sort text. */
export function assertString(value: string, field: string): string {
  if (typeof value === 'string') return value;
  throw new TypeError(`${field} must be a string, not ${describeValue(value)}`);
}

/** Prints one of the literals of a union. */
export function oneOf<T extends string>(value: T, allowed: readonly T[], field: string): T & JsonSafe {
  if (allowed.includes(value)) return value as T & JsonSafe;
  throw new TypeError(`${field} must be one of ${allowed.join(', ')}, not ${describeValue(value)}`);
}

/** Prints `true` or `false`. */
export function boolean(value: boolean, field: string): JsonSafe {
  if (typeof value === 'boolean') return (value ? 'true' : 'false') as JsonSafe;
  throw new TypeError(`${field} must be a boolean, not ${describeValue(value)}`);
}

/** More items than any cluster has of anything, and few enough to iterate. */
const MAX_ITEMS = 1_000_000;

/** Checks that a value is an array of limited length. Other iterables may never end. */
export function assertArray<T>(values: readonly T[], field: string): readonly T[] {
  if (!Array.isArray(values)) throw new TypeError(`${field} must be an array, not ${describeValue(values)}`);
  if (values.length <= MAX_ITEMS) return values;
  throw new TypeError(`${field} must have ${MAX_ITEMS} items at most, not ${values.length}`);
}

/** Prints an address, `-` for none. */
export function addressOrDash(value: string | null, field: string): JsonSafe {
  return value === null ? ('-' as JsonSafe) : jsonText(value, field);
}

/** Prints texts joined by commas, as Pegasus prints lists. */
export function commaJoined(values: readonly string[], field: string): JsonSafe {
  let joined = '';
  // Each text is escaped before it is joined: a regular expression would flatten, and so copy, the joined string.
  for (const [i, value] of assertArray(values, field).entries())
    joined += i === 0 ? jsonText(value, field) : `,${jsonText(value, field)}`;
  return joined as JsonSafe;
}

/** Prints texts joined by commas in brackets. */
export function bracketList(values: readonly string[], field: string): JsonSafe {
  return `[${commaJoined(values, field)}]` as JsonSafe;
}

/** Checks that a row follows the one before it: rows become keys of a JSON object in ascending order. */
export function assertAscending(last: number, current: number, field: string): number {
  if (current > last) return current;
  throw new TypeError(`${field} must ascend, but ${describeValue(current)} follows ${last}`);
}

/** Prints Unix seconds as `YYYY-MM-DD HH:MM:SS` in the local time zone. */
export function localTime(seconds: number, field: string): JsonSafe {
  return dateAndTime(dateOf(seconds, field)) as JsonSafe;
}

/** Prints Unix seconds as `YYYY-MM-DD HH:MM:SS.mmm` in the local time zone, `-` for 0. */
export function localTimeOrDash(seconds: number, field: string): JsonSafe {
  if (seconds === 0) return '-' as JsonSafe;
  const date = dateOf(seconds, field);
  return `${dateAndTime(date)}.${String(date.getMilliseconds()).padStart(3, '0')}` as JsonSafe;
}

/**
 * Prints a number as C's `printf("%.2f")` does, except that absolute values below one millionth print as `0.00`.
 *
 * `toFixed` differs from C twice: it prints exponents from 1e21 on, and it rounds exact ties up where C rounds to even.
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
  // The only binary fractions exactly between two hundredths whose lower neighbour is even.
  const fraction = size % 1;
  if (fraction === 0.125) return `${sign}${Math.trunc(size)}.12`;
  if (fraction === 0.625) return `${sign}${Math.trunc(size)}.62`;
  return sign + size.toFixed(2);
}

function dateOf(seconds: number, field: string): Date {
  const isTime = typeof seconds === 'number' && seconds >= 0;
  const date = new Date(isTime ? Math.round(seconds * 1000) : Number.NaN);
  if (!Number.isNaN(date.getTime())) return date;
  throw new TypeError(`${field} must be unix seconds, not ${describeValue(seconds)}`);
}

function dateAndTime(date: Date): string {
  const two = (part: number) => String(part).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
