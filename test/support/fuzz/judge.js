// Checks that every response must pass, for every client and protocol.
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { ANY, allowedStatus, isEndpoint, mayBeBusy, pathOf } from './targets.js';

/**
 * @typedef {object} Request - One request as it was meant.
 * @property {string} method
 * @property {string} target
 * @property {readonly number[]} status - See {@link import('./targets.js').Asked}.
 * @property {boolean} [isConditional] - Whether a 304 may come for a 200.
 * @property {boolean} [hasToken] - Whether it may pass the guard.
 * @property {boolean} [isKnownHost] - Whether its host is in `allowedHosts`; `undefined` when that cannot be told.
 */

/**
 * @typedef {object} Judged - What an answer is judged by.
 * @property {number} status
 * @property {ReadonlyMap<string, string>} headers
 * @property {Buffer} body
 */

/**
 * @typedef {object} Rules - What is known of the server.
 * @property {'primary' | 'backup' | 'guarded' | 'local'} role
 * @property {string} primaryUrl
 * @property {ReadonlyMap<string, Buffer>} references - What it answered before, by target.
 */

const HEADERS = new Set(
  ['content-type', 'content-length', 'cache-control', 'etag', 'vary', 'content-encoding'].concat(
    ['location', 'retry-after', 'allow', 'x-go-pprof', 'x-content-type-options', 'www-authenticate', 'age'],
    ['date', 'connection', 'keep-alive'],
  ),
);

const JSON_TYPE = 'application/json; charset=utf-8';

const TYPES = [JSON_TYPE, 'text/plain; charset=utf-8', 'application/octet-stream'];

/** The statuses of each code that a fuzzed server, whose sources never fail, may answer. */
const CODES = new Map([
  ['ERR_INVALID_PARAMETERS', [400, 413, 414]],
  ['ERR_HANDLER_NOT_FOUND', [404, 405]],
  ['ERR_OBJECT_NOT_FOUND', [404]],
  ['ERR_BUSY', [503]],
  ['ERR_UNAUTHENTICATED', [401]],
  ['ERR_ACL_DENY', [403]],
  ['ERR_TIMEOUT', [408]],
]);

/** What a client without a token may be told of what is an endpoint, is none, or cannot be told apart. */
const DENIALS = { yes: [401, 403], no: [404, 414], unknown: [401, 403, 404, 414] };

/** The same under a host that is not in `allowedHosts`. */
const HOST_DENIALS = { yes: [403], no: [404, 414], unknown: [403, 404, 414] };

/** What could only come from inside. */
const INTERNAL =
  /node_modules|node:internal|file:\/\/\/|\bat [^\n]*:\d+:\d+|[/\\](dist|lib)[/\\][\w-]+\.[jt]s|Error:/;

/**
 * @param {Judged} answer
 * @param {Request} request
 * @param {Rules} rules
 * @throws {Error} that says what is not as it must be.
 */
export function judgeAnswer(answer, request, rules) {
  const { status, headers } = answer;
  for (const name of headers.keys()) must(HEADERS.has(name), `an unknown header: ${name}`);
  judgeStatus(status, request, rules);
  must(isWithout(status, headers, 'location', [307]), 'a Location that belongs to no redirect');
  must(isWithout(status, headers, 'allow', [405]), 'an Allow that belongs to no 405');
  must(isWithout(status, headers, 'retry-after', [503]), 'a Retry-After that belongs to no 503');
  must(isWithout(status, headers, 'www-authenticate', [401]), 'a WWW-Authenticate that belongs to no 401');
  must(headers.get('x-content-type-options') === 'nosniff', 'a type that a browser may guess');
  const isStored = headers.has('etag') || headers.get('cache-control') !== 'no-store';
  must(rules.role !== 'guarded' || !isStored, 'a guarded answer that may be stored');
  const text = readBody(answer, request);
  if (status === 307) judgeLocation(headers.get('location') ?? '', request, rules);
  if (request.method !== 'HEAD' && status !== 304 && status !== 307) judgeContent(answer, text);
  if (status === 200 && request.method === 'GET') {
    const reference = rules.references.get(request.target);
    must(reference === undefined || reference.equals(text), 'another answer than before');
  }
}

/** @param {Request} request */
function decodedPath({ target }) {
  try {
    return decodeURIComponent(target.split('?')[0] ?? '');
  } catch {
    return '';
  }
}

/**
 * @param {number} status
 * @param {Request} request
 * @param {Rules} rules
 */
