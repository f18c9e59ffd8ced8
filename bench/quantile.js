// Sums up measured figures.

/**
 * Returns the figure that a share of all figures stays below; NaN of none.
 *
 * @param {readonly number[]} values
 * @param {number} share - From 0 to 1.
 */
export function quantile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** @param {readonly number[]} values */
export function median(values) {
  return quantile(values, 0.5);
}
