// What one client does over one HTTP/2 connection, as far as Node's own client lets it.
import { connect, constants } from 'node:http2';
import { setTimeout as sleep } from 'node:timers/promises';
import { judgeAnswer } from './judge.js';
import { TOKEN, WRONG_TOKENS } from './requests.js';
import { target as anyTarget, PROTOTYPE_NAMES, valid } from './targets.js';

/** @typedef {import('./judge.js').Request} Request */

/**
 * @typedef {object} Wish - One stream.
 * @property {Request} request
 * @property {Record<string, string>} headers
 * @property {string | undefined} body
 * @property {boolean} isSound - Whether it must be answered.
 * @property {number | undefined} reset - The code by which the client leaves at once.
 */

const METHODS = ['POST', 'PUT', 'DELETE', 'OPTIONS', 'get', 'FOO', '__proto__', 'TRACE'];

/**
 * @param {import('./random.js').Random} random
 * @returns {Wish}
 */
function wish(random) {
  const asked = random.chance(0.25) ? valid(random) : anyTarget(random);
  const method = random.chance(0.75) ? 'GET' : random.chance(0.5) ? 'HEAD' : random.pick(METHODS);
  const isConditional = random.chance(0.15);
  /** @type {Record<string, string>} */
  const headers = { ':method': method, ':path': asked.target };
  if (isConditional)
    headers['if-none-match'] = random.pick(['*', 'W/"x"', '"', ','.repeat(500), '"a",'.repeat(300)]);
  if (random.chance(0.3))
    headers['accept-encoding'] = random.pick(['gzip', 'br', '*', 'identity;q=0', ';q=', 'br;q=2']);
  if (random.chance(0.2))
    headers[':authority'] = random.pick(['a', 'evil.example\\@x', '[::1', '\xff', '127.0.0.1:34602']);
  const isKnownHost = /^(?:a|127\.0\.0\.1:34602|undefined)$/.test(String(headers[':authority']));
  if (random.chance(0.1)) headers['user-agent'] = 'Go-http-client/2.0';
  if (random.chance(0.1))
    headers[random.pick(PROTOTYPE_NAMES).toLowerCase()] = random.pick(['', '\xe9', 'x'.repeat(5_000)]);
  if (random.chance(0.05)) headers['cookie'] = 'a=b; '.repeat(random.int(500));
  const hasToken = random.chance(0.3);
  if (hasToken || random.chance(0.2)) headers['authorization'] = hasToken ? TOKEN : random.pick(WRONG_TOKENS);
  const body = method === 'POST' ? random.pick(['', '123455', 'zz', '0x1+'.repeat(2_000), '\0']) : undefined;
  if (body !== undefined && random.chance(0.2))
    headers['content-length'] = random.pick(['0', '7', '-1', '99999999999999999999']);
  // nghttp2 itself refuses what is no path, and lengths that lie.
  const isPlain = /^\/[\x21-\x7e]*$/.test(asked.target) && asked.target.length < 30_000;
  return {
    request: { ...asked, method, isConditional, hasToken, isKnownHost },
    headers,
    body,
    isSound:
      isPlain &&
      ['content-length', ':authority', 'authorization'].every(
        (name) => headers[name] === undefined || headers[name] === TOKEN,
      ),
    // Not 0: a client that leaves with NO_ERROR makes Node 20.20 keep the connection forever, for any handler.
    reset: random.chance(0.1) ? 1 + random.int(13) : undefined,
  };
}

/**
 * Opens some streams at once over one connection, and judges what comes back.
 *
 * @param {import('./random.js').Random} random
 * @param {number} port
 * @param {import('./judge.js').Rules} rules
 * @param {number} patienceMs
 * @returns {Promise<{ readonly requests: number, readonly statuses: readonly number[] }>}
 * @throws {Error} that says what is wrong with what came.
 */
export async function talkHttp2(random, port, rules, patienceMs) {
  const session = connect(`http://127.0.0.1:${port}`);
  session.on('error', () => {});
  const count = 1 + random.int(random.chance(0.05) ? 90 : 12);
  const wishes = Array.from({ length: count }, () => wish(random));
  try {
    const answers = Promise.all(wishes.map((one) => open(session, one, rules)));
    const late = new AbortController();
    const isLate = sleep(patienceMs, undefined, { signal: late.signal }).catch(() => undefined);
    const statuses = await Promise.race([answers, isLate]);
    late.abort();
    if (statuses === undefined) throw new Error('hung: some stream has neither an answer nor an end');
    // In order: a client that tears its connection down under open streams makes Node 20.20 keep some of them, and now and then abort
    // in ~Http2Session, whatever its handler does.
    await Promise.race([new Promise((resolve) => session.close(() => resolve(undefined))), sleep(1_000)]);
    return { requests: count, statuses: statuses.filter((status) => status !== 0) };
  } finally {
    session.destroy();
  }
}

/**
 * @param {import('node:http2').ClientHttp2Session} session
 * @param {Wish} one
 * @param {import('./judge.js').Rules} rules
 * @returns {Promise<number>} The status; 0 where there was no answer, and need not be one.
 */
function open(session, { request, headers, body, isSound, reset }, rules) {
  return new Promise((resolve, reject) => {
    /** @type {Buffer[]} */
    const chunks = [];
    /** @type {import('node:http2').IncomingHttpHeaders | undefined} */
    let head;
    let hasEnded = false;
    /** @type {import('node:http2').ClientHttp2Stream} */
    let stream;
    try {
      stream = session.request(headers, { endStream: body === undefined });
    } catch {
      // Node's client does not even send it.
      resolve(0);
      return;
    }
    stream.on('error', () => {});
    stream.on('response', (given) => {
      if (head !== undefined) reject(new Error('two answers on one stream'));
      head = given;
    });
    stream.on('data', (chunk) => chunks.push(chunk));
    stream.on('end', () => {
      hasEnded = true;
    });
    stream.on('close', () => {
      const isWhole = head !== undefined && hasEnded && stream.rstCode === constants.NGHTTP2_NO_ERROR;
      if (!isWhole) {
        if (isSound && reset === undefined)
          reject(new Error(`no answer to ${JSON.stringify(headers)}: ${stream.rstCode}`));
        else resolve(0);
        return;
      }
      try {
        resolve(judgeStream(/** @type {{}} */ (head), Buffer.concat(chunks), request, rules));
      } catch (error) {
        reject(new Error(`${/** @type {Error} */ (error).message} to ${JSON.stringify(headers)}`));
      }
    });
    if (reset !== undefined) stream.close(reset);
    else if (body !== undefined) stream.end(body);
  });
}

/**
 * @param {import('node:http2').IncomingHttpHeaders} head
 * @param {Buffer} body
 * @param {Request} request
 * @param {import('./judge.js').Rules} rules
 */
export function judgeStream(head, body, request, rules) {
  const status = head[':status'] ?? 0;
  const fields = Object.entries(head).filter(([name]) => name !== ':status');
  const headers = new Map(
    fields.map(([name, value]) => {
      if (typeof value !== 'string') throw new Error(`header ${name} twice`);
      if (!/^[\x20-\x7e]*$/.test(value))
        throw new Error(`bad value of header ${name}: ${JSON.stringify(value)}`);
      return /** @type {const} */ ([name, value]);
    }),
  );
  if (headers.has('connection') || headers.has('keep-alive')) throw new Error('a header of HTTP/1.1');
  judgeAnswer({ status: Number(status), headers, body }, request, rules);
  return Number(status);
}
