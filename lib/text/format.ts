/**
 * How domain values are printed. In Pegasus every JSON value is a string, so these are the only places where a number,
 * a time or a flag becomes text. A value that cannot be printed is refused by name: whatever a source hands out passes
 * through here, and so nothing unchecked reaches a client.
 */

declare const isPlain: unique symbol;

/** A text as it may stand between the quotes of JSON: there is nothing in it, or nothing any more, that has to be escaped. */
export type Plain = string & { readonly [isPlain]: true };

/** Whatever JSON escapes, and surrogates, for one alone is escaped, too. */
const ESCAPED = /[^ !#-[\]-\ud7ff\ue000-\uffff]/;

/** Any text, escaped where it needs that. */
export function plain(value: string): Plain {
  return (ESCAPED.test(value) ? JSON.stringify(value).slice(1, -1) : value) as Plain;
}

/** A non-negative integer. `field` names it in the error. */
export function count(value: number, field: string): Plain {
  if (Number.isSafeInteger(value) && value >= 0) return String(value) as Plain;
  throw new TypeError(`${field} must be a non-negative integer, not ${show(value)}`);
}

/** So many of so many, `2/3`. */
export function outOf(part: Plain, whole: Plain): Plain {
  return `${part}/${whole}` as Plain;
}

/** Any text. */
export function text(value: string, field: string): Plain {
  return plain(string(value, field));
}

/** Any text as it is, for those who compare and sort. */
export function string(value: string, field: string): string {
  if (typeof value === 'string') return value;
  throw new TypeError(`${field} must be a string, not ${show(value)}`);
}

/** One of the literals of a union. */
export function literal<T extends string>(value: T, allowed: readonly T[], field: string): T & Plain {
  if (allowed.includes(value)) return value as T & Plain;
  throw new TypeError(`${field} must be one of ${allowed.join(', ')}, not ${show(value)}`);
}

/** `true` or `false`. */
export function flag(value: boolean, field: string): Plain {
  if (typeof value === 'boolean') return (value ? 'true' : 'false') as Plain;
  throw new TypeError(`${field} must be a boolean, not ${show(value)}`);
}

/** More than any cluster has of anything, and few enough to be gone through in a moment. */
const LONGEST_LIST = 1_000_000;

/** An array that comes to an end: whatever else can be iterated, or says that it is longer, might never do. */
export function list<T>(values: readonly T[], field: string): readonly T[] {
  if (!Array.isArray(values)) throw new TypeError(`${field} must be an array, not ${show(values)}`);
  if (values.length <= LONGEST_LIST) return values;
  throw new TypeError(`${field} must have ${LONGEST_LIST} items at most, not ${values.length}`);
}

/** An address, `-` for none. */
export function addressOrDash(value: string | null, field: string): Plain {
  return value === null ? ('-' as Plain) : text(value, field);
}

/** Texts joined by commas, as Pegasus prints lists. */
export function commaJoined(values: readonly string[], field: string): Plain {
  let joined = '';
  // Each is looked at before they are joined: looking at what `+` has made would copy it.
  for (const [i, value] of list(values, field).entries())
    joined += i === 0 ? text(value, field) : `,${text(value, field)}`;
  return joined as Plain;
}

/** The same in brackets. */
export function bracketed(values: readonly string[], field: string): Plain {
  return `[${commaJoined(values, field)}]` as Plain;
}

/** Refuses a row that does not stand above the one before it: rows become the keys of a JSON object, in ascending order. */
export function above(last: number, current: number, field: string): number {
  if (current > last) return current;
  throw new TypeError(`${field} must ascend, but ${show(current)} follows ${last}`);
}

/** Unix seconds as `YYYY-MM-DD HH:MM:SS` in the local time zone. */
export function localTime(second: number, field: string): Plain {
  return dateAndTime(dateOf(second, field)) as Plain;
}

/** Unix seconds as `YYYY-MM-DD HH:MM:SS.mmm` in the local time zone, `-` for 0. */
export function localTimeOrDash(second: number, field: string): Plain {
  if (second === 0) return '-' as Plain;
  const date = dateOf(second, field);
  return `${dateAndTime(date)}.${String(date.getMilliseconds()).padStart(3, '0')}` as Plain;
}

/**
 * A number as C's `printf("%.2f")` prints it, but for what is nearer to zero than a millionth: that is `0.00`.
 *
 * `toFixed` differs from C twice: it turns to exponents at 1e21, and it rounds an exact tie up where C rounds to even.
 */
export function decimal(value: number, field: string): Plain {
  if (typeof value !== 'number') throw new TypeError(`${field} must be a number, not ${show(value)}`);
  return printf2(value) as Plain;
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
  if (Number.isNaN(date.getTime())) throw new TypeError(`${field} must be unix seconds, not ${show(second)}`);
  return date;
}

function dateAndTime(date: Date): string {
  const two = (part: number) => String(part).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** A wrong value as an error message shows it: short, and never throwing itself. */
export function show(value: unknown): string {
  if (typeof value === 'string')
    return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}...` : value);
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  if (typeof value === 'function') return 'a function';
  return String(value);
}
