// Requests with bodies: as they should be, and not as their heads say.
import { unsound } from './requests.js';
import { ANY, valid } from './targets.js';

/** @typedef {import('./random.js').Random} Random */
/** @typedef {Omit<import('./conversations.js').Conversation, 'kind'>} Unnamed */

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
 * @returns {Unnamed}
 */
export function bodies(random) {
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
 * @returns {Unnamed}
 */
export function lyingBody(random) {
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
