import { describeValue } from './describe-value.js';

/**
 * Finds an unknown key: a misspelt option is a mistake, and never ignored.
 *
 * @param renamed - New names of keys by their old names.
 * @returns A description such as `unknown option "timeoutMS", did you mean "timeoutMs"?`; `undefined` if all keys are known.
 */
export function unknownKey(
  given: object,
  known: readonly string[],
  kind = 'option',
  renamed: Readonly<Record<string, string>> = {},
): string | undefined {
  const unknown = Object.keys(given).find((key) => !known.includes(key));
  if (unknown === undefined) return undefined;
  const meant = Object.hasOwn(renamed, unknown) ? renamed[unknown] : closestKey(unknown, known);
  const advice = meant === undefined ? `known are ${known.join(', ')}` : `did you mean "${meant}"?`;
  return `unknown ${kind} "${unknown.slice(0, 60)}", ${advice}`;
}

/** Returns the known key with the smallest edit distance, at most three. */
export function closestKey(unknown: string, known: readonly string[]): string | undefined {
  const [closest] = known
    .map((key) => ({ key, distance: levenshtein(unknown.toLowerCase(), key.toLowerCase()) }))
    .filter(({ key, distance }) => distance <= Math.min(3, key.length / 2))
    .sort((a, b) => a.distance - b.distance);
  return closest?.key;
}

/**
 * Checks that options are an object without unknown keys.
 *
 * @param caller - The function that received the options, for the message.
 * @param renamed - New names of options by their old names.
 * @throws TypeError that says what is wrong.
 */
export function checkOptionKeys(
  options: unknown,
  known: readonly string[],
  caller: string,
  renamed: Readonly<Record<string, string>> = {},
): void {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(`${caller}: options must be an object, not ${describeValue(options)}`);
  }
  const mistake = unknownKey(options, known, 'option', renamed);
  if (mistake !== undefined) throw new TypeError(`${caller}: ${mistake}`);
}

/** Counts the letters to add, remove or change to turn one word into the other. */
function levenshtein(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 0; i < Math.min(a.length, 60); i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      const changed = (row[j] as number) + (a[i] === b[j] ? 0 : 1);
      next.push(Math.min(changed, (row[j + 1] as number) + 1, (next[j] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
