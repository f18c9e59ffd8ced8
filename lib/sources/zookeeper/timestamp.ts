/** A moment on both clocks: the monotonic one stands still while the machine sleeps, the other one may be set. */
export interface Moment {
  readonly monotonic: number;
  /** Unix time in milliseconds. */
  readonly wall: number;
}

export function now(): Moment {
  return { monotonic: performance.now(), wall: Date.now() };
}

/** Milliseconds since a moment: by the clock that says more, for neither of them is right always. */
export function elapsedSince({ monotonic, wall }: Moment): number {
  return Math.max(performance.now() - monotonic, Date.now() - wall);
}
