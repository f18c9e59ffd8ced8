import fastJson from 'fast-json-stringify';
import type { JsonSafe } from './format.js';

/** Makes rows of one kind into JSON: an object of strings, its keys always in the order given here. */
export type RowWriter<Key extends string> = (row: Readonly<Record<Key, JsonSafe>>) => string;

/** What fast-json-stringify calls unsafe, for it looks for nothing to escape: here that is done, and the types see to it. */
const PLAIN = { type: 'string', format: 'unsafe' } as const;

/**
 * Compiles a {@link RowWriter}. Each answer is put together from rows written this way, and not by one schema of the
 * whole, for two reasons: JavaScript objects would put integer-like keys (`"10"` before `"9"` in `app_envs`) in an
 * order of their own, and a row is what changes.
 */
export function rowWriter<const Key extends string>(...keys: Key[]): RowWriter<Key> {
  const properties = Object.fromEntries(keys.map((key) => [key, PLAIN]));
  return fastJson({ type: 'object', properties, required: keys });
}

/** An object out of members that are `"key":value` already. */
export function objectOf(members: readonly string[]): string {
  let all = '{';
  for (const property of members) all += all === '{' ? property : `,${property}`;
  return `${all}}`;
}

/** One member of {@link objectOf}. */
export function property(key: JsonSafe, json: string): string {
  return `"${key}":${json}`;
}
