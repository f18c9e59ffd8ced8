import fastJson from 'fast-json-stringify';

/** A string as JSON. */
export const quote: (value: string) => string = fastJson({ type: 'string' });

/** Makes rows of one kind into JSON: an object of strings, its keys always in the order given here. */
export type RowWriter<Key extends string> = (row: Readonly<Record<Key, string>>) => string;

/**
 * Compiles a {@link RowWriter}. Each answer is put together from rows written this way, and not by one schema of the
 * whole, for two reasons: JavaScript objects would put integer-like keys (`"10"` before `"9"` in `app_envs`) in an
 * order of their own, and a row is what changes.
 */
export function rowWriter<const Key extends string>(...keys: Key[]): RowWriter<Key> {
  const properties = Object.fromEntries(keys.map((key) => [key, { type: 'string' as const }]));
  return fastJson({ type: 'object', properties, required: keys });
}

/** An object out of members that are `"key":value` already. */
export function jsonObject(members: readonly string[]): string {
  return `{${members.join(',')}}`;
}

/** One member of {@link jsonObject}. */
export function member(key: string, json: string): string {
  return `${quote(key)}:${json}`;
}
