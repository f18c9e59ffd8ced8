/** The values of one plot over the last minutes: seconds since the epoch, and the values of each line. */
export interface Series {
  readonly times: number[];
  readonly lines: number[][];
}

const MAX_POINTS = 150;

const stored = new Map<string, Series>();

/** Returns what was recorded under a name; views that come back find it again. */
export function seriesOf(name: string, lines: number): Series {
  const found = stored.get(name);
  if (found !== undefined && found.lines.length === lines) return found;
  const created: Series = { times: [], lines: Array.from({ length: lines }, () => []) };
  stored.set(name, created);
  return created;
}

/** Records values. The oldest are dropped after five minutes. */
export function record({ times, lines }: Series, values: readonly number[]): void {
  const now = Date.now() / 1000;
  const last = times.at(-1);
  if (last !== undefined && now - last < 0.5) return;
  times.push(now);
  for (const [i, value] of values.entries()) lines[i]?.push(value);
  if (times.length <= MAX_POINTS) return;
  times.shift();
  for (const line of lines) line.shift();
}

/** Prints a number as a person reads it. */
export function readable(value: number): string {
  if (!Number.isFinite(value)) return '-';
  const size = Math.abs(value);
  if (size >= 1e9) return `${(value / 1e9).toFixed(2)} G`;
  if (size >= 1e6) return `${(value / 1e6).toFixed(2)} M`;
  if (size >= 1e4) return `${(value / 1e3).toFixed(1)} k`;
  return Number.isInteger(value) ? String(value) : value.toFixed(2);
}
