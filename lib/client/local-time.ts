import type { Fields } from './fields.js';

const LOCAL_TIME = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.\d{1,3})?$/;

/**
 * Reads a time such as `2026-11-25 02:13:28.000` as unix seconds; 0 for `-`. Pegasus prints the local time of its server, and this
 * function takes it for the local time of this process.
 */
export function readTime(row: Fields, key: string): number {
  const text = row.text(key);
  if (text === '-') return 0;
  const [, year, month, day, hour, minute, second] = (LOCAL_TIME.exec(text) ?? []).map(Number);
  const time = new Date(year ?? Number.NaN, (month ?? 0) - 1, day, hour, minute, second).getTime();
  return Number.isNaN(time) ? row.fail(key, 'a time such as "2026-11-25 02:13:28.000", or "-"') : time / 1000;
}
