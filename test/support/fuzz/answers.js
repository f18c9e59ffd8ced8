// A strict reader of HTTP/1.1 answers: whatever a lenient client would forgive is an error here.

/**
 * @typedef {object} Answer
 * @property {number} status
 * @property {ReadonlyMap<string, string>} headers - By lower-case name.
 * @property {Buffer} body
 * @property {boolean} byNode - Whether Node's own parser has answered, before any handler.
 */

/** What Node says by itself, without a body. */
const NODES_OWN = new Map([
  [400, 'Bad Request'],
  [408, 'Request Timeout'],
  [413, 'Payload Too Large'],
  [417, 'Expectation Failed'],
  [431, 'Request Header Fields Too Large'],
]);

const REASONS = new Map([
  ...NODES_OWN,
  [200, 'OK'],
  [304, 'Not Modified'],
  [307, 'Temporary Redirect'],
  [401, 'Unauthorized'],
  [403, 'Forbidden'],
  [404, 'Not Found'],
  [405, 'Method Not Allowed'],
  [414, 'URI Too Long'],
  [500, 'Internal Server Error'],
  [503, 'Service Unavailable'],
  [504, 'Gateway Timeout'],
]);

const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n';

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** Field values as this library and Node write them: visible ASCII, no space at either end. */
const VALUE = /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/;

/**
 * Takes apart all that came over one connection.
 *
 * @param {Buffer} bytes
 * @param {readonly string[]} methods - Of the requests, in their order: an answer to HEAD has no body.
 * @param {boolean} isWhole - Whether the last answer must be there to its end.
 * @returns {Answer[]}
 * @throws {Error} that says what is not in order.
 */
export function readAnswers(bytes, methods, isWhole = true) {
  /** @type {Answer[]} */
  const answers = [];
  let at = 0;
  while (at < bytes.length) {
    if (bytes.toString('latin1', at, at + CONTINUE.length) === CONTINUE) {
      at += CONTINUE.length;
      continue;
    }
    const method = methods[answers.length];
    if (method === undefined) throw new Error(`an answer without a request: ${quote(bytes, at)}`);
    const end = bytes.indexOf('\r\n\r\n', at);
    if (end === -1) {
      if (!isWhole && couldBegin(bytes, at)) break;
      throw new Error(`no end of a head: ${quote(bytes, at)}`);
    }
    const { status, headers } = readHead(bytes.toString('latin1', at, end));
    const body = bodyLength(bytes, end + 4, method, status, headers);
    at = end + 4 + body.length;
    if (at > bytes.length) {
      if (!isWhole) break;
      throw new Error(`the body ends ${at - bytes.length} bytes early`);
    }
    answers.push({ status, headers, body: bytes.subarray(end + 4, at), byNode: body.byNode });
    const isLast = headers.get('connection') === 'close';
    if (isLast && at < bytes.length) throw new Error(`bytes after the last answer: ${quote(bytes, at)}`);
  }
  return answers;
}

/**
 * @param {Buffer} bytes
 * @param {number} at
 */
function couldBegin(bytes, at) {
  const start = bytes.toString('latin1', at, at + 9);
  return 'HTTP/1.1 '.startsWith(start) || start === 'HTTP/1.1 ';
}

/** @param {string} head */
function readHead(head) {
  const [statusLine = '', ...lines] = head.split('\r\n');
  const [, code, reason] = /^HTTP\/1\.1 (\d{3}) ([A-Za-z -]+)$/.exec(statusLine) ?? [];
  if (code === undefined || reason === undefined)
    throw new Error(`bad status line: ${JSON.stringify(statusLine)}`);
  const status = Number(code);
  if (REASONS.get(status) !== reason) throw new Error(`no such status: ${code} ${reason}`);
  /** @type {Map<string, string>} */
  const headers = new Map();
  for (const line of lines) {
    const colon = line.indexOf(': ');
    const name = line.slice(0, colon);
    const value = line.slice(colon + 2);
    if (colon < 1 || !TOKEN.test(name)) throw new Error(`bad header: ${JSON.stringify(line)}`);
    if (!VALUE.test(value)) throw new Error(`bad value of a header: ${JSON.stringify(line)}`);
    if (headers.has(name.toLowerCase())) throw new Error(`header ${name} twice`);
    headers.set(name.toLowerCase(), value);
  }
  return { status, headers };
}

/**
 * How long a body is, by its head alone, and whether Node wrote it.
 *
 * @param {Buffer} bytes
 * @param {number} start
 * @param {string} method
 * @param {number} status
 * @param {ReadonlyMap<string, string>} headers
 */
function bodyLength(bytes, start, method, status, headers) {
  const given = headers.get('content-length');
  if (NODES_OWN.has(status) && given === undefined && headers.get('content-type') === undefined) {
    // Either no body at all, or the empty one of `res.writeHead(400); res.end()`.
    const isChunked = headers.get('transfer-encoding') === 'chunked' && method !== 'HEAD';
    if (isChunked && bytes.toString('latin1', start, start + 5) !== '0\r\n\r\n')
      throw new Error('bad chunks');
    return { length: isChunked ? 5 : 0, byNode: true };
  }
  if (headers.has('transfer-encoding')) throw new Error('transfer-encoding where the length is known');
  if (status === 304) {
    if (given !== undefined) throw new Error('304 with a content-length');
    return { length: 0, byNode: false };
  }
  // A HEAD that would have effects is answered without the body, whose length is then unknown.
  if (method === 'HEAD' && status === 200 && given === undefined) return { length: 0, byNode: false };
  if (given === undefined || !/^(0|[1-9]\d*)$/.test(given)) throw new Error(`bad content-length: ${given}`);
  return { length: method === 'HEAD' ? 0 : Number(given), byNode: false };
}

/**
 * @param {Buffer} bytes
 * @param {number} at
 */
function quote(bytes, at) {
  return JSON.stringify(bytes.toString('latin1', at, at + 80));
}
