import { fail } from '../validate/checks.js';
import type { Fields, KeyOf } from './fields.js';

/** Converts what a clock on the wall shows, as milliseconds as if it were UTC, to Unix time in milliseconds. */
export type WallClock = (shown: number) => number;

const LOCAL_TIME = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.\d{1,3})?$/;
const OFFSET = /^([+-])(\d\d):([0-5]\d)$/;
const DAY_MS = 86_400_000;

/** Reads a time such as `2026-11-25 02:13:28.000`, which Pegasus prints in its local time, as Unix seconds; 0 for `-`. */
export function readTime<Document>(row: Fields<Document>, key: KeyOf<Document>, toUnix: WallClock): number {
  const text = row.text(key);
  if (text === '-') return 0;
  const numbers = (LOCAL_TIME.exec(text) ?? []).map(Number);
  const [, year = Number.NaN, month = 0, day = 0, hour = 0, minute = 0, second = 0] = numbers;
  const time = toUnix(Date.UTC(year, month - 1, day, hour, minute, second));
  return Number.isNaN(time) ? row.fail(key, 'a time such as "2026-11-25 02:13:28.000", or "-"') : time / 1000;
}

/**
 * Makes the clock of a time zone.
 *
 * @param timeZone - A name such as `Asia/Shanghai`, or an offset such as `+08:00`; `undefined` for the zone of this process.
 * @throws PegasusError if there is no such zone.
 */
export function wallClockOf(timeZone: unknown, path: string): WallClock {
  if (timeZone === undefined) return processClock;
  if (typeof timeZone !== 'string')
    return fail(path, 'a time zone such as "Asia/Shanghai" or "+08:00"', timeZone);
  const [, sign, hours, minutes] = OFFSET.exec(timeZone) ?? [];
  if (sign !== undefined && Number(hours) < 24) {
    const offsetMs = Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes)) * 60_000;
    return (shown) => shown - offsetMs;
  }
  return namedClock(timeZone, path);
}

function processClock(shown: number): number {
  const time = new Date(shown);
  const date = [time.getUTCFullYear(), time.getUTCMonth(), time.getUTCDate()] as const;
  return new Date(...date, time.getUTCHours(), time.getUTCMinutes(), time.getUTCSeconds()).getTime();
}

/**
 * Makes the clock of a zone of the time zone database. A time that the clock shows twice is the earlier one, and one that it skips
 * counts on from before the gap, as `new Date()` takes them.
 */
function namedClock(timeZone: string, path: string): WallClock {
  const format = formatOf(timeZone, path);
  const offsetAt = (time: number) => {
    const parts = Object.fromEntries(
      format.formatToParts(time).map(({ type, value }) => [type, Number(value)]),
    );
    const { year = 0, month = 0, day, hour, minute, second } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second) - time;
  };
  return (shown) => {
    if (Number.isNaN(shown)) return shown;
    const before = offsetAt(shown - DAY_MS);
    const candidates = [shown - before, shown - offsetAt(shown + DAY_MS)];
    const exact = candidates.filter((time) => time + offsetAt(time) === shown);
    return exact.length === 0 ? shown - before : Math.min(...exact);
  };
}

function formatOf(timeZone: string, path: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    return fail(path, 'a time zone such as "Asia/Shanghai" or "+08:00"', timeZone);
  }
}
