import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sortAddresses } from '../../../lib/render/addresses.js';
import * as format from '../../../lib/render/format.js';

it.each([
  ['plain', 'plain'],
  ['', ''],
  ['10.0.0.1:34801', '10.0.0.1:34801'],
  ['a"b', 'a\\"b'],
  ['a\\b', 'a\\\\b'],
  ['\u0000\n\u001f', '\\u0000\\n\\u001f'],
  ['表 é \u007f \u2028', '表 é \u007f \u2028'],
  ['\ud83d\ude00', '\ud83d\ude00'],
  ['\ud83d', '\\ud83d'],
])('%j is escaped as JSON does', (value, escaped) => {
  expect(format.escapeJson(value)).toBe(escaped);
});

it('any text is escaped as JSON does', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (value) => {
      expect(`"${format.escapeJson(value)}"`).toBe(JSON.stringify(value));
    }),
    { numRuns: 1_000 },
  );
});

describe('decimal prints as %.2f does', () => {
  // The right column is what C's printf says, but for what is nearer to zero than a millionth.
  it.each([
    [0, '0.00'],
    [-0, '0.00'],
    [9e-7, '0.00'],
    [-9e-7, '0.00'],
    [0.001, '0.00'],
    [-0.001, '-0.00'],
    [0.005, '0.01'],
    [0.015, '0.01'],
    [1.005, '1.00'],
    [0.125, '0.12'],
    [0.375, '0.38'],
    [0.625, '0.62'],
    [0.875, '0.88'],
    [-0.125, '-0.12'],
    [1e14 + 0.125, '100000000000000.12'],
    [17.5, '17.50'],
    [-3.1458, '-3.15'],
    [123456789.987, '123456789.99'],
    [1e21, '1000000000000000000000.00'],
    [-1e21, '-1000000000000000000000.00'],
    [2 ** 70, '1180591620717411303424.00'],
    [Number.MAX_SAFE_INTEGER, '9007199254740991.00'],
    [Number.MAX_VALUE, `${BigInt(Number.MAX_VALUE)}.00`],
    [4_503_599_627_370_495.5, '4503599627370495.50'],
    [-1e-6, '-0.00'],
    [Number.NaN, 'nan'],
    [Number.POSITIVE_INFINITY, 'inf'],
    [Number.NEGATIVE_INFINITY, '-inf'],
  ])('%s -> %s', (value, printed) => {
    expect(format.fixed2(value, 'value')).toBe(printed);
  });

  it('is a number with two digits behind the point, near the value, for any finite number', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const printed = format.fixed2(value, 'value');
        expect(printed).toMatch(/^-?\d+\.\d\d$/);
        expect(Math.abs(Number(printed) - value)).toBeLessThanOrEqual(0.005 + Math.abs(value) * 2e-16);
      }),
    );
  });

  it('agrees with a real printf', () => {
    const numbers = fc
      .sample(
        fc.oneof(
          fc.double({ min: 1e-6, max: 1e15, noNaN: true }),
          fc.double({ min: -1e15, max: -1e-6, noNaN: true }),
          // All that can be a tie, and their neighbours.
          fc.integer({ min: -1_000_000, max: 1_000_000 }).map((eighths) => eighths / 8),
          fc.integer({ min: -1_000_000, max: 1_000_000 }).map((thousandths) => thousandths / 1000),
        ),
        { numRuns: 2000, seed: 4 },
      )
      .filter((value) => Math.abs(value) >= 1e-6);
    const printed = execFileSync('/usr/bin/printf', ['%.2f\\n', ...numbers.map(hexFloat)], {
      encoding: 'utf8',
      env: { LC_ALL: 'C' },
    });
    expect(numbers.map((value) => format.fixed2(value, 'value'))).toEqual(printed.trimEnd().split('\n'));
  });
});

/** A double as C's `%a` writes it: without loss. */
function hexFloat(value: number): string {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  const high = bits.getUint32(0);
  const exponent = ((high >>> 20) & 0x7ff) - 1023;
  const fraction =
    (high & 0xfffff).toString(16).padStart(5, '0') + bits.getUint32(4).toString(16).padStart(8, '0');
  return `${value < 0 ? '-' : ''}0x1.${fraction}p${exponent}`;
}

