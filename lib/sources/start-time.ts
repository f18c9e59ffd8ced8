/**
 * Returns the Unix time in seconds when this process started, in worker threads too. Node records it once at the start, so
 * setting the clock later does not move it, as it would move `now - uptime`.
 */
export function startTimeSeconds(): number {
  return performance.timeOrigin / 1000;
}
