/** A point in time on two clocks. The monotonic clock stops while the machine sleeps; the wall clock can be set. */
export interface Timestamp {
  /** Milliseconds of the monotonic clock. */
  readonly monotonic: number;
  /** Unix time in milliseconds. */
  readonly wall: number;
}

/** Reads both clocks. */
export function now(): Timestamp {
  return { monotonic: performance.now(), wall: Date.now() };
}

/** Returns the milliseconds since a timestamp. Takes the larger of the two clocks, because either can lag behind. */
export function elapsedSince({ monotonic, wall }: Timestamp): number {
  return Math.max(performance.now() - monotonic, Date.now() - wall);
}
