import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { expect, it } from 'vitest';
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

/** A module of `lib` and what the compiler makes of it. */
const MODULE = /^(?:lib\/(.+(?<!\.d))\.ts|dist\/(.+?)(?:\.d\.ts|\.js)(?:\.map)?)$/;

/** The built page of the console. */
const PAGE = 'dist/console/page/';

it('contains the modules, their sources and the documents about them, and nothing else', () => {
  const others = paths
    .filter((path) => !MODULE.test(path) && !/^lib\/.+\.d\.ts$/.test(path) && !path.startsWith(PAGE))
    .sort();
  const told = others.filter((path) => !/^docs\/[\w-]+\.(md|png)$/.test(path));
  expect(told).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'README.zh-CN.md',
    'SECURITY.md',
    'package.json',
  ]);
  const programs = paths.filter((path) => !path.endsWith('.md'));
  expect(programs.filter((path) => /test|bench|example|fixture/.test(posix.basename(path)))).toEqual([]);
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

it('has of each module the source, the program, the types and their maps', () => {
  const files = new Map<string, string[]>();
  for (const path of paths) {
    const [, source, made] = MODULE.exec(path) ?? [];
    const module = source ?? made;
    if (module !== undefined) files.set(module, [...(files.get(module) ?? []), path]);
  }
  expect(files.size).toBeGreaterThan(100);
  for (const [module, found] of files) {
    const made = ['.d.ts', '.d.ts.map', '.js', '.js.map'].map((ending) => `dist/${module}${ending}`);
    expect(found.sort(), `${module}: npm run build`).toEqual([...made, `lib/${module}.ts`]);
  }
});

it('has maps that lead to the sources beside them, and carry none', () => {
  const maps = paths.filter((path) => path.endsWith('.map'));
  for (const path of maps) {
    const { sources, sourceRoot, sourcesContent, file } = json(path);
    expect({ sourceRoot, sourcesContent, file }, path).toEqual({
      sourceRoot: '',
      sourcesContent: undefined,
      file: posix.basename(path, '.map'),
    });
    expect(sources, path).toHaveLength(1);
    expect(paths, path).toContain(posix.join(posix.dirname(path), sources[0]));
    expect(readFileSync(ROOT + path.slice(0, -4), 'utf8'), path).toContain(
      `//# sourceMappingURL=${posix.basename(path)}`,
    );
  }
});

it('has every entry that it promises', () => {
  const entries: string[] = Object.values(manifest.exports);
  for (const entry of [...entries, manifest.types]) expect(paths).toContain(posix.normalize(entry));
});

it('is small', () => {
  expect(packed.size).toBeLessThan(1_200_000);
  expect(packed.unpackedSize).toBeLessThan(4_000_000);
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
