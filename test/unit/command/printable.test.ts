import { expect, it } from 'vitest';
import { printable } from '../../../lib/command/gateway/log.js';

it.each([
  ['a line\nand another\r', 'a line\\u000aand another\\u000d'],
  ['\u001b[31mred\u009b0m\u007f', '\\u001b[31mred\\u009b0m\\u007f'],
  ['a\u2028b\u202ec\u0000', 'a\\u2028b\\u202ec\\u0000'],
  ['表 "😀" ü', '表 "😀" ü'],
  ['x'.repeat(3_000), `${'x'.repeat(2_000)}...`],
])('makes %j printable', (text, expected) => {
  expect(printable(text)).toBe(expected);
});
