// HTTP/2 frames that no client would write.
import { FLAGS, fieldBlock, frame, TYPES, word } from './frames.js';
import { valid } from './targets.js';

/** @typedef {import('./random.js').Random} Random */

const { END_STREAM, END_HEADERS, PADDED, PRIORITY } = FLAGS;

const NOTHING = Buffer.alloc(0);

export const SOUND = /** @type {[string, string][]} */ ([
  [':method', 'GET'],
  [':scheme', 'http'],
  [':path', '/version'],
  [':authority', 'a'],
]);

/**
 * @param {Random} random
 * @returns {readonly (readonly [string, string])[]}
 */
function oddFields(random) {
  const path = valid(random).target;
  /** @type {(name: string, value: string) => [string, string][]} */
  const but = (name, value) =>
    SOUND.map(([other, kept]) => /** @type {[string, string]} */ ([other, other === name ? value : kept]));
  /** @type {readonly (() => readonly (readonly [string, string])[])[]} */
  const ways = [
    () => SOUND.filter(([name]) => name !== random.pick([':path', ':method', ':scheme'])),
    () =>
      but(
        ':path',
        random.pick(['', '*', 'meta/apps', '/\0', '/\r\n', '/a b', '/\x7f', '\xff', `${path}#`, 'http://x/']),
      ),
    () => but(':method', random.pick(['', 'GET\0', 'G T', 'CONNECT', 'get', '\r\n', 'X'.repeat(9_000)])),
    () => but(':scheme', random.pick(['', 'ftp', 'javascript', '\0', 'HTTP'])),
    () => but(':authority', random.pick(['', 'a\r\nb', 'a@b', '\0', 'x'.repeat(9_000)])),
    () => [...SOUND, [':path', path]],
    () => [...SOUND, [random.pick([':status', ':foo', ':', ':protocol', '']), '200']],
    () => [['x', 'y'], ...SOUND],
    () => [...SOUND, [random.pick(['Host', 'X-Y', 'a b', 'a\0', 'a:', '\xff', 'é']), 'x']],
    () => [
      ...SOUND,
      [random.pick(['connection', 'transfer-encoding', 'upgrade', 'keep-alive', 'te']), 'chunked'],
    ],
    () => [...SOUND, ['x', random.pick(['a\r\nb: c', '\0', ' a', 'a ', '\t', '\x7f'])]],
    () => [...SOUND, ['content-length', random.pick(['1', '-1', 'x', '99999999999999999999', ''])]],
    () => [...SOUND, ['host', 'b'], ['host', 'c']],
    () => SOUND.concat(Array.from({ length: random.pick([100, 1_900]) }, (_, i) => [`x${i}`, '__proto__'])),
  ];
  return random.pick(ways)();
}

/**
 * Frames on stream `stream` and around it.
 *
 * @param {Random} random
 * @param {number} stream
 * @returns {readonly [name: string, make: () => Buffer]}
 */
