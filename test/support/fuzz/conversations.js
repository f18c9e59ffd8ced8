// What one client does over one HTTP/1.1 connection, from beginning to end.
import { ANY, target as anyTarget, PROTOTYPE_NAMES, valid } from './targets.js';

/** @typedef {import('./judge.js').Request} Request */
/** @typedef {import('./random.js').Random} Random */

/**
 * @typedef {object} Conversation
 * @property {string} kind
 * @property {readonly Buffer[]} segments - Written one after the other.
 * @property {number} pauseMs - Between two segments; 0: as soon as the event loop comes round.
 * @property {readonly Request[]} requests - As they were meant.
 * @property {boolean} isSound - Whether each of them must be answered.
 * @property {'close' | 'half-close' | 'reset' | 'wait'} ending - What the client does when all is written: leave the closing to the
 *   server, which was asked for it; close its own half; tear the connection down; or wait until the server loses patience.
 */

const METHODS = [
  'POST',
  'PUT',
  'DELETE',
  'OPTIONS',
  'PATCH',
  'TRACE',
  'PROPFIND',
  'M-SEARCH',
  'PURGE',
  'LINK',
  'SEARCH',
];

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

const HOSTS = [
  'a',
  'localhost',
  '127.0.0.1:34602',
  'evil.example\\@x',
  '[::1',
  ':',
  '%0d%0a',
  '\xff',
  'a b',
  '127.0.0.1:99999',
];

/** @type {readonly ((random: Random) => string)[]} */
const HEADERS = [
  (random) =>
    `Accept-Encoding: ${random.pick(['gzip', 'br', '*', 'gzip;q=0, *', 'identity;q=0', ';;q=,,', 'br;q=9e9', 'x'.repeat(2_000)])}`,
  (random) => `Accept-Encoding: ${Array(random.int(300)).fill('gzip;q=0.1').join()}`,
  (random) =>
    `User-Agent: ${random.pick(['Go-http-client/1.1', 'Go-http-client', '\x80\xff', '', '() { :; }'])}`,
  (random) => `${random.pick(PROTOTYPE_NAMES)}: ${random.pick(PROTOTYPE_NAMES)}`,
  (random) => `Cookie: ${'a=b; '.repeat(random.int(500))}`,
  (random) => `X-Forwarded-Host: ${random.pick(HOSTS)}`,
  (random) => `X-${'y'.repeat(random.int(3_000))}: ${'\xe9'.repeat(random.int(3_000))}`,
  () => 'Range: bytes=0-1,-9999999999999999999',
  () => 'If-Modified-Since: Thu, 01 Jan 2099 00:00:00 GMT',
  () => 'Content-Type: application/x-www-form-urlencoded',
  () => 'Max-Forwards: 0\r\nTE: trailers, deflate;q=0.5\r\nTrailer: Content-Length',
];

/** Node drops what is pipelined behind them. */
const UPGRADES = [
  'Connection: close, Upgrade\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__',
  'Connection: Upgrade, close\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x',
];

const CLOSES = ['Connection: close', 'connection: CLOSE', 'Connection: close, x'].concat(UPGRADES);

const CONDITIONS = [
  '*',
  '"x"',
  'W/"x"',
  '"',
  '""',
  ','.repeat(500),
  '"a",'.repeat(500),
  '\xff',
  'W/',
  ' * , "x"',
];

/** @type {readonly (readonly [weight: number, kind: string, make: (random: Random) => Omit<Conversation, 'kind'>])[]} */
const KINDS = [
  [30, 'pipelined', pipelined],
  [4, 'a byte a segment', (random) => split(random, 1, 0)],
  [6, 'odd segments', (random) => split(random, 1 + random.int(40), 0)],
  [1, 'slow', (random) => split(random, 40 + random.int(200), 1 + random.int(8))],
  [8, 'cut', cut],
  [6, 'reset', (random) => ({ ...pipelined(random), isSound: false, ending: 'reset' })],
  [8, 'flipped', flipped],
  [8, 'malformed', malformed],
  [6, 'huge head', hugeHead],
  [8, 'bodies', bodies],
  [6, 'lying about the body', lyingBody],
  [2, 'patient', patient],
  [2, 'noise', (random) => unsound([random.bytes(1 + random.int(400))], [])],
];

const ALL = KINDS.flatMap(([weight, kind, make]) =>
  Array.from({ length: weight }, () => /** @type {const} */ ([kind, make])),
);

/** What the guarded handler wants to see, and what is nearly that. */
export const TOKEN = 'Bearer open-sesame';
export const WRONG_TOKENS = [
  '',
  'Bearer',
  'bearer open-sesame',
  'Bearer open-sesam',
  'Bearer  open-sesame',
  'Bearer open-sesame, x',
].concat([
  'Basic b3Blbi1zZXNhbWU=',
  '__proto__',
  'x\r\nAuthorization: Bearer open-sesame',
  '\xff',
  'a'.repeat(4_000),
]);

