// What clients ask for during a soak, and what they may be told.
import { request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { pick, SECRET } from './faults.js';

/**
 * @typedef {object} Answer
 * @property {number} status
 * @property {Readonly<Record<string, string | string[] | undefined>>} headers
 * @property {string} body
 */

/**
 * @typedef {object} Asked
 * @property {'failing' | 'http2' | 'meta' | 'replica'} server
 * @property {string} target
 * @property {Record<string, string>} headers
 */

const TABLES = ['table0', 'table1', 'table2', 'table3', 'table4', 'table5', 'guest', 'nobody'];

/** Host names that are none of the server's. Clients of HTTP/2 refuse the malformed ones. */
const HTTP2_HOSTS = ['evil.example', 'evil.example:80', '127.0.0.1:99999'];
const HOSTS = [...HTTP2_HOSTS, '[::1', 'a b', ':', '%0d%0a', 'user@evil.example'];

const LARGE = '/meta/app?name=large&detail';

const META = [
  () => '/meta/apps',
  () => '/meta/apps?detail',
  () => '/meta/nodes?detail',
  () => '/meta/cluster',
  () => `/meta/app?name=${pick(TABLES)}`,
  () => `/meta/app?name=${pick(TABLES)}&detail`,
  () => `/meta/app_envs?name=${pick(TABLES)}`,
  () => LARGE,
];

const PROCESS = [
  '/version',
  '/recentStartTime',
  '/perfCounter?name=a*b*c',
  '/perfCounter?name=replica*server*memused.res(MB)',
  '/pprof/heap',
  '/pprof/growth?format=proto',
  '/pprof/cmdline',
];

/** Answers that hold for good, by target. */
const CONSTANT = new Map([
  ['/version', '{"Version":"unknown","GitCommit":"unknown"}\n'],
  ['/perfCounter?name=a*b*c', '{"name":"a*b*c","value":"1.00","type":"NUMBER","description":"a counter"}\n'],
]);

/** What is specified for sources that fail. */
const FAILURES = new Map([
  ['ERR_UNKNOWN', 500],
  ['ERR_NETWORK_FAILURE', 500],
  ['ERR_INVALID_DATA', 500],
  ['ERR_SERVICE_NOT_ACTIVE', 503],
  // An election is under way.
  ['ERR_FORWARD_TO_OTHERS', 503],
  ['ERR_TIMEOUT', 504],
]);

/**
 * @param {ReadonlyMap<string, string>} etags - The last seen, by target.
 * @returns {Asked}
 */
export function ask(etags) {
  const server = pick(/** @type {const} */ (['failing', 'failing', 'http2', 'meta', 'replica'])) ?? 'failing';
  const isMeta = server === 'meta' || (server !== 'replica' && Math.random() < 0.9);
  const ofProcess = server === 'replica' ? PROCESS : PROCESS.slice(0, 3);
  const target = (isMeta ? pick(META)?.() : pick(ofProcess)) ?? '/version';
  /** @type {Record<string, string>} */
  const headers = {};
  const etag = etags.get(target);
  if (etag !== undefined && Math.random() < 0.3) headers['if-none-match'] = etag;
  if (Math.random() < 0.1) {
    if (server === 'http2') headers[':authority'] = pick(HTTP2_HOSTS) ?? 'a';
    else headers['host'] = pick(HOSTS) ?? 'a';
  }
  if (Math.random() < 0.3) headers['accept-encoding'] = pick(['gzip', 'br', 'br, gzip']) ?? 'br';
  return { server, target, headers };
}

/**
 * @param {Asked} asked
 * @param {Answer} answer
 * @param {() => Promise<import('./history.js').Expected[]>} expected - What was right at some time between request and answer.
 * @param {readonly string[]} metas
 * @returns {Promise<string | undefined>} What is wrong with it.
 */
export async function complaintOf(
  { server, target, headers },
  { status, headers: given, body },
  expected,
  metas,
) {
  if (body.includes(SECRET)) return 'the message of a source';
  if (status >= 500) return failureOf(server, target, status, body);
  if (server === 'meta' && status === 307) {
    return metas.some((address) => given['location'] === `http://${address}${target}`)
      ? undefined
      : `Location ${given['location']}`;
  }
  if (!target.startsWith('/meta/')) {
    const constant = CONSTANT.get(target);
    if (status === 304) return headers['if-none-match'] === undefined ? '304 without a condition' : undefined;
    return status === 200 && (constant === undefined || constant === body)
      ? undefined
      : `${status} ${body.slice(0, 200)}`;
  }
  const right = await expected();
  if (status === 304) {
    const etag = headers['if-none-match'] ?? '';
    return right.some((one) => one.etag === plain(etag))
      ? undefined
      : `304 for ${etag}, which held at no time`;
  }
  if (right.some((one) => one.status === status && one.body === body)) return undefined;
  return `${status}, which was right in none of ${right.length} states: ${body.slice(0, 300)}`;
}

/**
 * @param {Asked['server']} server
 * @param {string} target
 * @param {number} status
 * @param {string} body
 */
function failureOf(server, target, status, body) {
  const { error } = JSON.parse(body);
  if (server === 'meta')
    return error === 'ERR_FORWARD_TO_OTHERS' && status === 503 ? undefined : `${status} ${body}`;
  if (server === 'replica')
    return target.startsWith('/pprof/') && error === 'ERR_BUSY' ? undefined : `${status} ${body}`;
  return FAILURES.get(error) === status ? undefined : `${status} ${body}`;
}

/**
 * The validator of the same answer as it is when it is not compressed.
 *
 * @param {string} etag
 */
function plain(etag) {
  return etag.replace(/-(br|gzip)"$/, '"');
}

/**
 * @param {import('node:http').Agent} agent
 * @param {number} port
 * @param {Asked} asked
 * @param {number | undefined} leaveMs - When the client goes away; it has no answer then.
 * @returns {Promise<Answer | undefined>}
 */
export function sendHttp(agent, port, { target, headers }, leaveMs) {
  return new Promise((resolve, reject) => {
    const req = request({ agent, port, host: '127.0.0.1', path: target, headers }, (res) => {
      /** @type {Buffer[]} */
      const chunks = [];
      res.on('data', (chunk) => chunks.push(chunk));
      res.on('end', () => {
        // Half an answer is none.
        if (leaveMs !== undefined && !res.complete) resolve(undefined);
        else
          resolve({ status: res.statusCode ?? 0, headers: res.headers, body: decoded(res.headers, chunks) });
      });
      res.on('error', () => resolve(undefined));
    });
    req.on('error', (error) => (leaveMs === undefined ? reject(error) : resolve(undefined)));
    req.end();
    if (leaveMs !== undefined) {
      setTimeout(() => {
        req.destroy();
        resolve(undefined);
      }, leaveMs);
    }
  });
}

/**
 * @param {import('node:http2').ClientHttp2Session} session
 * @param {Asked} asked
 * @param {number | undefined} leaveMs
 * @returns {Promise<Answer | undefined>}
 */
export function sendHttp2(session, { target, headers }, leaveMs) {
  return new Promise((resolve, reject) => {
    const stream = session.request({ ':path': target, ...headers });
    /** @type {Buffer[]} */
    const chunks = [];
    stream.on('data', (chunk) => chunks.push(chunk));
    stream.on('response', (head) => {
      hasHead = true;
      stream.on('end', () => {
        if (stream.rstCode !== 0) resolve(undefined);
        else resolve({ status: Number(head[':status']), headers: head, body: decoded(head, chunks) });
      });
    });
    let hasHead = false;
    // Half an answer is none: the machine was so busy that the client read nothing for the server's timeoutMs.
    stream.on('error', (error) => (leaveMs === undefined && !hasHead ? reject(error) : resolve(undefined)));
    stream.on('close', () => resolve(undefined));
    if (leaveMs !== undefined) setTimeout(() => stream.close(8), leaveMs);
  });
}

/**
 * Pipelines requests and leaves: after a moment without reading, or in the midst of the answers.
 *
 * @param {number} port
 * @param {boolean} isUnread - Whether it asks for large answers and reads none.
 * @returns {Promise<number>} How many requests it has sent.
 */
export async function pipelineAndLeave(port, isUnread) {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  if (isUnread) socket.pause();
  else socket.resume();
  const count = 2 + Math.floor(Math.random() * (isUnread ? 60 : 10));
  const targets = Array.from({ length: count }, () => (isUnread ? LARGE : (pick(META)?.() ?? LARGE)));
  socket.write(targets.map((target) => `GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`).join(''));
  await sleep(Math.random() * (isUnread ? 3_000 : 30));
  socket.destroy();
  return count;
}

/**
 * @param {Answer['headers']} headers
 * @param {readonly Buffer[]} chunks
 */
function decoded({ 'content-encoding': coding }, chunks) {
  const bytes = Buffer.concat(chunks);
  if (bytes.length === 0) return '';
  if (coding === 'br') return brotliDecompressSync(bytes).toString();
  return coding === 'gzip' ? gunzipSync(bytes).toString() : bytes.toString();
}
