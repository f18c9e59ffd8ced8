import { escapeJson, type JsonSafe } from './format.js';

/**
 * Writes rows of one kind as JSON: an object of strings whose keys have the order of the schema. The build compiles one from each
 * schema of a row (compiled/rows.ts).
 *
 * Responses are composed of rows and not written by one schema of the whole document. First, JavaScript objects order integer-like keys
 * (`"10"` before `"9"` in `app_envs`) on their own. Second, one row is what changes.
 */
export type RowWriter<Key extends string> = (row: Readonly<Record<Key, JsonSafe>>) => string;

/** Writes an object of properties that are already `"key":value`. */
export function objectOf(properties: readonly string[]): string {
  let all = '{';
  for (const one of properties) all += all === '{' ? one : `,${one}`;
  return `${all}}`;
}

/** Writes one property for {@link objectOf}. */
export function property(key: JsonSafe, json: string): string {
  return `"${key}":${json}`;
}

/**
 * Writes an object from keys and the JSON of their values, sorted by the UTF-8 bytes of the keys as in the `std::map` of a real server.
 * The UTF-16 order of JavaScript differs from it, and JavaScript objects put integer-like keys first.
 */
export function sortedObjectOf(entries: readonly (readonly [key: string, json: string])[]): string {
  const sortable = entries.map(([key, json]) => ({ key, json, bytes: Buffer.from(key) }));
  sortable.sort((a, b) => Buffer.compare(a.bytes, b.bytes));
  return objectOf(sortable.map(({ key, json }) => property(escapeJson(key), json)));
}
