import fastJson from 'fast-json-stringify';
import type { Plain } from './format.js';

const TEXT = { type: 'string' } as const;

/** fast-json-stringify calls "unsafe" what it does not look through for quotes: here that is said by the type of the value. */
const PLAIN = { type: 'string', format: 'unsafe' } as const;

/** A string as JSON. */
export const quote: (value: string) => string = fastJson(TEXT);

/** What a member of a row holds: any text, or what is known to need no escape, {@link Plain}. */
export type Kind = 'text' | 'plain';

/** Makes rows of one kind into JSON: an object of strings, its keys always in the order given. */
export type RowWriter<Kinds extends Readonly<Record<string, Kind>>> = (
  row: {
    readonly [Key in keyof Kinds]: Kinds[Key] extends 'plain' ? Plain : string;
  },
) => string;

/**
 * Compiles a {@link RowWriter}. Each answer is put together from rows written this way, and not by one schema of the
 * whole, for two reasons: JavaScript objects would put integer-like keys (`"10"` before `"9"` in `app_envs`) in an
 * order of their own, and a row is what changes.
 */
export function rowWriter<const Kinds extends Readonly<Record<string, Kind>>>(
  kinds: Kinds,
): RowWriter<Kinds> {
  const properties = Object.fromEntries(
    Object.entries(kinds).map(([key, kind]) => [key, kind === 'plain' ? PLAIN : TEXT]),
  );
  return fastJson({ type: 'object', properties, required: Object.keys(kinds) });
}

/** An object out of members that are `"key":value` already. */
export function jsonObject(members: readonly string[]): string {
  let all = '{';
  for (const member of members) all += all === '{' ? member : `,${member}`;
  return `${all}}`;
}

/** One member of {@link jsonObject} whose key needs no escape. */
export function plainMember(key: Plain, json: string): string {
  return `"${key}":${json}`;
}

/** One member of {@link jsonObject}. */
export function member(key: string, json: string): string {
  return `${quote(key)}:${json}`;
}
