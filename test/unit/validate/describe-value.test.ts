import { describe, expect, it } from 'vitest';
import { describeValue } from '../../../lib/validate/describe-value.js';

const revoked = Proxy.revocable({}, {});
revoked.revoke();
const hostile = new Proxy(
  {},
  {
    get() {
      throw new Error('no');
    },
  },
);

describe('describeValue', () => {
  it.each([
    ['text', '"text"'],
    ['x'.repeat(61), `"${'x'.repeat(60)}..."`],
    ['a\nb"', '"a\\nb\\""'],
    [5, '5'],
    [Number.NaN, 'NaN'],
    [5n, 'the bigint 5'],
    [true, 'true'],
    [undefined, 'undefined'],
    [null, 'null'],
    [Symbol('a'), 'Symbol(a)'],
    [() => {}, 'a function'],
    [[], 'an empty array'],
    [[1, 2], 'an array of 2'],
    [{}, 'an object'],
    [Object.create(null), 'an object'],
    [new String('text'), 'an object'],
    [Promise.resolve(), 'a promise'],
    // biome-ignore lint/suspicious/noThenProperty: a thenable
    [{ then: () => {} }, 'a promise'],
    [Buffer.from('{}'), 'bytes'],
    [new Map(), 'a Map'],
    [new Set(), 'a Set'],
    [new Date(0), 'a Date'],
  ])('%#', (value, text) => {
    expect(describeValue(value)).toBe(text);
  });

  it('never throws', () => {
    expect(describeValue(hostile)).toBe('an object');
    expect(describeValue(revoked.proxy)).toBe('an object');
  });
});
