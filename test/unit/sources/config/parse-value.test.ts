import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderFlag } from '../../../../lib/endpoints/config/flag-row.js';
import type { ConfigFlag, ConfigFlagType } from '../../../../lib/index.js';
import { INTEGER_RANGES } from '../../../../lib/model/config.js';
import { parseValue } from '../../../../lib/sources/config/parse-value.js';

type IntegerType = keyof typeof INTEGER_RANGES;
const INTEGER_TYPES = Object.keys(INTEGER_RANGES) as IntegerType[];

const ofType = (type: IntegerType, value: bigint): number | bigint =>
  type.endsWith('64') ? value : Number(value);

/** What `/config` prints of a value. */
function printed(type: ConfigFlagType, value: unknown): string {
  const flag = { name: 'n', section: 's', description: 'd', isMutable: true, type, value } as ConfigFlag;
  return JSON.parse(renderFlag(flag)).value;
}

/** Integers near the bounds of all types, and others. */
const anyInteger = fc.oneof(
  fc.bigInt({ min: -(2n ** 65n), max: 2n ** 65n }),
  fc
    .tuple(
      fc.constantFrom(0n, 31n, 32n, 63n, 64n),
      fc.constantFrom(1n, -1n),
      fc.bigInt({ min: -2n, max: 2n }),
    )
    .map(([exponent, sign, offset]) => sign * 2n ** exponent + offset),
);

const spelled = fc.record({
  value: anyInteger,
  space: fc.constantFrom('', ' ', '\t\n\v\f\r '),
  plus: fc.constantFrom('', '+'),
  base: fc.constantFrom(10, 16, 8),
  zeros: fc.constantFrom('', '0', '000'),
  isUpper: fc.boolean(),
});