function judgeStatus(status, request, { role }) {
  const isBusy = status === 503 && mayBeBusy(request);
  must(status < 500 || isBusy, `${status}, which is never right`);
  if (role === 'guarded' && request.hasToken !== true) {
    must(DENIALS[isEndpoint(request)].includes(status), `${status} without a token`);
    return;
  }
  // Whose bytes were flipped may have lost the host.
  if (role === 'local' && (request.isKnownHost !== true || request.status === ANY)) {
    const isDeniedHost = HOST_DENIALS[isEndpoint(request)].includes(status);
    must(
      isDeniedHost || request.isKnownHost === undefined || request.status === ANY,
      `${status} under a strange host`,
    );
    if (isDeniedHost) return;
  }
  const allowed = allowedStatus(role === 'backup' ? role : 'primary', request.method, request);
  // A HEAD that would have effects does not look whether there is such a counter.
  const isSkipped =
    status === 200 &&
    request.method === 'HEAD' &&
    /perfCounter/i.test(decodedPath(request)) &&
    allowed.includes(404);
  const isFresh = status === 304 && request.isConditional === true && allowed.includes(200);
  // Whose bytes were flipped may have lost the token.
  const isDenied = role === 'guarded' && request.status === ANY && DENIALS.unknown.includes(status);
  must(
    isFresh || isSkipped || isDenied || allowed.includes(status),
    `${status} in the place of ${allowed.join(' or ')}`,
  );
}

/**
 * @param {number} status
 * @param {ReadonlyMap<string, string>} headers
 * @param {string} name
 * @param {readonly number[]} statuses - That must have it; all others must not.
 */
function isWithout(status, headers, name, statuses) {
  return headers.has(name) === statuses.includes(status);
}

/**
 * @param {Judged} answer
 * @param {Request} request
 */
function readBody({ status, headers, body }, { method }) {
  const length = headers.get('content-length');
  if (status === 304 || method === 'HEAD')
    must(body.length === 0, `a body of ${body.length} bytes with ${method}`);
  else must(Number(length) === body.length, `content-length ${length}, but ${body.length} bytes`);
  const coding = headers.get('content-encoding');
  if (coding === undefined || body.length === 0) return body;
  must(coding === 'br' || coding === 'gzip', `a coding of its own: ${coding}`);
  return coding === 'br' ? brotliDecompressSync(body) : gunzipSync(body);
}

/**
 * @param {string} location
 * @param {Request} request
 * @param {Rules} rules
 */
function judgeLocation(location, { target, status }, { primaryUrl }) {
  if (status === ANY) {
    must(/^\/meta\/[a-z_]+(\?[\x21-\x7e]+)?$/.test(location.replace(primaryUrl, '')), `Location ${location}`);
    return;
  }
  const mark = target.indexOf('?');
  const path = pathOf(target);
  // Nothing of the request enters it but the known path and the query, whose bytes are as they came or escaped.
  must(location.split('?')[0] === primaryUrl + path, `Location ${location.slice(0, 200)}`);
  const query = location.slice(primaryUrl.length + path.length);
  must(/^(\?[\x21-\x7e]+)?$/.test(query) && !query.includes('#'), `Location ${location.slice(0, 200)}`);
  const asked = mark === -1 ? '' : target.slice(mark);
  must(
    query === '' ? asked.length <= 1 : sameBytes(query, asked),
    `the query of Location ${location.slice(0, 200)}`,
  );
}

/**
 * @param {string} escaped
 * @param {string} raw
 */
function sameBytes(escaped, raw) {
  // What the client had escaped stays as it was; what it had not may be escaped now.
  const expected = raw.replace(
    /[^\x21-\x7e]|#/g,
    (byte) => `%${byte.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
  return escaped.toLowerCase() === expected.toLowerCase();
}

/**
 * @param {Judged} answer
 * @param {Buffer} content
 */
function judgeContent({ status, headers }, content) {
  const type = headers.get('content-type') ?? '';
  must(TYPES.includes(type), `content-type ${type}`);
  if (type === 'application/octet-stream') return;
  const text = content.toString();
  must(!INTERNAL.test(text), `something internal: ${JSON.stringify(text.slice(0, 200))}`);
  if (type !== JSON_TYPE) return;
  must(/[^\n]\n$/.test(text) && text.indexOf('\n') === text.length - 1, 'JSON must be one line');
  /** @type {Record<string, unknown>} */
  const json = JSON.parse(text);
  if (status < 400) return;
  must(Object.keys(json).join() === 'error,message', `an error with ${Object.keys(json).join()}`);
  const codes = CODES.get(String(json.error));
  must(codes?.includes(status) === true, `${status} with ${json.error}`);
  must(typeof json.message === 'string' && json.message !== '', 'an error without a message');
}

/**
 * @param {boolean} condition
 * @param {string} complaint
 */
function must(condition, complaint) {
  if (!condition) throw new Error(complaint);
}
