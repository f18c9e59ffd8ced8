import { describe, expect, it } from 'vitest';
import { readAnswers } from '../support/fuzz/answers.js';
import { campaign } from '../support/fuzz/campaign.js';
import { frame, readFrames, TYPES } from '../support/fuzz/frames.js';
import { judgeAnswer, type Rules } from '../support/fuzz/judge.js';

// The short form of `npm run fuzz`. It needs the build: the server is a process of its own, so that a crash is seen as one.
describe('hostile clients over http and http2', () => {
  it('get answers in order or none, and the server stays as it was', { timeout: 120_000 }, async () => {
    const { complaints, requests, statuses } = await campaign({ seed: 20_190_815, requests: 4_000 });
    expect(complaints).toEqual([]);
    // A generator that has gone lame would find nothing.
    expect(Object.keys(requests).sort()).toEqual(['http', 'http2', 'http2, raw frames']);
    expect(Object.keys(statuses)).toEqual(
      expect.arrayContaining(['200', '304', '307', '400', '404', '405', '431']),
    );
  });
});

const RULES: Rules = {
  role: 'primary',
  primaryUrl: 'http://127.0.0.1:34601',
  references: new Map([['/version', Buffer.from('{"Version":"1","GitCommit":"x"}\n')]]),
};

const JSON_TYPE = 'application/json; charset=utf-8';

const OK = '{"Version":"1","GitCommit":"x"}\n';

interface Parts {
  readonly line?: string;
  readonly body?: string;
  readonly length?: string;
  readonly type?: string;
  readonly more?: string;
}

/** An answer as it should be, with some of its parts replaced. */
function answer({
  line = 'HTTP/1.1 200 OK',
  body = OK,
  length,
  type = JSON_TYPE,
  more = '',
}: Parts = {}): string {
  const known = length ?? `content-length: ${body.length}\r\n`;
  return `${line}\r\ncontent-type: ${type}\r\n${known}x-content-type-options: nosniff\r\ncache-control: no-cache\r\n${more}Connection: keep-alive\r\n\r\n${body}`;
}

const errorOf = (error: string, message: string) => `${JSON.stringify({ error, message })}\n`;

interface Crafted {
  readonly bytes: string;
  readonly methods?: readonly string[];
  readonly target?: string;
  readonly status?: readonly number[];
  readonly role?: Rules['role'];
}

function judge({
  bytes,
  methods = ['GET'],
  target = '/version',
  status = [200],
  role = 'primary',
}: Crafted): void {
  const answers = readAnswers(Buffer.from(bytes, 'latin1'), methods);
  answers.forEach((one, i) => {
    if (!one.byNode) judgeAnswer(one, { method: methods[i] ?? '', target, status }, { ...RULES, role });
  });
}

const NOT_FOUND = {
  line: 'HTTP/1.1 404 Not Found',
  body: errorOf('ERR_HANDLER_NOT_FOUND', 'service not found'),
};

const REDIRECT = {
  line: 'HTTP/1.1 307 Temporary Redirect',
  type: 'text/plain; charset=utf-8',
  body: '',
};

