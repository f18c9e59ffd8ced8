/** A histogram's buckets by ascending upper bound. The last bound is `+Inf`, so the last bucket counts all observations. */
export interface Buckets {
  readonly bounds: readonly number[];
  /** For each bound, how many observations are at most that. */
  readonly counts: readonly number[];
}

/**
 * Estimates a quantile as Prometheus's `histogram_quantile` does: linearly within the bucket of its rank. The first bucket
 * starts at 0; if its bound is not above 0, the result is that bound. In the last bucket the result is the bound before it,
 * because nothing more is known.
 *
 * @returns `NaN` for a histogram of one bucket, as in Prometheus; 0 for one without observations, as for any other perf counter
 *   (Prometheus returns `NaN`).
 */
export function histogramQuantile(quantile: number, { bounds, counts }: Buckets): number {
  const last = bounds.length - 1;
  const total = counts[last] ?? 0;
  if (total === 0) return 0;
  if (last < 1) return Number.NaN;
  const rank = quantile * total;
  const at = counts.findIndex((count) => count >= rank);
  const [end = 0, start = 0] = [bounds[at], bounds[at - 1]];
  if (at === last) return start;
  if (at === 0 && end <= 0) return end;
  const below = counts[at - 1] ?? 0;
  return start + ((end - start) * (rank - below)) / ((counts[at] ?? 0) - below);
}