export function hostileFrames(random, stream) {
  const block = fieldBlock(
    SOUND.map((field) => (field[0] === ':path' ? [':path', valid(random).target] : field)),
  );
  const whole = END_STREAM | END_HEADERS;
  const head = frame(TYPES.HEADERS, whole, stream, block);
  /** @param {number} at */
  const parts = (at) => [block.subarray(0, at), block.subarray(at)];
  return random.pick(
    /** @type {const} */ ([
      ['odd fields', () => frame(TYPES.HEADERS, whole, stream, fieldBlock(oddFields(random)))],
      ['odd fields', () => frame(TYPES.HEADERS, whole, stream, fieldBlock(oddFields(random)))],
      ['odd fields', () => frame(TYPES.HEADERS, whole, stream, fieldBlock(oddFields(random)))],
      // HPACK that is none: index 0, an index beyond the tables, an endless integer, a string beyond its block, a table of 4 GiB.
      [
        'bad HPACK',
        () =>
          frame(
            TYPES.HEADERS,
            whole,
            stream,
            random.pick(
              [
                [0x80],
                [0xff, 0xff, 0x7f],
                [0xff, ...Array(40).fill(0xff)],
                [0, 5, 97],
                [0x3f, 0xff, 0xff, 0xff, 0xff, 0x0f],
              ].map((bytes) => Buffer.from(bytes)),
            ),
          ),
      ],
      ['random HPACK', () => frame(TYPES.HEADERS, whole, stream, random.bytes(random.int(100)))],
      // A head in pieces, of a byte each or with something in between.
      [
        'head byte by byte',
        () => {
          const pieces = [frame(TYPES.HEADERS, END_STREAM, stream, block.subarray(0, 1))];
          for (let at = 1; at < block.length; at += 1) {
            pieces.push(
              frame(
                TYPES.CONTINUATION,
                at === block.length - 1 ? END_HEADERS : 0,
                stream,
                block.subarray(at, at + 1),
              ),
            );
          }
          return Buffer.concat(pieces);
        },
      ],
      [
        'head with a ping in it',
        () => {
          const [first = NOTHING, rest = NOTHING] = parts(3);
          return Buffer.concat([
            frame(TYPES.HEADERS, END_STREAM, stream, first),
            frame(TYPES.PING, 0, 0, Buffer.alloc(8)),
            frame(TYPES.CONTINUATION, END_HEADERS, stream, rest),
          ]);
        },
      ],
      [
        'endless head',
        () =>
          Buffer.concat([
            frame(TYPES.HEADERS, END_STREAM, stream, NOTHING),
            ...Array(200).fill(frame(TYPES.CONTINUATION, 0, stream, Buffer.alloc(1_000))),
          ]),
      ],
      // Padding and priorities.
      [
        'padding',
        () =>
          frame(TYPES.HEADERS, whole | PADDED, stream, Buffer.concat([Buffer.of(random.int(256)), block])),
      ],
      [
        'depends on itself',
        () =>
          frame(
            TYPES.HEADERS,
            whole | PRIORITY,
            stream,
            Buffer.concat([word(stream), Buffer.of(255), block]),
          ),
      ],
      [
        'priority on itself',
        () =>
          Buffer.concat([
            frame(TYPES.PRIORITY, 0, stream, Buffer.concat([word(stream), Buffer.of(0)])),
            head,
          ]),
      ],
      // Data where none belongs.
      ['data without a head', () => frame(TYPES.DATA, END_STREAM, stream, Buffer.from('x'))],
      [
        'data behind the end',
        () => Buffer.concat([head, frame(TYPES.DATA, END_STREAM, stream, Buffer.from('x'))]),
      ],
      ['head twice', () => Buffer.concat([head, head])],
      // Streams that are not open, or that only a server may open.
      ['odd stream', () => frame(TYPES.HEADERS, whole, random.pick([0, 2, 2 ** 31, 2 ** 31 + 1]), block)],
      ['reset', () => frame(TYPES.RST_STREAM, 0, random.pick([0, stream, 999]), word(8))],
      ['push', () => frame(TYPES.PUSH_PROMISE, END_HEADERS, stream, Buffer.concat([word(4), block]))],
      [
        'window',
        () =>
          frame(
            TYPES.WINDOW_UPDATE,
            0,
            random.pick([0, stream]),
            word(random.pick([0, 2 ** 31 - 1, 2 ** 32 - 1])),
          ),
      ],
      [
        'settings',
        () =>
          Buffer.concat(
            Array(random.pick([2, 50])).fill(
              frame(
                TYPES.SETTINGS,
                0,
                0,
                Buffer.concat([Buffer.of(0, random.int(9)), word(random.int(2 ** 31))]),
              ),
            ),
          ),
      ],
      [
        'random settings',
        () => frame(TYPES.SETTINGS, random.int(2), random.int(2), random.bytes(random.int(13))),
      ],
      [
        'pings',
        () =>
          Buffer.concat(
            Array(random.pick([1, 500])).fill(frame(TYPES.PING, 0, 0, Buffer.alloc(random.pick([8, 8, 7])))),
          ),
      ],
      ['goaway', () => frame(TYPES.GOAWAY, 0, 0, Buffer.concat([word(0), word(11), Buffer.from('enough')]))],
      [
        'unknown frame',
        () =>
          frame(
            random.pick([10, 99, 255]),
            random.int(256),
            random.pick([0, stream]),
            random.bytes(random.int(50)),
          ),
      ],
      [
        'lying length',
        () => frame(TYPES.HEADERS, whole, stream, block, random.pick([0, 1, 16_385, 2 ** 24 - 1])),
      ],
      ['noise', () => random.bytes(9 + random.int(100))],
      // As fast as can be: opened, and taken back.
      [
        'rapid reset',
        () =>
          Buffer.concat(
            Array.from({ length: 40 }, (_, i) => [
              frame(TYPES.HEADERS, whole, stream + 2 * i, block),
              frame(TYPES.RST_STREAM, 0, stream + 2 * i, word(8)),
            ]).flat(),
          ),
      ],
    ]),
  );
}
