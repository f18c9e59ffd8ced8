/** A clock that only goes when it is told to, in milliseconds. */
export function fakeClock(startMs = 1_000_000): { readonly now: () => number; pass(ms: number): void } {
  let nowMs = startMs;
  return {
    now: () => nowMs,
    pass(ms) {
      nowMs += ms;
    },
  };
}
