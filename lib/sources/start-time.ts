/**
 * Unix time in seconds when this process started; of the process, too, when asked in a worker thread. Node notes it once at
 * the start, so that a clock that is set later does not move it, as it would move `now - uptime`.
 */
export function processStartSecond(): number {
  return performance.timeOrigin / 1000;
}
