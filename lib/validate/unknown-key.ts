import { describeValue } from './describe-value.js';

/**
 * Looks for a key that nobody knows: a misspelt option is a mistake, and not a default.
 *
 * @param renamed - Maps names of earlier versions to the present ones.
 * @returns What is wrong, such as `unknown option "timeoutMS", did you mean "timeoutMs"?`; `undefined` when all keys are known.
 */
export function unknownKey(
  given: object,
  known: readonly string[],
  kind = 'option',
  renamed: Readonly<Record<string, string>> = {},
): string | undefined {
  const unknown = Object.keys(given).find((key) => !known.includes(key));
  if (unknown === undefined) return undefined;
  if (Object.hasOwn(renamed, unknown)) return `${kind} "${unknown}" was renamed to "${renamed[unknown]}"`;
  const meant = closestKey(unknown, known);
  const advice = meant === undefined ? `known are ${known.join(', ')}` : `did you mean "${meant}"?`;
  return `unknown ${kind} "${unknown.slice(0, 60)}", ${advice}`;
}

/** The known key that a stranger is three letters away from at most. */
export function closestKey(unknown: string, known: readonly string[]): string | undefined {
  const [meant] = known
    .map((key) => ({ key, distance: levenshtein(unknown.toLowerCase(), key.toLowerCase()) }))
    .filter(({ key, distance }) => distance <= Math.min(3, key.length / 2))
    .sort((a, b) => a.distance - b.distance);
  return meant?.key;
}

/**
 * Checks that options are an object without unknown keys.
 *
 * @param who - The function that was given them.
 * @param renamed - Maps option names of earlier versions to the present ones.
 * @throws TypeError that says what is wrong.
 */
export function checkOptionKeys(
  options: unknown,
  known: readonly string[],
  who: string,
  renamed?: Readonly<Record<string, string>>,
): void {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(`${who}: options must be an object, not ${describeValue(options)}`);
  }
  const wrong = unknownKey(options, known, 'option', renamed);
  if (wrong !== undefined) throw new TypeError(`${who}: ${wrong}`);
}

/** How many letters must be added, taken away or changed to make one word of the other (Levenshtein). */
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
