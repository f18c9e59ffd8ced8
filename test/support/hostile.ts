/** A hostile request, and the responses that a handler of the onebox may give to it under every mount. */
export interface Hostile {
  readonly name: string;
  /** @defaultValue GET */
  readonly method?: string;
  /** Below the mount's prefix, in Latin-1; takes the whole place where it is no path. */
  readonly target: string | ((prefix: string) => string);
  /** By lower-case name. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** What a primary may answer; 0: the connection is closed without a word. */
  readonly status: readonly number[];
  /** What a backup says instead, where it redirects: the query of its Location. */
  readonly redirected?: string;
}

/** What no client of Node lets out: heads as they are, `TARGET` standing for one that is right. */
export interface HostileBytes {
  readonly name: string;
  readonly bytes: string;
  readonly status: readonly number[];
}

const REFUSED = [0, 400];

const named = (name: string) => ({ target: `/meta/app?name=${name}`, redirected: `?name=${name}` });

export const HOSTILE: readonly Hostile[] = [
  { name: 'a bad escape', target: '/meta/app?name=%zz', status: [400] },
  { name: 'a cut escape', target: '/meta/apps?detail=%e4%b8%a', status: [400] },
  { name: 'an overlong slash', target: '/meta/app?name=%c0%af', status: [400] },
  { name: 'half of a surrogate pair', target: '/meta/app?name=%ed%a0%80', status: [400] },
  { name: 'a bad escape where parameters are ignored', target: '/version?x=%', status: [400] },
  { name: 'a bad escape in the path', target: '/meta/%zz', status: [400, 404] },
  { name: 'an overlong dot in the path', target: '/%c0%ae%c0%ae/', status: [400, 404] },
  { name: 'an escaped line end', ...named('%0d%0aSet-Cookie:%20a=b'), status: [404] },
  { name: 'an escaped answer', ...named('%0D%0A%0D%0AHTTP/1.1%20200%20OK'), status: [404] },
  { name: 'a line end of Unicode', ...named('%E5%98%8A%E5%98%8DX:%20y'), status: [404] },
  { name: 'a NUL', ...named('a%00b'), status: [404] },
  { name: 'markup', ...named('%3Cscript%3E%22'), status: [404] },
  { name: 'an escaped line end as a parameter', target: '/meta/apps?%0d%0aX=1', status: [400] },
  { name: '__proto__ for a table', ...named('__proto__'), status: [404] },
  { name: 'constructor for a table', ...named('constructor'), status: [404] },
  { name: 'toString for a counter', target: '/perfCounter?name=toString', status: [404] },
  { name: '__proto__ for a parameter', target: '/meta/apps?__proto__=1', status: [400] },
  { name: '__proto__ for a parameter that is ignored', target: '/version?__proto__[a]=1', status: [200] },
  { name: '__proto__ for a path', target: '/meta/__proto__', status: [404] },
  { name: 'constructor behind an endpoint', target: '/meta/app/constructor?name=stat', status: [404] },
  { name: 'a parameter twice', target: '/meta/app?name=stat&name=temp', status: [400] },
  { name: 'a parameter twice, escaped once', target: '/meta/apps?detail&%64etail=', status: [400] },
  { name: 'a flag twice, escaped once', target: '/meta/apps?detail&%64etail', status: [200] },
  { name: 'a hundred and one parameters', target: `/version?${range(101)}`, status: [400] },
  { name: 'more parameters than a target holds', target: `/version?${'a&'.repeat(4_500)}`, status: [414] },
  { name: 'a name beyond the longest target', target: `/meta/app?name=${'a'.repeat(9_000)}`, status: [414] },
  { name: 'a long name', ...named('a'.repeat(4_000)), status: [404] },
  { name: 'an upper-case path', target: '/META/apps', status: [404] },
  { name: 'dots in the path', target: '/meta/./apps', status: [404] },
  { name: 'dots that lead back', target: '/x/../meta/apps', status: [404] },
  { name: 'escaped slashes', target: '/meta%2fapps', status: [404] },
  { name: 'a path with a host', target: (prefix) => `//evil.example${prefix}/meta/apps`, status: [404] },
  { name: 'the absolute form', target: (prefix) => `http://x${prefix}/version`, status: [0, 200, 404] },
  { name: 'the absolute form of another scheme', target: 'ftp://x/version', status: [0, 400, 404] },
  { name: 'an asterisk', method: 'OPTIONS', target: () => '*', status: [0, 200, 204, 400, 404, 405] },
  { name: 'DELETE', method: 'DELETE', target: '/meta/apps', status: [405] },
  { name: 'TRACE', method: 'TRACE', target: '/meta/apps', status: [0, 400, 404, 405] },
  // fastify refuses a body of no type by itself.
  {
    name: 'a body',
    method: 'POST',
    target: '/meta/app?name=stat',
    body: 'GET / HTTP/1.1',
    status: [405, 415],
  },
  {
    name: 'an endless list of codings',
    target: '/version',
    headers: { 'accept-encoding': 'gzip;q=0.1,'.repeat(400) },
    status: [200],
  },
  {
    name: 'no coding at all',
    target: '/version',
    headers: { 'accept-encoding': 'identity;q=0, *;q=0' },
    status: [200],
  },
  {
    name: 'an endless list of validators',
    target: '/version',
    headers: { 'if-none-match': '"a",'.repeat(900) },
    status: [200],
  },
  { name: 'a validator that is none', target: '/version', headers: { 'if-none-match': 'W/' }, status: [200] },
  {
    name: '__proto__ for a header',
    target: '/version',
    headers: { __proto__x: 'a', constructor: 'b' },
    status: [200],
  },
  {
    name: 'a forwarded host',
    ...named('stat'),
    headers: { 'x-forwarded-host': 'evil.example' },
    status: [200],
  },
];