describe('times', () => {
  const second = 1_565_843_655;
  it.each([
    ['UTC', '2019-08-15 04:34:15'],
    ['Asia/Shanghai', '2019-08-15 12:34:15'],
    ['America/St_Johns', '2019-08-15 02:04:15'],
  ])('are in the local zone: %s', (zone, printed) => {
    const before = process.env['TZ'];
    process.env['TZ'] = zone;
    try {
      expect(format.localTime(second, 'time')).toBe(printed);
      expect(format.localTimeOrDash(second, 'time')).toBe(`${printed}.000`);
    } finally {
      process.env['TZ'] = before;
    }
  });

  it('have milliseconds where the second has a fraction', () => {
    expect(format.localTimeOrDash(second + 0.5, 'time')).toBe('2019-08-15 04:34:15.500');
    expect(format.localTimeOrDash(second + 0.0071, 'time')).toBe('2019-08-15 04:34:15.007');
  });

  it('are a dash where there is none', () => {
    expect(format.localTimeOrDash(0, 'time')).toBe('-');
  });
});

describe('what cannot be printed is refused by name', () => {
  const refused: readonly (readonly [print: () => unknown, message: string])[] = [
    [() => format.count(-1, 'ballot'), 'ballot must be a non-negative integer, not -1'],
    [() => format.count(1.5, 'ballot'), 'ballot must be a non-negative integer, not 1.5'],
    [() => format.count(Number.NaN, 'ballot'), 'ballot must be a non-negative integer, not NaN'],
    [() => format.count('1' as never, 'ballot'), 'ballot must be a non-negative integer, not "1"'],
    [() => format.jsonText(undefined as never, 'appName'), 'appName must be a string, not undefined'],
    [() => format.jsonText(Symbol('x') as never, 'appName'), 'appName must be a string, not Symbol(x)'],
    [() => format.oneOf('x' as 'a', ['a', 'b' as never], 'status'), 'status must be one of a, b, not "x"'],
    [() => format.boolean(1 as never, 'isStateful'), 'isStateful must be a boolean, not 1'],
    [() => format.addressOrDash(undefined as never, 'primary'), 'primary must be a string, not undefined'],
    [() => format.commaJoined('a' as never, 'secondaries'), 'secondaries must be an array, not "a"'],
    [() => format.commaJoined([{}] as never, 'secondaries'), 'secondaries must be a string, not an object'],
    [() => format.assertAscending(1, 1, 'pidx'), 'pidx must ascend, but 1 follows 1'],
    [
      () => format.assertAscending(-1, undefined as never, 'pidx'),
      'pidx must ascend, but undefined follows -1',
    ],
    [() => format.fixed2('1' as never, 'value'), 'value must be a number, not "1"'],
    [() => format.localTime(-1, 'startSecond'), 'startSecond must be unix seconds, not -1'],
    [
      () => format.localTime(1e18, 'startSecond'),
      'startSecond must be unix seconds, not 1000000000000000000',
    ],
    [
      () => format.localTime([] as never, 'startSecond'),
      'startSecond must be unix seconds, not an empty array',
    ],
    [
      () => format.localTime((() => 1) as never, 'startSecond'),
      'startSecond must be unix seconds, not a function',
    ],
    [() => format.jsonText(null as never, 'x'.repeat(3)), 'xxx must be a string, not null'],
    [
      () => format.count('y'.repeat(99) as never, 'x'),
      `x must be a non-negative integer, not "${'y'.repeat(60)}..."`,
    ],
  ];
  it.each(refused)('%# %s', (print, message) => {
    expect(print).toThrow(new TypeError(message));
  });
});

describe('sortedAddresses', () => {
  it('goes by IPv4 as numbers, then the port, and the others behind as text', () => {
    const sorted = [
      '9.0.0.1:34801',
      '10.0.0.2:801',
      '10.0.0.2:34801',
      '10.0.0.10:34801',
      '127.0.0.1:9',
      '192.168.0.1:34801',
      '[::1]:34801',
      'a.example:34801',
      'b.example:34801',
    ];
    expect(sortAddresses(sorted.toReversed(), '2.5')).toEqual(sorted);
    fc.assert(
      fc.property(fc.shuffledSubarray(sorted, { minLength: sorted.length }), (shuffled) => {
        expect(sortAddresses(shuffled, '2.5')).toEqual(sorted);
      }),
    );
  });

  it('goes by the text of the host, then by the port as a number, for 2.6', () => {
    const sorted = [
      '10.0.0.10:34801',
      '10.0.0.2:801',
      '10.0.0.2:34801',
      '9.0.0.1:34801',
      '[::1]:9',
      '[::1]:34801',
      'a',
      'a:x',
      'rs-1.example:801',
      'rs-1.example:34801',
      'rs-10.example:1',
      'rs-2.example:1',
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray(sorted, { minLength: sorted.length }), (shuffled) => {
        expect(sortAddresses(shuffled, '2.6')).toEqual(sorted);
      }),
    );
  });
});
