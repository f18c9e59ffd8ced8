/** Counts events; a read returns how many there were per second: a {@link PerfCounterRegistry.rate}. */
export interface RateCounter {
  /**
   * Counts events. Needs no `this`.
   *
   * @param amount - How many.
   * @throws TypeError when it is not a number.
   * @defaultValue 1
   */
  inc(amount?: number): void;
}

/** Returns milliseconds from any origin; only differences are used. */
export type Clock = () => number;

/**
 * Defines a `RATE`: the increase since the last read, divided by the seconds since then.
 *
 * Two reads at the same instant span no time. The second returns the rate of the first, and the increase between them is left
 * for the next read, so no event is lost or counted twice.
 *
 * @param increase - Returns the increase since it was last called.
 * @param startMs - When the first span starts.
 */
export function ratePerSecond(increase: () => number, now: Clock, startMs = now()): () => number {
  let lastMs = startMs;
  let rate = 0;
  return () => {
    const currentMs = now();
    if (currentMs > lastMs) {
      rate = (increase() * 1000) / (currentMs - lastMs);
      lastMs = currentMs;
    }
    return rate;
  };
}

/**
 * Returns the increase of a growing total since the last call. A total that shrank was reset in between, as Prometheus assumes
 * of a counter; all of it counts as increase then.
 */
export function increaseOf(total: () => number, last = total()): () => number {
  let lastTotal = last;
  return () => {
    const current = total();
    const increase = current < lastTotal ? current : current - lastTotal;
    lastTotal = current;
    return increase;
  };
}
