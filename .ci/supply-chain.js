// Checks that the lock file installs only what is allowed. Run it after `npm ci`.
//
//   node .ci/supply-chain.js              checks this project
//   node .ci/supply-chain.js --self-test  breaks each rule once, in memory, and checks that it is found

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Licences that allow use and distribution together with a work under Apache-2.0. */
const LICENCES = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'ISC',
  'MIT',
  'Python-2.0',
  'Zlib',
]);

/** Other licences, by package, with the reason. None of these packages reaches a user of this library. */
const EXCEPTIONS = {
  'MPL-2.0': {
    packages: /^(lightningcss(-|$)|axe-core$)/,
    why: 'Vite, below vitest, brings lightningcss; axe-core tests the page of the console. Both are tools of the tests, unchanged, and in no package of ours.',
  },
};

/** Maximum numbers of packages that a user gets: required ones, and optional ones. */
const MAX_PACKAGES = { needed: 12, optional: 41 };

/** The packages that may run code when they are installed; SECURITY.md gives the reasons. CI runs no other script. */
const { allowScripts = {} } = readJson('package.json');

function readJson(path) {
  return JSON.parse(readFileSync(join(ROOT, path), 'utf8'));
}

/** Returns the package of a path: `@b/c` for `node_modules/a/node_modules/@b/c`. An alias has its name in the entry. */
const nameOf = (path, entry) => entry.name ?? path.slice(path.lastIndexOf('node_modules/') + 13);

/** Checks an SPDX expression. `OR` needs one allowed side, `AND` needs all. */
function permitted(expression, allowed = LICENCES) {
  const text = expression.trim().replace(/^\((.*)\)$/, '$1');
  if (text.includes('(')) return false;
  return text.split(' OR ').some((side) => side.split(' AND ').every((id) => allowed.has(id.trim())));
}

/** Returns the mistakes in a lock file, one a line. */
function wrongWith(lock, { scripts, security, licenceOnDisk, most = MAX_PACKAGES }) {
  const wrong = [];
  const entries = Object.entries(lock.packages).filter(([path]) => path !== '');
  if (lock.lockfileVersion !== 3) wrong.push(`the lock file has version ${lock.lockfileVersion}, not 3`);

  const withScripts = new Set();
  for (const [path, entry] of entries) {
    const name = nameOf(path, entry);
    const called = `${name} ${entry.version}`;
    if (!path.startsWith('node_modules/') || entry.link) wrong.push(`${path} is not from a registry`);
    if (!/^sha512-[A-Za-z0-9+/]{86}==$/.test(entry.integrity ?? ''))
      wrong.push(`${called} has no sha512 integrity`);
    if (entry.resolved !== undefined) wrong.push(`${called} is bound to ${entry.resolved}`);
    const { license = licenceOnDisk(path) } = entry;
    if (license === undefined) wrong.push(`${called} names no licence`);
    else if (!permitted(license) && !(entry.dev && EXCEPTIONS[license]?.packages.test(name)))
      wrong.push(`${called} is under ${license}, which is not on the list`);
    if (entry.hasInstallScript) withScripts.add(name);
  }

  for (const name of withScripts) {
    if (scripts[name] === undefined)
      wrong.push(`${name} runs a script when installed: decide in allowScripts`);
    if (!security.includes(`| \`${name}\` |`))
      wrong.push(`SECURITY.md does not say why ${name} may or may not run its script`);
  }
  for (const name of Object.keys(scripts))
    if (!withScripts.has(name)) wrong.push(`allowScripts names ${name}, which runs none`);

  const text = JSON.stringify(lock);
  const [source] = /git\+|git@|github:|file:|https?:\/\/[^"]*\.tgz/.exec(text) ?? [];
  if (source !== undefined) wrong.push(`the lock file names a source beside the registry: ${source}`);

  const { needed, optional } = countProduction(lock);
  if (needed > most.needed) wrong.push(`a user gets ${needed} packages, and ${most.needed} is the most`);
  if (optional > most.optional)
    wrong.push(`a user gets ${optional} optional packages, and ${most.optional} is the most`);
  return wrong;
}

/** The packages that `npm install pegasus-http` brings. */
function countProduction(lock) {
  const production = Object.entries(lock.packages).filter(([path, { dev, peer }]) => path && !dev && !peer);
  const optional = production.filter(([, entry]) => entry.optional || entry.devOptional).length;
  return { needed: production.length - optional, optional };
}

/** npm writes no licence of what it could not read one of. */
function licenceOnDisk(path) {
  const file = join(path, 'package.json');
  if (!existsSync(join(ROOT, file))) return undefined;
  const { license, licenses } = readJson(file);
  return license?.type ?? license ?? licenses?.map(({ type }) => type).join(' OR ');
}

function selfTest(lock, facts) {
  const first = 'node_modules/negotiator';
  const breaks = {
    'an old lock file': (it) => {
      it.lockfileVersion = 1;
    },
    'no integrity': (it) => {
      delete it.packages[first].integrity;
    },
    'a weak integrity': (it) => {
      it.packages[first].integrity = 'sha1-AAAA';
    },
    'a bound address': (it) => {
      it.packages[first].resolved = 'https://example.org/negotiator.tgz';
    },
    'a git source': (it) => {
      it.packages[first].version = 'git+ssh://git@example.org/negotiator';
    },
    'a link': (it) => {
      it.packages['../negotiator'] = { link: true };
    },
    'a foreign licence': (it) => {
      it.packages[first].license = 'GPL-3.0-only';
    },
    'a licence with a foreign part': (it) => {
      it.packages[first].license = 'MIT AND GPL-3.0-only';
    },
    'an exception in production': (it) => {
      it.packages[first].license = 'MPL-2.0';
    },
    'a new script': (it) => {
      it.packages[first].hasInstallScript = true;
    },
    'a script that went': (it) => {
      delete it.packages['node_modules/pprof'].hasInstallScript;
    },
    'one package too many': (it) => {
      it.packages['node_modules/one-more'] = { ...it.packages[first] };
    },
    'one optional package too many': (it) => {
      it.packages['node_modules/one-more'] = { ...it.packages[first], optional: true };
    },
  };
  let missed = 0;
  for (const [what, breakIt] of Object.entries(breaks)) {
    const broken = structuredClone(lock);
    breakIt(broken);
    const found = wrongWith(broken, facts);
    if (found.length === 0) missed++;
    console.log(`${found.length === 0 ? 'MISSED' : 'found '} ${what}: ${found.join('; ')}`);
  }
  const silent = wrongWith(lock, { ...facts, security: '' });
  if (silent.length === 0) missed++;
  console.log(`${silent.length === 0 ? 'MISSED' : 'found '} no reasons written: ${silent.join('; ')}`);
  return missed;
}

const lock = readJson('package-lock.json');
const facts = {
  scripts: allowScripts,
  security: readFileSync(join(ROOT, 'SECURITY.md'), 'utf8'),
  licenceOnDisk,
};
const wrong = wrongWith(lock, facts);
for (const line of wrong) console.error(`supply-chain: ${line}`);
const missed = process.argv.includes('--self-test') ? selfTest(lock, facts) : 0;
const { needed, optional } = countProduction(lock);
const all = Object.keys(lock.packages).length - 1;
console.log(
  `supply-chain: ${needed} packages in production, ${optional} optional; ${all} with the tools of development`,
);
process.exitCode = wrong.length + missed === 0 ? 0 : 1;
