/** Counts the steps of several comparisons, so that a caller can limit them. */
export interface Work {
  steps: number;
}

/**
 * Returns how many characters must be added, removed or changed to turn one text into the other (Levenshtein). Takes time
 * proportional to `max` times the length, and stops at the first row that is above `max`.
 *
 * @returns The distance; `max + 1` when it is more than `max`.
 */
export function levenshtein(a: string, b: string, max: number, work?: Work): number {
  if (Math.abs(a.length - b.length) > max) return max + 1;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start += 1;
  let [endA, endB] = [a.length, b.length];
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA -= 1;
    endB -= 1;
  }
  const [lengthA, lengthB] = [endA - start, endB - start];
  // Only cells at most `max` away from the diagonal can be within the limit: row[k] is column i + k - max of row i.
  const width = 2 * max + 1;
  const row: number[] = [];
  for (let k = 0; k <= width; k++) row.push(k < max || k === width ? max + 1 : k - max);
  let i = 0;
  for (let least = 0; i < lengthA && least <= max; i++) {
    least = max + 1;
    let left = max + 1;
    for (let k = 0; k < width; k++) {
      const j = i + k - max;
      const changed = (row[k] as number) + (a[start + i] === b[start + j] ? 0 : 1);
      const cell = j < -1 || j >= lengthB ? max + 1 : Math.min(changed, (row[k + 1] as number) + 1, left + 1);
      left = j === -1 ? i + 1 : cell;
      row[k] = left;
      least = Math.min(least, left);
    }
  }
  if (work !== undefined) work.steps += a.length - lengthA + i * width + 1;
  if (i < lengthA) return max + 1;
  return Math.min(row[lengthB - lengthA + max] as number, max + 1);
}
