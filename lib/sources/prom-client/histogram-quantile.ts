/** A histogram's buckets, by ascending upper bound; the last is `+Inf` and so counts all. */
export interface Buckets {
  readonly bounds: readonly number[];
  /** For each bound, how many observations are at most that. */
  readonly counts: readonly number[];
}

/**
 * A quantile of a histogram as Prometheus's `histogram_quantile` estimates it: linear within the bucket that its rank falls
 * into. The first bucket starts at 0, unless its bound is not above 0, which is the answer then; in the last the answer is
 * the bound before it, because the histogram does not tell more. `NaN` for a histogram of one bucket, as there. Without observations it is 0,
 * where Prometheus says `NaN`: so are all other perf counters.
 */
export function bucketQuantile(quantile: number, { bounds, counts }: Buckets): number {
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
