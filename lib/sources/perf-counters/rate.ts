/** Counts events; what is read is how many there were a second: a {@link PerfCounterRegistry.rate}. */
export interface RateCounter {
  /** So many events have happened. Default: 1. */
  inc(amount?: number): void;
}

/** Milliseconds from whatever origin; only differences count. */
export type Clock = () => number;

/**
 * The one place that knows what a RATE is: what came since the last read, over the seconds since then. Before the first read
 * it is since `startMs`. Between two reads in the same instant nothing can be said, so that the second says what the first
 * did, and what came in between is left for the next: no event is ever lost or counted twice.
 *
 * @param take - Gives what came since it was last called.
 */
export function ratePerSecond(take: () => number, now: Clock, startMs = now()): () => number {
  let lastMs = startMs;
  let rate = 0;
  return () => {
    const currentMs = now();
    if (currentMs > lastMs) {
      rate = (take() * 1000) / (currentMs - lastMs);
      lastMs = currentMs;
    }
    return rate;
  };
}

/**
 * Makes of a total that only grows what {@link ratePerSecond} needs. A total that has shrunk was set back to 0 in between
 * (Prometheus reads a counter in the same way), so that all of it is new.
 */
export function takeFromTotal(total: () => number, last = total()): () => number {
  let lastTotal = last;
  return () => {
    const current = total();
    const increase = current < lastTotal ? current : current - lastTotal;
    lastTotal = current;
    return increase;
  };
}
