// Bytes that are no request, or no longer the one that they were.
import { requestOf, unsound } from './requests.js';
import { ANY, target as anyTarget, valid } from './targets.js';

/** @typedef {import('./random.js').Random} Random */
/** @typedef {Omit<import('./conversations.js').Conversation, 'kind'>} Unnamed */

const MADE_UP = [
  'get',
  'GETS',
  'GE T',
  'FOO',
  '',
  'GET\0',
  '__proto__',
  'HEAD\t',
  'PRI',
  'A'.repeat(300),
  '\xff\xfe',
  'SOURCES',
];

/**
 * Some bytes are not what they were.
 *
 * @param {Random} random
 * @returns {Unnamed}
 */
export function flipped(random) {
  const { bytes, request } = requestOf(random, { method: 'GET', isLast: true });
  const copy = Buffer.from(bytes);
  for (let count = 1 + random.int(4); count > 0; count -= 1) {
    copy[random.int(Math.min(copy.length, 300))] = random.chance(0.5)
      ? random.int(256)
      : random.pick([0, 9, 10, 13, 32, 35, 37, 58, 63, 255]);
  }
  // Its meaning is undefined. It must get exactly one response.
  return unsound([copy], [{ ...request, target: '', status: ANY, isConditional: true }]);
}

/**
 * One request that is none, behind a sound one or not.
 *
 * @param {Random} random
 * @returns {Unnamed}
 */
export function malformed(random) {
  const { target } = anyTarget(random);
  const heads = [
    `${random.pick(MADE_UP)} ${target} HTTP/1.1\r\nHost: a\r\n\r\n`,
    `GET ${target}${random.pick(['\0', '\r', '\n', ' ', '\t', ' x', '\x7f', '\r\nX: y'])} HTTP/1.1\r\nHost: a\r\n\r\n`,
    `GET ${random.pick(['', '?', 'meta/apps', '?detail', 'x:', 'http:', 'http:///meta/apps', '\\', '#', ':80', 'a:b:c'])} HTTP/1.1\r\nHost: a\r\n\r\n`,
    `CONNECT ${random.pick(['/meta/apps', 'a:1', target])} HTTP/1.1\r\nHost: a\r\n\r\n`,
    `GET ${target} HTTP/${random.pick(['9.9', '0.9', '2.0', '1.2', '1.1.1', 'x', '11', '1,1'])}\r\nHost: a\r\n\r\n`,
    `GET ${target}\r\n\r\n`,
    `GET ${target} HTTP/1.1\r\n\r\n`,
    `GET ${target} HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n`,
    `GET ${target} HTTP/1.1\nHost: a\n\n`,
    `GET ${target} HTTP/1.1\r\nHost : a\r\nX\r\n\r\n`,
    `GET ${target} HTTP/1.1\r\nHost: a\r\n${random.pick(['X y: z', ': z', 'X: a\0b', 'X: a\rb', ' folded: x', 'X: y\r\n z', '\x80: z'])}\r\n\r\n`,
    `${random.pick(['\r\n', '\n', ' ', '\r\n'.repeat(500)])}GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
    `GET ${target} HTTP/1.1\r\nHost: a\r\nExpect: ${random.pick(['200-ok', '100-continued', ''])}\r\n\r\n`,
  ];
  const head = Buffer.from(random.pick(heads), 'latin1');
  const before = requestOf(random, { method: 'GET' });
  const odd = { method: 'GET', target: '', status: ANY, isConditional: true };
  if (random.chance(0.5)) return unsound([head], [odd]);
  // A head without an end may swallow what follows, or be two.
  return unsound([before.bytes, head], [before.request, odd, odd]);
}

/**
 * @param {Random} random
 * @returns {Unnamed}
 */
export function hugeHead(random) {
  const { target } = valid(random);
  const size = random.pick([20_000, 100_000, 140_000, 400_000]);
  const lines = random.pick([
    () => `X: ${'a'.repeat(size)}`,
    () => Array.from({ length: Math.min(size / 20, 10_000) }, (_, i) => `X${i}: ${i}`).join('\r\n'),
    () => `${'X'.repeat(size)}: a`,
    () => `X: a\r\n${'X: a\r\n'.repeat(Math.min(size / 10, 5_000))}X: a`,
  ])();
  const head = `GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${lines}\r\n\r\n`;
  return unsound([Buffer.from(head, 'latin1')], [{ method: 'GET', target, status: [200] }]);
}
