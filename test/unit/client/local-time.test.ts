import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wallClockOf } from '../../../lib/client/local-time.js';

const at = (text: string) => Date.parse(`${text}Z`);
const utc = (time: number) => new Date(time).toISOString().slice(0, 16);

describe('the clock of a zone', () => {
  it.each([
    ['UTC', '2026-11-25T02:13', '2026-11-25T02:13'],
    ['Asia/Shanghai', '2026-11-25T02:13', '2026-11-24T18:13'],
    ['+08:00', '2026-11-25T02:13', '2026-11-24T18:13'],
    ['-03:30', '2026-11-25T02:13', '2026-11-25T05:43'],
    ['Europe/Berlin', '2026-07-01T12:00', '2026-07-01T10:00'],
    ['Europe/Berlin', '2026-12-01T12:00', '2026-12-01T11:00'],
    // 02:30 is skipped in March, and comes twice in October.
    ['Europe/Berlin', '2026-03-29T02:30', '2026-03-29T01:30'],
    ['Europe/Berlin', '2026-10-25T02:30', '2026-10-25T00:30'],
    ['America/New_York', '2026-11-01T01:30', '2026-11-01T05:30'],
    ['Pacific/Kiritimati', '2026-01-01T00:00', '2025-12-31T10:00'],
  ])('%s shows %s at %s UTC', (zone, shown, time) => {
    expect(utc(wallClockOf(zone, 'timeZone')(at(shown)))).toBe(time);
  });

  it('leads back to the time, or to the earlier one that the clock shows in the same way', () => {
    const zones = ['UTC', 'Asia/Kolkata', 'Europe/Berlin', 'America/St_Johns', 'Australia/Lord_Howe'];
    const times = fc.date({ min: new Date('1975-01-01'), max: new Date('2090-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(fc.constantFrom(...zones), times, (zone, date) => {
        const time = Math.floor(date.getTime() / 1000) * 1000;
        const shown = (when: number) =>
          Date.parse(`${new Date(when).toLocaleString('sv-SE', { timeZone: zone })}Z`);
        const found = wallClockOf(zone, 'timeZone')(shown(time));
        expect(shown(found)).toBe(shown(time));
        expect(found).toBeLessThanOrEqual(time);
      }),
    );
  });

  it('is that of this process without a name', () => {
    const ofProcess = wallClockOf(undefined, 'timeZone');
    const named = wallClockOf(Intl.DateTimeFormat().resolvedOptions().timeZone, 'timeZone');
    for (let time = at('2025-01-01T00:30'); time < at('2026-01-01T00:00'); time += 3_600_000)
      expect(ofProcess(time)).toBe(named(time));
  });

  it.each(['', 'Mars', '+8', '+25:00', 'a b', 8, null])('%j is refused', (zone) => {
    expect(() => wallClockOf(zone, 'timeZone')).toThrow(
      /^timeZone must be a time zone such as "Asia\/Shanghai" or "\+08:00", not /,
    );
  });
});
