// Request targets, most of them hostile, each with the statuses that the specification allows for it.

/**
 * @typedef {object} Asked
 * @property {string} target - In Latin-1: a character for a byte.
 * @property {readonly number[]} status - What a primary may answer to a GET.
 */

/** For a target without a defined meaning: any valid response but a 5xx. */
export const ANY = [200, 304, 307, 400, 404, 405, 408, 413, 414];

/** The handler's default, in bytes. */
const LONGEST_TARGET = 8_192;

/** Names that are something in every JavaScript object. */
export const PROTOTYPE_NAMES = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', 'then'];

/** What a fuzzed server must go on answering; a campaign notes the answers before it begins. */
export const VALID = [
  '/',
  '/version',
  '/recentStartTime',
  '/meta/apps',
  '/meta/apps?detail',
  '/meta/app?name=stat',
  '/meta/app?name=temp&detail',
  '/meta/app?detail&name=%E4%B8%AD+%26%3D',
  '/meta/app?name=__proto__&detail',
  '/meta/app_envs?name=temp',
  '/meta/app_envs?name=__proto__',
  '/meta/nodes?detail',
  '/meta/cluster',
  '/perfCounter?name=collector*app.pegasus*app.stat.read_qps%23_all_',
  '/pprof/cmdline',
];

const ENDPOINTS = ['/', '/version', '/recentStartTime', '/meta/app', '/meta/apps', '/meta/app_envs'].concat(
  ['/meta/nodes', '/meta/cluster', '/perfCounter', '/pprof/cmdline', '/pprof/symbol', '/pprof/profile'],
  ['/pprof/heap', '/pprof/growth'],
);

/** Only one profile of a kind is taken at a time, and pipelined requests may ask for two. */
const PROFILES = ['/pprof/profile', '/pprof/heap', '/pprof/growth'];

/** The endpoints that ask for a name, and find none here. */
const NAMED = ['/meta/app', '/meta/app_envs', '/perfCounter'];

const BAD_ESCAPES = [
  '%',
  '%z',
  '%0',
  '%zz',
  '%%',
  '%2',
  '%u0041',
  '%-1',
  '% 1',
  '%c3%28',
  '%ff',
  '%e4%b8',
].concat(
  // Overlong forms, a surrogate, beyond Unicode.
  ['%c0%80', '%c0%af', '%e0%80%af', '%ed%a0%80', '%f4%90%80%80', '%f8%88%80%80%80', '%fe%ff'],
  // The same raw.
  ['\xff', '\xc0\x80', '\xed\xa0\x80', '\xe4\xb8', 'a\x80b'],
);

/** What would split an answer if it came out decoded. */
const SPLITTERS = [
  '%0d%0aSet-Cookie:%20a=b',
  '%0D%0A%0D%0AHTTP/1.1%20200%20OK%0D%0AContent-Length:%200%0D%0A%0D%0A',
  '%0a%0aX',
  '%0dX:%20y',
  '%E5%98%8A%E5%98%8DX:%20y',
  '%00',
  'a%00b',
  '\x85\xe2\x80\xa8'.slice(1),
  '%e2%80%a8',
  '%22}%0a{%22error%22:%22',
  '%3Cscript%3E',
  '%1b[2J',
];

