import type { ClusterFamily } from './family.js';
import type { Sample } from './samples.js';

/** How often a source has asked its cluster. */
export interface UpstreamCounts {
  /** How many requests were sent to the cluster. */
  readonly requests: number;
  /** How many questions the cluster did not answer. */
  readonly failures: number;
}

/**
 * Makes a function that brings the counters up to what a source has counted. A counter only increases, so that one of a source
 * that starts again goes on from where it was.
 */
export function createUpstreamCounters(
  family: ClusterFamily,
  label: Sample['labels'],
  upstream: (() => UpstreamCounts) | undefined,
): () => void {
  if (upstream === undefined) return () => {};
  const counters = [
    { key: 'requests', counter: family.counter('upstreamRequests') },
    { key: 'failures', counter: family.counter('upstreamFailures') },
  ] as const;
  let last: UpstreamCounts = { requests: 0, failures: 0 };
  return () => {
    const { requests, failures } = upstream();
    const counts: UpstreamCounts = { requests, failures };
    for (const { key, counter } of counters) {
      const added = counts[key] - (counts[key] < last[key] ? 0 : last[key]);
      if (Number.isFinite(added)) counter.inc(label, added);
    }
    last = counts;
  };
}