describe('integers', () => {
  it.each(INTEGER_TYPES)('of type %s are read as spelled in any base, in range', (type) => {
    fc.assert(
      fc.property(spelled, ({ value, space, plus, base, zeros, isUpper }) => {
        const size = (value < 0n ? -value : value).toString(base);
        // A decimal number must not begin with a zero, which would make it octal.
        const prefix = base === 16 ? `0x${zeros}` : base === 8 ? `0${zeros}` : '';
        const digits = isUpper ? `${prefix}${size}`.toUpperCase() : `${prefix}${size}`;
        const text = `${space}${value < 0n ? '-' : plus}${digits}`;
        const [minimum, maximum] = INTEGER_RANGES[type];
        const isInRange = value >= minimum && value <= maximum;
        expect(parseValue(type, text)).toEqual(isInRange ? ofType(type, value) : undefined);
      }),
      { numRuns: 500 },
    );
  });

  it.each(INTEGER_TYPES)('of type %s are read back from what is printed', (type) => {
    const [minimum, maximum] = INTEGER_RANGES[type];
    const bounds = { min: BigInt(minimum), max: BigInt(maximum) };
    fc.assert(
      fc.property(fc.bigInt(bounds), (value) => {
        const own = ofType(type, value);
        expect(parseValue(type, printed(type, own))).toBe(own);
      }),
    );
  });

  it.each(INTEGER_TYPES)('of type %s are nothing else', (type) => {
    const alphabet = fc.constantFrom(...'0123456789abxXeEfF+-. \t\0_n');
    fc.assert(
      fc.property(fc.string({ unit: alphabet, maxLength: 8 }), (text) => {
        const isInteger = /^[ \t]*[+-]?(0x[\da-f]+|0[0-7]*|[1-9]\d*)$/i.test(text);
        const isNegative = type.startsWith('u') && /-0*x?0*[1-9a-f]/i.test(text);
        expect(parseValue(type, text) !== undefined).toBe(isInteger && !isNegative);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['', undefined],
    [' ', undefined],
    ['-', undefined],
    ['+-5', undefined],
    ['- 5', undefined],
    ['5 ', undefined],
    ['5\n', undefined],
    ['08', undefined],
    ['0x', undefined],
    ['0xg', undefined],
    ['0b1', undefined],
    ['0o7', undefined],
    ['1e3', undefined],
    ['1_000', undefined],
    ['1n', undefined],
    ['٣', undefined],
    ['\u00a05', undefined],
    ['0', 0],
    ['00', 0],
    ['-0', 0],
    ['010', 8],
    ['0X1F', 31],
    ['-0x10', -16],
  ])('%j', (text, value) => {
    expect(parseValue('int32', text)).toBe(value);
  });

  it('take a negative zero for unsigned types, as strtoull with its check does', () => {
    expect(parseValue('uint32', '-0')).toBe(0);
    expect(parseValue('uint64', '-0')).toBe(0n);
    expect(parseValue('uint64', '-18446744073709551615')).toBeUndefined();
  });

  it('of thousands of digits are refused quickly', () => {
    for (const text of ['1'.repeat(8_000), `0x${'f'.repeat(8_000)}`, `${' '.repeat(8_000)}x`]) {
      for (const type of INTEGER_TYPES) expect(parseValue(type, text)).toBeUndefined();
    }
  });
});

describe('doubles', () => {
  it('are read as JavaScript prints them', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const isTooSmall = value !== 0 && Math.abs(value) < 2 ** -1022;
        expect(parseValue('double', String(value))).toBe(isTooSmall ? undefined : value === 0 ? 0 : value);
      }),
    );
  });

  it('are read back to two digits from what is printed', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e15, max: 1e15, noNaN: true }), (value) => {
        const read = parseValue('double', printed('double', value)) as number;
        expect(Math.abs(read - value)).toBeLessThanOrEqual(Math.max(0.005001, Math.abs(value) * 2 ** -52));
      }),
    );
  });

  it('are read in hexadecimal', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 2n ** 53n }),
        fc.integer({ min: -900, max: 900 }),
        (size, exponent) => {
          const text = `0x${size.toString(16)}p${exponent}`;
          expect(parseValue('double', text)).toBe(Number(size) * 2 ** exponent);
        },
      ),
    );
  });

  it.each([
    ['', undefined],
    ['.', undefined],
    ['e5', undefined],
    ['1e', undefined],
    ['1,5', undefined],
    ['1.5 ', undefined],
    ['nan', undefined],
    ['NaN', undefined],
    ['inf', undefined],
    ['Infinity', undefined],
    ['1e309', undefined],
    ['-1e309', undefined],
    ['1e-400', undefined],
    ['5e-324', undefined],
    ['0x', undefined],
    ['0x.', undefined],
    ['0x1p', undefined],
    ['0x1p2000', undefined],
    ['0x0.ep-2000', undefined],
    ['0', 0],
    ['-0', 0],
    ['0e5', 0],
    ['0.000e-999', 0],
    ['1.', 1],
    ['.5', 0.5],
    ['+5', 5],
    [' -1.5E+2', -150],
    ['010', 10],
    ['0x1.8p3', 12],
    ['0x10', 16],
    ['-0X.8', -0.5],
  ])('%j', (text, value) => {
    expect(parseValue('double', text)).toBe(value);
  });

  it('of thousands of digits are read quickly', () => {
    expect(parseValue('double', `${'1'.repeat(8_000)}x`)).toBeUndefined();
    expect(parseValue('double', `0x${'f'.repeat(8_000)}g`)).toBeUndefined();
    expect(parseValue('double', `0.${'0'.repeat(200)}1`)).toBe(1e-201);
  });
});

describe('bools', () => {
  it.each([
    ['true', true],
    ['TRUE', true],
    ['tRuE', true],
    ['False', false],
    ['', undefined],
    ['1', undefined],
    ['0', undefined],
    ['yes', undefined],
    [' true', undefined],
    ['true\n', undefined],
  ])('%j', (text, value) => {
    expect(parseValue('bool', text)).toBe(value);
    if (value !== undefined) expect(printed('bool', value)).toBe(text.toLowerCase());
  });
});

it('texts are themselves', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(parseValue('string', text)).toBe(text);
      expect(printed('string', text)).toBe(text);
    }),
  );
});
