// Requests that are in order as HTTP/1.1, however odd what they ask for.
import { target as anyTarget, PROTOTYPE_NAMES, valid } from './targets.js';

/** @typedef {import('./random.js').Random} Random */
/** @typedef {Omit<import('./conversations.js').Conversation, 'kind'>} Unnamed */
/** @typedef {import('./judge.js').Request} Request */

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

/** What the handler with `allowedHosts` takes. */
export const KNOWN_HOSTS = ['a', 'localhost', '127.0.0.1'];

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
 * @param {{ readonly isLast?: boolean, readonly method?: string }} [wishes]
 * @returns {{ readonly bytes: Buffer, readonly request: Request }}
 */
export function requestOf(random, { isLast = false, method = methodOf(random) } = {}) {
  const asked = random.chance(0.25) ? valid(random) : anyTarget(random);
  const isConditional = random.chance(0.15);
  const version = isLast && random.chance(0.1) ? '1.0' : '1.1';
  const host = random.pick(HOSTS);
  const isKnownHost = KNOWN_HOSTS.includes(host.replace(/:34602$/, ''));
  const lines = [`${method} ${asked.target} HTTP/${version}`, `Host: ${host}`];
  if (isConditional) lines.push(`If-None-Match: ${random.pick(CONDITIONS)}`);
  const hasToken = random.chance(0.3);
  if (hasToken || random.chance(0.2))
    lines.push(`Authorization: ${hasToken ? TOKEN : random.pick(WRONG_TOKENS)}`);
  for (let count = random.int(3); count > 0; count -= 1) lines.push(random.pick(HEADERS)(random));
  if (isLast) lines.push(random.pick(CLOSES));
  const head = `${lines.join('\r\n')}\r\n\r\n`;
  return {
    bytes: Buffer.from(head, 'latin1'),
    request: { ...asked, method, isConditional, hasToken, isKnownHost },
  };
}

/** @param {Random} random */
function methodOf(random) {
  if (random.chance(0.75)) return 'GET';
  return random.chance(0.5) ? 'HEAD' : random.pick(METHODS);
}

/**
 * Whether Node's parser takes the target, and leaves what is to be said to the handler.
 *
 * @param {Request} request
 */
export function isReadable({ target }) {
  return !/[\x80-\xff]/.test(target);
}

/**
 * @param {readonly Buffer[]} segments
 * @param {readonly Request[]} requests
 * @returns {Unnamed}
 */
export function unsound(segments, requests) {
  return { segments, pauseMs: 0, requests, isSound: false, ending: 'half-close' };
}
