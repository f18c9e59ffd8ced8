import { levenshtein } from './edit-distance.js';

/** The names of an earlier version by which users may still call an option, and what they are called now. */
export type Renamed = Readonly<Record<string, string>>;

/**
 * Finds a key that is not known. A misspelt option is a mistake that must not be taken for its default.
 *
 * @returns What is wrong, such as `unknown option "timeoutMS", did you mean "timeoutMs"?`; `undefined` when all keys are known.
 */
export function unknownKey(
  given: object,
  known: readonly string[],
  kind = 'option',
  renamed: Renamed = {},
): string | undefined {
  const unknown = Object.keys(given).find((key) => !known.includes(key));
  if (unknown === undefined) return undefined;
  return `unknown ${kind} "${unknown.slice(0, 60)}", ${advice(unknown, known, renamed)}`;
}

function advice(unknown: string, known: readonly string[], renamed: Renamed): string {
  if (Object.hasOwn(renamed, unknown)) return `did you mean "${renamed[unknown]}"?`;
  const closest = closestKey(unknown, known);
  return closest === undefined ? `known are ${known.join(', ')}` : `did you mean "${closest}"?`;
}

/** Returns the known key that is closest to a misspelt one, at most three letters away; `undefined` when none is. */
export function closestKey(unknown: string, known: readonly string[]): string | undefined {
  const [closest] = known
    .map((key) => ({ key, distance: levenshtein(unknown.toLowerCase(), key.toLowerCase(), 3) }))
    .filter(({ key, distance }) => distance <= Math.min(3, key.length / 2))
    .sort((a, b) => a.distance - b.distance);
  return closest?.key;
}
