/** Returns one string for equal texts. `check` runs for texts that are not in the pool yet, and throws for invalid ones. */
export type Intern = (value: unknown, check: (value: unknown) => string) => string;

/** Largest size of a pool in characters. A cluster of 1,000 nodes needs 20,000. */
const MAX_POOL_LENGTH = 500_000;

/** Makes a pool of strings for one source. The pool starts anew when it is full, and is collected with its source. */
export function createIntern(maxLength = MAX_POOL_LENGTH): Intern {
  const pool = new Map<unknown, string>();
  let length = 0;

  return function intern(value, check) {
    const known = pool.get(value);
    if (known !== undefined) return known;
    const text = check(value);
    if (length + text.length > maxLength) {
      pool.clear();
      length = 0;
    }
    pool.set(text, text);
    length += text.length;
    return text;
  };
}
