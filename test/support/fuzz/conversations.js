// What one client does over one HTTP/1.1 connection, from beginning to end.
import { bodies, lyingBody } from './bodies.js';
import { flipped, hugeHead, malformed } from './malformed.js';
import { isReadable, requestOf, unsound } from './requests.js';

/** @typedef {import('./judge.js').Request} Request */
/** @typedef {import('./random.js').Random} Random */
/** @typedef {Omit<Conversation, 'kind'>} Unnamed */

/**
 * @typedef {object} Conversation
 * @property {string} kind
 * @property {readonly Buffer[]} segments - Written one after the other.
 * @property {number} pauseMs - Between two segments; 0: as soon as the event loop comes round.
 * @property {readonly Request[]} requests - As they were meant.
 * @property {boolean} isSound - Whether each of them must be answered.
 * @property {'close' | 'half-close' | 'reset' | 'wait' | 'leave' | 'unread'} ending - What the client does when all is written: leave the
 *   closing to the server, which was asked for it; close its own half; tear the connection down; wait until the server loses patience;
 *   leave after a moment; or read nothing, and leave sometime.
 */

/** 1.2 MB: few of them fill the buffers of the kernel. */
const LARGE = '/meta/app?name=large&detail';

/** @type {readonly (readonly [weight: number, kind: string, make: (random: Random) => Unnamed])[]} */
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
  [4, 'pipelined and left', (random) => ({ ...pipelined(random), isSound: false, ending: 'leave' })],
  [2, 'unread', unread],
  [2, 'noise', (random) => unsound([random.bytes(1 + random.int(400))], [])],
];

const ALL = KINDS.flatMap(([weight, kind, make]) =>
  Array.from({ length: weight }, () => /** @type {const} */ ([kind, make])),
);

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
 * @returns {Unnamed}
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
 * @param {Random} random
 * @param {number} size
 * @param {number} pauseMs
 * @returns {Unnamed}
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
 * @returns {Unnamed}
 */
function cut(random) {
  const { segments, requests } = pipelined(random);
  const [bytes = Buffer.alloc(0)] = segments;
  return unsound([bytes.subarray(0, random.int(bytes.length))], requests);
}

/**
 * Begins something, and then says nothing any more.
 *
 * @param {Random} random
 * @returns {Unnamed}
 */
function patient(random) {
  const { segments, requests } = cut(random);
  return { ...unsound(segments, requests), ending: 'wait' };
}

/**
 * Asks for large answers and reads none.
 *
 * @param {Random} random
 * @returns {Unnamed}
 */
function unread(random) {
  const request = { method: 'GET', target: LARGE, status: [200] };
  const requests = Array.from({ length: 1 + random.int(40) }, () => request);
  return {
    segments: [Buffer.from(`GET ${LARGE} HTTP/1.1\r\nHost: a\r\n\r\n`.repeat(requests.length))],
    pauseMs: 0,
    requests,
    isSound: false,
    ending: 'unread',
  };
}