/**
 * @param {Random} random
 * @returns {Conversation}
 */
export function conversation(random) {
  const [kind, make] = random.pick(ALL);
  return { kind, ...make(random) };
}

/**
 * @param {Random} random
 * @param {{ readonly isLast?: boolean, readonly method?: string }} [wishes]
 * @returns {{ readonly bytes: Buffer, readonly request: Request }}
 */
function requestOf(random, { isLast = false, method = methodOf(random) } = {}) {
  const asked = random.chance(0.25) ? valid(random) : anyTarget(random);
  const isConditional = random.chance(0.15);
  const version = isLast && random.chance(0.1) ? '1.0' : '1.1';
  const lines = [`${method} ${asked.target} HTTP/${version}`, `Host: ${random.pick(HOSTS)}`];
  if (isConditional) lines.push(`If-None-Match: ${random.pick(CONDITIONS)}`);
  const hasToken = random.chance(0.3);
  if (hasToken || random.chance(0.2))
    lines.push(`Authorization: ${hasToken ? TOKEN : random.pick(WRONG_TOKENS)}`);
  for (let count = random.int(3); count > 0; count -= 1) lines.push(random.pick(HEADERS)(random));
  if (isLast) lines.push(random.pick(CLOSES));
  const head = `${lines.join('\r\n')}\r\n\r\n`;
  return { bytes: Buffer.from(head, 'latin1'), request: { ...asked, method, isConditional, hasToken } };
}

/** @param {Random} random */
function methodOf(random) {
  if (random.chance(0.75)) return 'GET';
  return random.chance(0.5) ? 'HEAD' : random.pick(METHODS);
}

/**
 * @param {Random} random
 * @returns {Omit<Conversation, 'kind'>}
 */
function pipelined(random) {
  const count = 1 + random.int(random.chance(0.05) ? 60 : 8);
  const made = Array.from({ length: count }, (_, i) => requestOf(random, { isLast: i === count - 1 }));
  return {
    segments: [Buffer.concat(made.map(({ bytes }) => bytes))],
    pauseMs: 0,
    requests: made.map(({ request }) => request),
    isSound: made.every(({ request }) => isReadable(request)),
    ending: 'close',
  };
}

/**
 * Whether Node's parser takes the target, and leaves what is to be said to the handler.
 *
 * @param {Request} request
 */
function isReadable({ target }) {
  return !/[\x80-\xff]/.test(target);
}

/**
 * @param {Random} random
 * @param {number} size
 * @param {number} pauseMs
 * @returns {Omit<Conversation, 'kind'>}
 */
function split(random, size, pauseMs) {
  const first = requestOf(random);
  const last = requestOf(random, { isLast: true });
  const bytes = Buffer.concat([first.bytes, last.bytes]);
  // What is too long to go byte by byte in reasonable time goes in more of them.
  const length = Math.max(size, Math.ceil(bytes.length / (pauseMs > 0 ? 60 : 300)));
  const segments = [];
  for (let at = 0; at < bytes.length; at += length) segments.push(bytes.subarray(at, at + length));
  const requests = [first.request, last.request];
  return { segments, pauseMs, requests, isSound: requests.every(isReadable), ending: 'close' };
}

/**
 * Half-closed in the middle of something.
 *
 * @param {Random} random
 * @returns {Omit<Conversation, 'kind'>}
 */
function cut(random) {
  const { segments, requests } = pipelined(random);
  const [bytes = Buffer.alloc(0)] = segments;
  return unsound([bytes.subarray(0, random.int(bytes.length))], requests);
}

/**
 * Some bytes are not what they were.
 *
 * @param {Random} random
 * @returns {Omit<Conversation, 'kind'>}
 */
function flipped(random) {
  const { bytes, request } = requestOf(random, { method: 'GET', isLast: true });
  const copy = Buffer.from(bytes);
  for (let count = 1 + random.int(4); count > 0; count -= 1) {
    copy[random.int(Math.min(copy.length, 300))] = random.chance(0.5)
      ? random.int(256)
      : random.pick([0, 9, 10, 13, 32, 35, 37, 58, 63, 255]);
  }
  // Nobody knows any more what it asks for, only that it gets one answer.
  return unsound([copy], [{ ...request, target: '', status: ANY, isConditional: true }]);
}

/**
 * One request that is none, behind a sound one or not.
 *
 * @param {Random} random
 * @returns {Omit<Conversation, 'kind'>}
 */