const head = (lines: string) => `GET TARGET HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${lines}\r\n`;

export const HOSTILE_BYTES: readonly HostileBytes[] = [
  { name: 'a NUL in the target', bytes: head('').replace('TARGET', 'TARGET\0'), status: REFUSED },
  { name: 'a space in the target', bytes: head('').replace('TARGET', 'TARGET x'), status: REFUSED },
  { name: 'a bare CR in the target', bytes: head('').replace('TARGET', 'TARGET\r'), status: REFUSED },
  { name: 'a raw byte in the target', bytes: head('').replace('TARGET', 'TARGET?\xff'), status: REFUSED },
  { name: 'no target', bytes: head('').replace('TARGET ', ''), status: REFUSED },
  { name: 'a made-up method', bytes: head('').replace('GET', 'GETS'), status: REFUSED },
  { name: 'a method in lower case', bytes: head('').replace('GET', 'get'), status: REFUSED },
  { name: 'CONNECT', bytes: head('').replace('GET TARGET', 'CONNECT a:1'), status: REFUSED },
  { name: 'another version', bytes: head('').replace('HTTP/1.1', 'HTTP/9.9'), status: REFUSED },
  { name: 'the preface of HTTP/2', bytes: 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', status: REFUSED },
  { name: 'a TLS hello', bytes: '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n', status: REFUSED },
  { name: 'a NUL in a header', bytes: head('X: a\0b\r\n'), status: REFUSED },
  { name: 'a folded header', bytes: head('X: a\r\n b\r\n'), status: [...REFUSED, 200] },
  { name: 'a header without a name', bytes: head(': a\r\n'), status: REFUSED },
  {
    name: 'a length and chunks',
    bytes: head('Content-Length: 4\r\nTransfer-Encoding: chunked\r\n'),
    status: REFUSED,
  },
  { name: 'two lengths', bytes: head('Content-Length: 4\r\nContent-Length: 5\r\n'), status: REFUSED },
  { name: 'a negative length', bytes: head('Content-Length: -1\r\n'), status: REFUSED },
  {
    name: 'a head beyond all bounds',
    bytes: head(`X: ${'a'.repeat(40_000)}\r\n`),
    status: [...REFUSED, 431],
  },
  { name: 'an upgrade', bytes: head('').replace('close', 'Upgrade, close\r\nUpgrade: h2c'), status: [200] },
  { name: 'an expectation', bytes: head('Expect: a-miracle\r\n'), status: [417] },
];

function range(count: number): string {
  return Array.from({ length: count }, (_, i) => `p${i}`).join('&');
}
