import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { READMES, withoutRelativeLinks } from '../../.ci/packed-readme.js';
import { PACKAGE_VERSION } from '../../lib/openapi/version.js';
import { ROOT } from '../support/child.js';

interface Packed {
  readonly name: string;
  readonly version: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

/** What `npm publish` would send, once `npm run build` has run. */
const [packed] = JSON.parse(
  execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }),
) as [Packed];
const paths = packed.files.map(({ path }) => path);
const manifest = json('package.json');

function json(path: string) {
  return JSON.parse(readFileSync(ROOT + path, 'utf8'));
}

/** A program, or the types of a module of `lib`. */
const BUILT = /^dist\/(.+?)(\.d\.ts|\.js)$/;

/** The built page of the console. */
const PAGE = 'dist/console/page/';

it('contains the modules and the documents about them, and nothing else', () => {
  const others = paths.filter((path) => !BUILT.test(path) && !path.startsWith(PAGE)).sort();
  const told = others.filter((path) => !/^docs\/[\w-]+(\.zh-CN)?\.(md|png)$/.test(path));
  expect(told).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'NOTICE',
    'README.md',
    'README.zh-CN.md',
    'SECURITY.md',
    'package.json',
  ]);
  const programs = paths.filter((path) => !path.endsWith('.md'));
  expect(programs.filter((path) => /test|bench|example|fixture/.test(posix.basename(path)))).toEqual([
    'dist/shared/testing.js',
  ]);
});

it.each(READMES)('has %s without a relative link, which a registry page could not resolve', (name) => {
  const packed = withoutRelativeLinks(readFileSync(ROOT + name, 'utf8'));
  expect(packed).not.toMatch(/\]\((?!https?:)/);
  // What was linked is named.
  for (const file of ['docs/mounting.md', 'docs/security.md', 'CHANGELOG.md'])
    expect(packed).toContain(`\`${file}\``);
});

it.each([
  ['[Mounting](docs/mounting.md)', 'Mounting (`docs/mounting.md`)'],
  [
    '[Errors](docs/differences.md#errors), [site](https://x.test/a)',
    'Errors (`docs/differences.md`), [site](https://x.test/a)',
  ],
  ['[`authorize`](docs/security.md)', '`authorize` (`docs/security.md`)'],
  ['[SECURITY.md](SECURITY.md)', '`SECURITY.md`'],
  ['a\n\n![picture](docs/a.png)\n\nb\n', 'a\n\nb\n'],
  ['![badge](https://x.test/a.svg)\n', '![badge](https://x.test/a.svg)\n'],
])('packs %j as %j', (markdown, packed) => {
  expect(withoutRelativeLinks(markdown)).toBe(packed);
});

it('has the page of the console in each encoding, and what it is made of under which licences', () => {
  const page = paths.filter((path) => path.startsWith(PAGE)).map((path) => path.slice(PAGE.length));
  const names: string[] = json(`${PAGE}files.json`);
  expect(names).toContain('index.html');
  expect(page.sort()).toEqual(
    [...names.flatMap((name) => [`${name}.br`, `${name}.gz`]), 'files.json', 'licences.txt'].sort(),
  );
  const licences = readFileSync(`${ROOT}${PAGE}licences.txt`, 'utf8');
  for (const name of ['preact', 'uplot']) expect(licences).toContain(`\n${name} `);
});

it('has the types of each module, the entries and what they share, which lead to no file that is not there', () => {
  const { exports, imports, bin } = manifest;
  const targets = [...Object.values(exports), ...Object.values(bin)] as string[];
  for (const conditions of Object.values(imports) as { 'module-sync': string }[])
    targets.push(conditions['module-sync']);
  const entries = targets.filter((target) => target.endsWith('.js')).map((target) => posix.normalize(target));
  const built = paths.filter((path) => BUILT.test(path) && !path.startsWith(PAGE));
  for (const path of built) {
    const [, module, extension] = BUILT.exec(path) ?? [];
    if (extension === '.d.ts')
      expect(existsSync(`${ROOT}lib/${module}.ts`), `${path}: npm run build`).toBe(true);
    const text = readFileSync(ROOT + path, 'utf8');
    // A tool would look for the map, and warn.
    expect(text, path).not.toMatch(/\n\/\/# sourceMappingURL=/);
    const found = text.matchAll(/(?:from|import) "(\.[^"]+)"/g);
    for (const [, imported = ''] of found) expect(paths).toContain(posix.join(posix.dirname(path), imported));
  }
  const programs = built.filter((path) => path.endsWith('.js'));
  expect(programs.filter((path) => !path.startsWith('dist/shared/')).sort()).toEqual(entries.sort());
  // Each costs a millisecond of the start.
  expect(programs.length).toBeLessThan(25);
  expect(built.length - programs.length).toBeGreaterThan(100);
});

it('has each module of lib in one program only, so that a process has one copy of its state', () => {
  const names = paths
    .filter((path) => BUILT.test(path) && path.endsWith('.js') && !path.startsWith(PAGE))
    .flatMap((path) => readFileSync(ROOT + path, 'utf8').match(/^\/\/ lib\/.+\.ts$/gm) ?? []);
  expect(names.length).toBeGreaterThan(100);
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
});

it('names Apache Pegasus, its licence, and that the foundation has no part in this', () => {
  const notice = readFileSync(`${ROOT}NOTICE`, 'utf8');
  for (const text of [
    'Apache Pegasus',
    'Apache License, Version 2.0',
    'not a project of the Apache Software Foundation',
  ])
    expect(notice).toContain(text);
});

it('is installed in a clone without the compiler, and then not built', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pegasus-http-clone-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const program = join(folder, 'prepare.js');
  copyFileSync(`${ROOT}.ci/prepare.js`, program);
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  const output = execFileSync(process.execPath, [program], { cwd: folder, encoding: 'utf8' });
  expect(output).toContain('dist is not built');
  expect(manifest.scripts.prepare).toBe('node .ci/prepare.js');
});

it('has every entry that it promises', () => {
  const entries: string[] = Object.values(manifest.exports);
  for (const entry of [...entries, manifest.types]) {
    expect(paths).toContain(posix.normalize(entry));
    expect(paths).toContain(posix.normalize(entry).replace(/\.js$/, '.d.ts'));
  }
});

it('is small', () => {
  expect(packed.size).toBeLessThan(900_000);
  expect(packed.unpackedSize).toBeLessThan(2_400_000);
});

it('gives a reason for each dependency', () => {
  const security = readFileSync(`${ROOT}SECURITY.md`, 'utf8');
  const { dependencies, optionalDependencies, peerDependencies } = manifest;
  const names = Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies });
  expect(names.length).toBeGreaterThan(5);
  for (const name of names) expect(security).toContain(`\`${name}\``);
  expect(Object.keys(peerDependencies).sort()).toEqual(Object.keys(manifest.peerDependenciesMeta).sort());
});

it('has one version everywhere', () => {
  expect(json('package-lock.json')).toMatchObject({
    version: manifest.version,
    packages: { '': { version: manifest.version } },
  });
});

it('has one version in package.json and in the OpenAPI document', () => {
  expect(PACKAGE_VERSION).toBe(manifest.version);
});