/** @type {readonly ((random: import('./random.js').Random) => Asked)[]} */
const KINDS = [
  valid,
  valid,
  function badEscape(random) {
    const target = `${random.pick(ENDPOINTS)}?${random.pick(['name=', 'detail=', '', 'a=b&c='])}`;
    return { target: target + random.pick(BAD_ESCAPES).replace(' ', ''), status: [400] };
  },
  function splitter(random) {
    const name = random.pick(SPLITTERS);
    if (random.chance(0.7)) return { target: `${random.pick(NAMED)}?name=${name}`, status: [404] };
    if (random.chance(0.5)) return { target: `/meta/apps?${name}=1`, status: [400] };
    return { target: `/meta/cluster?${name}`, status: [200] };
  },
  function splitterInPath(random) {
    return { target: `/meta/${random.pick(SPLITTERS)}`, status: [404] };
  },
  function prototypeName(random) {
    const name = random.pick(PROTOTYPE_NAMES.slice(1));
    return random.pick([
      { target: `${random.pick(NAMED)}?name=${name}`, status: [404] },
      { target: `/meta/apps?${name}=1`, status: [400] },
      { target: `/perfCounter?name=__proto__&${name}`, status: [400] },
      { target: `/version?${name}&__proto__=x`, status: [200] },
      { target: `/${name}`, status: [404] },
      { target: '/meta/__proto__', status: [404] },
      { target: `/meta/app/${name}?name=stat`, status: [404] },
      { target: `/pprof/heap?format=${name}`, status: [400] },
    ]);
  },
  function duplicate(random) {
    const path = random.pick(ENDPOINTS);
    const count = random.chance(0.1) ? 10_000 : 2 + random.int(5);
    const parameter = random.pick(['name=a', 'detail=', 'a=1', '__proto__=1', '%64etail=0', '=']);
    return { target: `${path}?${Array(count).fill(parameter).join('&')}`, status: [400] };
  },
  function manyParameters(random) {
    const count = random.chance(0.1) ? 10_000 : 200;
    const query = Array.from({ length: count }, (_, i) => `p${i.toString(36)}`).join('&');
    return { target: `${random.pick(ENDPOINTS)}?${query}`, status: [400] };
  },
  function emptyParameters(random) {
    const ands = '&'.repeat(random.chance(0.1) ? 10_000 : random.int(50));
    return { target: `/meta/apps?${ands}`, status: [200] };
  },
  function long(random) {
    const length = random.pick([4_000, 8_100, 8_193, 16_000, 60_000]);
    const filler = random.pick(['a', '%41', '/', '%2f', 'a/', '%e4%b8%ad', '.', '\xc3\xa4']);
    const text = filler.repeat(Math.ceil(length / filler.length));
    const target = random.pick([`/meta/app?name=${text}`, `/perfCounter?name=${text}`, `/x${text}`]);
    return { target, status: [404] };
  },
  function missingName(random) {
    const query = random.pick(['', '?', '?name', '?name=', '?NAME=stat', '?%6eame=', '?&&&', '?=stat']);
    return { target: random.pick(NAMED) + query, status: [400] };
  },
  function seconds(random) {
    const bad = ['', '0', '-1', '1e3', '0x10', '99999999999999999999', 'NaN', '1.5', '+1', '%31%00', ' 1'];
    const target = `/pprof/${random.pick(['profile', 'heap'])}?seconds=`;
    if (random.chance(0.3)) return { target: `${target}${1 + random.int(9)}`, status: [200] };
    return { target: target + random.pick(bad).replace(' ', '+'), status: [400] };
  },
  function profiles(random) {
    const format = random.pick(['', '?format=proto', '?format=gperftools']);
    return { target: `/pprof/${random.pick(['profile', 'heap', 'growth'])}${format}`, status: [200] };
  },
  function odd(random) {
    return random.pick(ODD);
  },
  function randomPath(random) {
    const length = 1 + random.int(40);
    return { target: `/~${visible(random, length).replace(/[?#]/g, '')}`, status: [404] };
  },
  function randomQuery(random) {
    const query = visible(random, random.int(60)) + (random.chance(0.3) ? highBytes(random) : '');
    return { target: `${random.pick(ENDPOINTS)}?${query}`, status: [200, 400, 404] };
  },
];