describe('the judge', () => {
  it.each<[what: string, crafted: Crafted]>([
    ['an answer', { bytes: answer() }],
    ['two of them', { bytes: answer() + answer(), methods: ['GET', 'GET'] }],
    [
      'one to HEAD, and one to GET',
      { bytes: answer({ body: '', length: 'content-length: 32\r\n' }) + answer(), methods: ['HEAD', 'GET'] },
    ],
    ['an error', { bytes: answer(NOT_FOUND), target: '/x', status: [404] }],
    ["Node's own", { bytes: 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n', status: [400] }],
    ['100 Continue before an answer', { bytes: `HTTP/1.1 100 Continue\r\n\r\n${answer()}` }],
    [
      'a redirect',
      {
        bytes: answer({ ...REDIRECT, more: 'location: http://127.0.0.1:34601/meta/app?name=%0D%0A\r\n' }),
        target: '//meta/app/?name=%0d%0a',
        role: 'backup',
      },
    ],
  ])('accepts %s', (_, crafted) => {
    expect(() => judge(crafted)).not.toThrow();
  });

  it.each<[what: string, crafted: Crafted, complaint: RegExp]>([
    ['a split answer', { bytes: answer() + answer() }, /an answer without a request/],
    ['bytes behind the body', { bytes: `${answer()}x` }, /without a request/],
    [
      'a length that is too small',
      { bytes: answer({ length: 'content-length: 5\r\n' }) },
      /without a request/,
    ],
    [
      'a length that is too large',
      { bytes: answer({ length: 'content-length: 99\r\n' }) },
      /ends 67 bytes early/,
    ],
    ['no length', { bytes: answer({ length: '' }) }, /bad content-length/],
    ['a length twice', { bytes: answer({ more: 'content-length: 32\r\n' }) }, /content-length twice/],
    [
      'a length and chunks',
      { bytes: answer({ more: 'transfer-encoding: chunked\r\n' }) },
      /transfer-encoding/,
    ],
    ['a body to HEAD', { bytes: answer(), methods: ['HEAD'] }, /without a request/],
    [
      '100 Continue within an answer',
      { bytes: answer({ body: `HTTP/1.1 100 Continue\r\n\r\n${OK}`, length: 'content-length: 32\r\n' }) },
      /without a request/,
    ],
    ['a bare line feed', { bytes: answer({ more: 'x-a: b\nx-c: d\r\n' }) }, /bad value/],
    ['a NUL in a header', { bytes: answer({ more: 'etag: "\0"\r\n' }) }, /bad value/],
    ['no name of a header', { bytes: answer({ more: ': b\r\n' }) }, /bad header/],
    ['an unknown header', { bytes: answer({ more: 'set-cookie: a=b\r\n' }) }, /an unknown header/],
    ['a status of its own', { bytes: answer({ line: 'HTTP/1.1 299 OK' }) }, /no such status/],
    ['another protocol', { bytes: answer({ line: 'HTTP/1.0 200 OK' }) }, /bad status line/],
    [
      'a 500',
      { bytes: answer({ line: 'HTTP/1.1 500 Internal Server Error', body: errorOf('ERR_UNKNOWN', 'x') }) },
      /500, which is never right/,
    ],
    [
      'a 503 where nothing is busy',
      { bytes: answer({ line: 'HTTP/1.1 503 Service Unavailable', body: errorOf('ERR_BUSY', 'x') }) },
      /503, which is never right/,
    ],
    ['another status than can be', { bytes: answer(NOT_FOUND) }, /404 in the place of 200/],
    [
      'another body than before',
      { bytes: answer({ body: '{"Version":"2","GitCommit":"x"}\n' }) },
      /another answer than before/,
    ],
    ['no JSON', { bytes: answer({ body: '{"a":\n' }), target: '/' }, /JSON/],
    ['two lines of JSON', { bytes: answer({ body: '{}\n{}\n' }), target: '/' }, /one line/],
    ['HTML', { bytes: answer({ body: '<html>', type: 'text/html' }), target: '/' }, /content-type/],
    [
      'a code that does not go with its status',
      { bytes: answer({ ...NOT_FOUND, body: errorOf('ERR_BUSY', 'x') }), status: [404], target: '/x' },
      /404 with ERR_BUSY/,
    ],
    [
      'more than an error says',
      {
        bytes: answer({ ...NOT_FOUND, body: '{"error":"ERR_HANDLER_NOT_FOUND","message":"x","stack":""}\n' }),
        status: [404],
        target: '/x',
      },
      /an error with error,message,stack/,
    ],
    [
      'a stack',
      {
        bytes: answer({
          ...NOT_FOUND,
          body: errorOf('ERR_HANDLER_NOT_FOUND', 'x\n    at f (/app/x.js:1:2)'),
        }),
        status: [404],
        target: '/x',
      },
      /something internal/,
    ],
    [
      'a path of this project',
      {
        bytes: answer({ ...NOT_FOUND, body: errorOf('ERR_HANDLER_NOT_FOUND', '/app/node_modules/x') }),
        status: [404],
        target: '/x',
      },
      /something internal/,
    ],
    [
      'a redirect to elsewhere',
      {
        bytes: answer({ ...REDIRECT, more: 'location: http://evil.example/meta/apps\r\n' }),
        target: '/meta/apps',
        role: 'backup',
      },
      /Location/,
    ],
    [
      'a redirect to another endpoint',
      {
        bytes: answer({ ...REDIRECT, more: 'location: http://127.0.0.1:34601/meta/apps\r\n' }),
        target: '/meta/nodes',
        role: 'backup',
      },
      /Location/,
    ],
    [
      'a redirect with another query',
      {
        bytes: answer({ ...REDIRECT, more: 'location: http://127.0.0.1:34601/meta/apps?detail\r\n' }),
        target: '/meta/apps',
        role: 'backup',
      },
      /query of Location/,
    ],
    [
      'a Location that was decoded',
      {
        bytes: answer({ ...REDIRECT, more: 'location: http://127.0.0.1:34601/meta/app?name=\r\nx: y\r\n' }),
        target: '/meta/app?name=%0d%0ax:%20y',
        role: 'backup',
      },
      /unknown header/,
    ],
    [
      'a redirect without a Location',
      { bytes: answer(REDIRECT), target: '/meta/apps', role: 'backup' },
      /Location/,
    ],
  ])('flags %s', (_, crafted, complaint) => {
    expect(() => judge(crafted)).toThrow(complaint);
  });

  const head = (stream: number, flags = 4) => frame(TYPES.HEADERS, flags, stream, Buffer.of(0x88));
  const data = (stream: number, flags = 1) => frame(TYPES.DATA, flags, stream, Buffer.from('x'));

  it('reads frames', () => {
    const { ended, hasGone } = readFrames(
      Buffer.concat([head(1), data(1), head(3), data(3, 0), data(3)]),
      true,
    );
    expect([...ended]).toEqual([1, 3]);
    expect(hasGone).toBe(false);
  });

  it.each([
    ['two heads on a stream', [head(1), head(1)], /two heads/],
    ['data without a head', [data(1)], /data before a head/],
    ['data behind the end', [head(1), data(1), data(1)], /had ended/],
    ['a frame of a type of its own', [frame(99, 0, 0, Buffer.alloc(0))], /type 99/],
    ['half a frame', [head(1).subarray(0, 9)], /a frame of 1 bytes/],
    ['half a head of a frame', [head(1).subarray(0, 5)], /half a head/],
  ])('flags %s', (_, frames, complaint) => {
    expect(() => readFrames(Buffer.concat(frames), true)).toThrow(complaint);
  });
});
