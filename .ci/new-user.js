// Follows new users: installs the packed package in empty folders, runs README and guides unchanged, and makes each kind of project of
// test/new-user. Prints the time of each.

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const GUIDES = [
  'README.md',
  'README.zh-CN.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
];

/** The maximum size of the package with its dependencies, optional ones included. `MAX_PACKAGES` in supply-chain.js limits their number. */
const MAX_MEGABYTES = 16;

const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

function run(command, args, options = {}) {
  return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], ...options });
}

/** Counts the packages below a node_modules and their bytes. */
function measured(folder) {
  const files = readdirSync(join(folder, 'node_modules'), { recursive: true, withFileTypes: true });
  const packages = new Set();
  let bytes = 0;
  for (const file of files) {
    if (!file.isFile()) continue;
    const path = join(file.parentPath, file.name);
    bytes += readFileSync(path).length;
    const [, name] =
      /(?:^|.*\/)node_modules\/((?:@[^/]+\/)?[^/.][^/]*)\//.exec(`/${relative(folder, path)}`) ?? [];
    if (name !== undefined) packages.add(path.slice(0, path.lastIndexOf(`node_modules/${name}/`)) + name);
  }
  return { packages: packages.size, megabytes: bytes / 1e6 };
}

function install(folder, what) {
  mkdirSync(folder, { recursive: true });
  const since = performance.now();
  run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', ...what], { cwd: folder });
  const { packages, megabytes } = measured(folder);
  const took = seconds(since);
  console.log(
    `new-user: npm install ${what.map((name) => name.replace(/^.*\/(?=[^/]+\.tgz$)/, '')).join(' ')}: ${took}, ${packages} packages, ${megabytes.toFixed(1)} MB`,
  );
  return megabytes;
}

/** What the guides tell their readers to install. */
function named() {
  const lines = GUIDES.flatMap((guide) => [
    ...readFileSync(join(ROOT, guide), 'utf8').matchAll(/^npm install ([^&\n]+)$/gm),
  ]);
  return new Set(lines.flatMap(([, names]) => names.trim().split(/\s+/)));
}

const home = mkdtempSync(join(tmpdir(), 'pegasus-http-new-user-'));
try {
  run('npm', ['pack', '--silent', '--pack-destination', home], { cwd: ROOT });
  const tarball = join(home, readdirSync(home).find((file) => file.endsWith('.tgz')) ?? '');

  install(join(home, 'without'), [tarball, '--omit=optional']);
  const readme = readFileSync(join(home, 'without/node_modules/pegasus-http/README.md'), 'utf8');
  if (/\]\((?!https?:)/.test(readme)) throw new Error('the packed README has a relative link');
  const service = join(home, 'service');
  if (install(service, [tarball]) > MAX_MEGABYTES) throw new Error(`that is more than ${MAX_MEGABYTES} MB`);
  const others = named();
  others.delete('pegasus-http');
  install(service, [...others, '@types/node']);

  const results = join(home, 'results.json');
  const vitest = ['vitest', 'run', '--config', 'test/vitest.config.ts', 'test/docs/guides.test.ts'];
  const env = { ...process.env, GUIDE_MODULES: join(service, 'node_modules'), TEST_RESULTS: results };
  try {
    run('npx', vitest, { cwd: ROOT, env });
  } catch (failed) {
    console.error(failed.stdout);
    throw new Error('a guide does not work as it stands');
  }
  const [{ assertionResults }] = JSON.parse(readFileSync(results, 'utf8')).testResults;
  for (const guide of GUIDES) {
    const blocks = assertionResults.filter(
      ({ ancestorTitles, status, title }) =>
        ancestorTitles.includes(guide) && status === 'passed' && title.startsWith(guide),
    );
    const took = blocks.reduce((sum, { duration }) => sum + duration, 0);
    if (blocks.length > 0)
      console.log(`new-user: ${guide}: ${blocks.length} blocks, ${(took / 1000).toFixed(1)} s`);
  }

  const kinds = ['vitest', 'run', '--config', 'test/new-user/vitest.config.ts'];
  execFileSync('npx', kinds, {
    cwd: ROOT,
    env: { ...process.env, PEGASUS_HTTP_TARBALL: tarball },
    stdio: 'inherit',
  });
} finally {
  rmSync(home, { recursive: true, force: true });
}