/** @type {readonly Asked[]} */
const ODD = [
  { target: '*', status: [404] },
  { target: '//', status: [200] },
  { target: '/?', status: [200] },
  { target: '/??', status: [200] },
  { target: '///meta///apps///', status: [200] },
  { target: '/meta/apps/', status: [200] },
  { target: '/meta/apps?', status: [200] },
  { target: '/meta/apps??detail', status: [400] },
  { target: '/meta/apps#detail', status: [404] },
  { target: '/meta/apps?detail#x', status: [400] },
  { target: '/META/apps', status: [404] },
  { target: '/meta/Apps', status: [404] },
  { target: '/meta/./apps', status: [404] },
  { target: '/meta/../meta/apps', status: [404] },
  { target: '/..//../etc/passwd', status: [404] },
  { target: '/meta\\apps', status: [404] },
  { target: '/meta%2fapps', status: [404] },
  { target: '/meta/apps%00', status: [404] },
  { target: '/meta/apps%20', status: [404] },
  { target: '/meta/apps%', status: [404] },
  { target: '/meta/%zz', status: [404] },
  { target: '/%c0%ae%c0%ae/', status: [404] },
  { target: '/meta/apps;detail', status: [404] },
  { target: '/meta', status: [404] },
  { target: '/:path', status: [404] },
  { target: 'http://x/meta/apps', status: [200] },
  { target: 'HTTP://x:1/meta/apps?detail', status: [200] },
  { target: 'http://x', status: [200] },
  { target: 'http://x?a', status: [200] },
  { target: 'https://u:p@x/version', status: [200] },
  { target: 'ftp://x/version', status: [404] },
  { target: '//x/meta/apps', status: [404] },
  { target: 'http://x//meta//apps', status: [200] },
];

/**
 * @param {import('./random.js').Random} random
 * @returns {Asked}
 */
export function target(random) {
  return random.pick(KINDS)(random);
}

/**
 * @param {import('./random.js').Random} random
 * @returns {Asked}
 */
export function valid(random) {
  return { target: random.pick(VALID), status: [200] };
}

/**
 * What a server may answer to what a primary answers `status` to.
 *
 * @param {'primary' | 'backup'} role
 * @param {string} method
 * @param {Asked} asked
 */
export function allowedStatus(role, method, { target, status }) {
  if (status === ANY) return ANY;
  if (target.length > LONGEST_TARGET) return [414];
  const path = pathOf(target);
  const isFound = ENDPOINTS.includes(path);
  const isPost = method === 'POST' && path === '/pprof/symbol';
  if (isPost) return [200, 400, 408, 413, 414, 503];
  if (method !== 'GET' && method !== 'HEAD') return [isFound ? 405 : 404];
  if (PROFILES.includes(path) && status.includes(200)) return [...status, 503];
  const isElsewhere = role === 'backup' && path.startsWith('/meta/') && isFound;
  return isElsewhere ? status.map((code) => (code === 400 ? code : 307)) : status;
}

/**
 * Whether a request may find that too many others ask for the same: profiles, and bodies that are read.
 *
 * @param {{ readonly method: string, readonly target: string }} request
 */
export function mayBeBusy({ method, target }) {
  const path = pathOf(target);
  return PROFILES.includes(path) || (method === 'POST' && path === '/pprof/symbol');
}

/**
 * @param {Asked} asked
 * @returns {'yes' | 'no' | 'unknown'}
 */
export function isEndpoint({ target, status }) {
  if (status === ANY) return 'unknown';
  return ENDPOINTS.includes(pathOf(target)) ? 'yes' : 'no';
}

/**
 * The endpoint of a target, as far as it is one.
 *
 * @param {string} target
 */
export function pathOf(target) {
  const [path = ''] = target.replace(/^https?:\/\/[^/?#]*/i, '').split('?');
  return path.replace(/\/{2,}/g, '/').replace(/(.)\/$/, '$1') || '/';
}

/**
 * @param {import('./random.js').Random} random
 * @param {number} length
 */
function visible(random, length) {
  return String.fromCharCode(...Array.from({ length }, () => 0x21 + random.int(0x5e)));
}

/** @param {import('./random.js').Random} random */
function highBytes(random) {
  return String.fromCharCode(...Array.from({ length: 1 + random.int(6) }, () => 0x80 + random.int(0x80)));
}
