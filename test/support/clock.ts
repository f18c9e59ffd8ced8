/** Creates a clock in milliseconds that advances only by `pass`. */
export function fakeClock(startMs = 1_000_000): { readonly now: () => number; pass(ms: number): void } {
  let nowMs = startMs;
  return {
    now: () => nowMs,
    pass(ms) {
      nowMs += ms;
    },
  };
}