function malformed(random) {
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
 * @returns {Omit<Conversation, 'kind'>}
 */
function hugeHead(random) {
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

/** In their order: what is sent, and what may come back. */
const BODIES = /** @type {const} */ ([
  ['123455', [200]],
  ['0x123455+0x00ff+"', [400]],
  ['"0x12+0x13"', [200]],
  ['', [200]],
  ['+'.repeat(1_000), [200]],
  ['zz', [400]],
  ['__proto__', [400]],
  ['0x10\0', [400]],
  ['\xff\xfe', [400]],
  ['ffffffffffffffffffff', [200]],
  ['a'.repeat(65), [400]],
  [Array(5_000).fill('0x1').join('+'), [200]],
  ['a=b&c=%0d%0a', [400]],
  ['0x1'.repeat(20), [400]],
]);

/**
 * Bodies as they should be, by length or in chunks.
 *
 * @param {Random} random
 * @returns {Omit<Conversation, 'kind'>}
 */
function bodies(random) {
  const count = 1 + random.int(4);
  const parts = [];
  const requests = [];
  for (let i = 0; i < count; i += 1) {
    const [body, status] = random.pick(BODIES);
    const isSymbol = random.chance(0.7);
    const asked = isSymbol ? { target: '/pprof/symbol', status } : valid(random);
    const method = isSymbol ? 'POST' : random.pick(['POST', 'PUT', 'GET', 'DELETE']);
    const lines = [`${method} ${asked.target} HTTP/1.1`, 'Host: a'];
    if (i === count - 1) lines.push('Connection: close');
    if (random.chance(0.2)) lines.push('Expect: 100-continue');
    if (random.chance(0.5)) {
      const half = random.int(body.length);
      const chunks = [body.slice(0, half), body.slice(half)].filter((chunk) => chunk !== '');
      const encoded = chunks.map((chunk) => `${chunk.length.toString(16)};x="y"\r\n${chunk}\r\n`).join('');
      parts.push(
        `${lines.join('\r\n')}\r\nTransfer-Encoding: chunked\r\n\r\n${encoded}0\r\nX: trailer\r\n\r\n`,
      );
    } else {
      parts.push(`${lines.join('\r\n')}\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    }
    requests.push({ ...asked, method });
  }
  const segments = random.chance(0.5) ? parts : [parts.join('')];
  return {
    segments: segments.map((part) => Buffer.from(part, 'latin1')),
    pauseMs: 0,
    requests,
    isSound: true,
    ending: 'close',
  };
}

/**
 * Bodies that are not as their head says; what comes behind may be swallowed, or be taken for a request.
 *
 * @param {Random} random
 * @returns {Omit<Conversation, 'kind'>}
 */
function lyingBody(random) {
  const target = random.pick(['/pprof/symbol', '/pprof/symbol', '/meta/apps', '/version']);
  const framing = random.pick([
    'Content-Length: 999999999999',
    'Content-Length: 4194305',
    'Content-Length: -1',
    'Content-Length: 1e3',
    'Content-Length: 99999999999999999999999',
    'Content-Length: 2\r\nContent-Length: 3',
    'Content-Length: 2, 2',
    'Content-Length: +2',
    'Content-Length: 0x2',
    'Content-Length: 4\r\nTransfer-Encoding: chunked',
    'Transfer-Encoding: chunked\r\nContent-Length: 4',
    'Transfer-Encoding: chunked, identity',
    'Transfer-Encoding: xchunked',
    'Transfer-Encoding: chunked',
    'Transfer-Encoding : chunked',
    'Transfer-Encoding:\x0bchunked',
    'Transfer-Encoding: identity',
  ]);
  const body = random.pick([
    '12',
    '0x12',
    '5\r\n0x12\r\n',
    'ffffffffffffffffff\r\n',
    '-1\r\n',
    '0\r\n',
    '2;\r\n12\r\n0\r\n\r\n',
    '2\n12\n0\n\n',
    '\r\n',
  ]);
  const smuggled = random.chance(0.5) ? 'GET /version HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n' : '';
  const bytes = Buffer.from(
    `POST ${target} HTTP/1.1\r\nHost: a\r\n${framing}\r\n\r\n${body}${smuggled}`,
    'latin1',
  );
  const posted = { method: 'POST', target, status: ANY };
  const behind = { method: 'GET', target: '/version', status: [200] };
  const isPatient = random.chance(0.05);
  return { ...unsound([bytes], [posted, behind]), ...(isPatient && { ending: 'wait' }) };
}

/**
 * Begins something, and then says nothing any more.
 *
 * @param {Random} random
 * @returns {Omit<Conversation, 'kind'>}
 */
function patient(random) {
  const { segments, requests } = cut(random);
  return { ...unsound(segments, requests), ending: 'wait' };
}

/**
 * @param {readonly Buffer[]} segments
 * @param {readonly Request[]} requests
 * @returns {Omit<Conversation, 'kind'>}
 */
function unsound(segments, requests) {
  return { segments, pauseMs: 0, requests, isSound: false, ending: 'half-close' };
}
