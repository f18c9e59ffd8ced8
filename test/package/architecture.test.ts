import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../support/child.js';

const LIB = `${ROOT}lib/`;
const MAX_LINES = 200;
const { exports: EXPORTS, imports: OWN_IMPORTS } = JSON.parse(
  readFileSync(`${ROOT}package.json`, 'utf8'),
) as {
  exports: Record<string, string>;
  imports: Record<string, { 'module-sync': string }>;
};
const ENTRIES = readdirSync(LIB, { withFileTypes: true });
const FILES = (readdirSync(LIB, { recursive: true, encoding: 'utf8' }) as string[])
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => /(?<!\.d)\.tsx?$/.test(file));

/** The module of `lib` that the build makes a file of `dist` of. */
const moduleOf = (built: string) => built.replace('./dist/', '').replace(/\.js$/, '.ts');

/** The imports of each file, types included: files of lib by path, packages by name. */
const IMPORTS = new Map(
  FILES.map((file) => {
    const text = readFileSync(LIB + file, 'utf8');
    const imported = ts.preProcessFile(text).importedFiles.map(({ fileName }) => fileName);
    const required = Array.from(text.matchAll(/ownRequire\('([^']+)'\)/g), ([, name = '']) => name);
    return [file, [...imported, ...required].map((name) => resolved(file, name))];
  }),
);

function resolved(file: string, imported: string): string {
  if (imported.startsWith('#')) return moduleOf(OWN_IMPORTS[imported]?.['module-sync'] ?? '');
  if (!imported.startsWith('.')) return imported;
  const path = posix.join(posix.dirname(file), imported).replace(/\.js$/, '.ts');
  return FILES.includes(`${path}x`) ? `${path}x` : path;
}

/** A row of the dependency rules in ARCHITECTURE.md. */
interface Row {
  /** `render/`, or a file of its own such as `index.ts`. */
  readonly name: string;
  /** Folders, and files such as `diagnostics/events.ts`. */
  readonly mayImport: readonly string[];
  readonly packages: readonly string[];
}

const quoted = (cell: string) => Array.from(cell.matchAll(/`([^`]+)`/g), ([, name = '']) => name);

const ROWS: readonly Row[] = readFileSync(`${ROOT}ARCHITECTURE.md`, 'utf8')
  .split('\n| folder |')[1]
  ?.split('\n\n')[0]
  ?.split('\n')
  .slice(2)
  .map((line) => {
    const [, name = '', , mayImport = '', packages = ''] = line.split('|');
    return { name: quoted(name)[0] ?? '', mayImport: quoted(mayImport), packages: quoted(packages) };
  }) as readonly Row[];

const covers = (name: string, file: string) => (name.endsWith('/') ? file.startsWith(name) : file === name);

function rowOf(file: string): Row {
  const row = ROWS.find(({ name }) => covers(name, file));
  if (row === undefined) throw new Error(`${file} is in no folder of ARCHITECTURE.md`);
  return row;
}

/** The rule of ARCHITECTURE.md that an import breaks; `undefined` when it is allowed. */
function violation(file: string, imported: string): string | undefined {
  const row = rowOf(file);
  if (imported.startsWith('node:')) return undefined;
  if (!IMPORTS.has(imported)) {
    if (imported.endsWith('.d.ts') || row.packages.includes(imported)) return undefined;
    return `${file} (${row.name}) must not import the package ${imported}`;
  }
  if (rowOf(imported) === row || row.mayImport.some((name) => covers(name, imported))) return undefined;
  return `${file} (${row.name}) must not import ${imported}`;
}

const SUBPATHS = Object.keys(EXPORTS).filter((subpath) => subpath !== './package.json');

/** The folder of lib that a subpath export opens, `sources/zookeeper/`; empty for the root. */
function folderOf(subpath: string): string {
  return `${posix.dirname(moduleOf(EXPORTS[subpath] ?? ''))}/`;
}

describe('the layout of lib', () => {
  it('has no loose file but index.ts', () => {
    const loose = ENTRIES.filter((entry) => entry.isFile()).map(({ name }) => name);
    expect(loose).toEqual(['index.ts']);
  });

  it('is described by ARCHITECTURE.md, folder by folder', () => {
    const names = ENTRIES.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name));
    expect(ROWS.map(({ name }) => name).sort()).toEqual(names.sort());
  });

  it.each(FILES)(`lib/%s has at most ${MAX_LINES} lines`, (file) => {
    expect(readFileSync(LIB + file, 'utf8').split('\n').length - 1).toBeLessThanOrEqual(MAX_LINES);
  });
});

describe('the dependency rules', () => {
  it('allow a folder only what stands above it in the table, so that no import runs upward', () => {
    for (const [i, { name, mayImport }] of ROWS.entries()) {
      const above = ROWS.slice(0, i).map((row) => row.name);
      for (const other of mayImport)
        expect(
          above.some((folder) => covers(folder, other)),
          `${name} -> ${other}`,
        ).toBe(true);
    }
  });

  it('allow nothing that is not used', () => {
    for (const { name, mayImport, packages } of ROWS) {
      const used = FILES.filter((file) => covers(name, file)).flatMap((file) => IMPORTS.get(file) ?? []);
      const unused = mayImport.filter((other) => !used.some((imported) => covers(other, imported)));
      expect(unused, name).toEqual([]);
      expect(
        packages.filter((one) => !used.includes(one)),
        name,
      ).toEqual([]);
    }
  });

  it.each(FILES)('hold for lib/%s', (file) => {
    const violations = IMPORTS.get(file)?.map((imported) => violation(file, imported));
    expect(violations?.filter((one) => one !== undefined)).toEqual([]);
  });

  it.each<[file: string, imported: string]>([
    ['handler/create-handler.ts', 'prom-client'],
    ['handler/create-handler.ts', 'express'],
    ['http/send.ts', 'sources/memory/memory-cluster.ts'],
    ['endpoints/index.ts', 'sources/zookeeper/index.ts'],
    ['endpoints/meta/app.ts', 'handler/create-handler.ts'],
    ['http/body.ts', 'render/format.ts'],
    ['sources/memory/memory-cluster.ts', 'handler/create-handler.ts'],
    ['sources/process/request-counters.ts', 'endpoints/meta/app.ts'],
    ['sources/zookeeper/zookeeper-cluster.ts', 'endpoints/meta/app.ts'],
    ['sources/process/request-counters.ts', 'diagnostics/publish.ts'],
    ['render/format.ts', 'endpoints/meta/app.ts'],
  ])('would not let %s import %s', (file, imported) => {
    expect(violation(file, imported)).toContain('must not import');
  });

  it('let only index.ts of a subpath export be imported from outside its folder', () => {
    const folders = SUBPATHS.map(folderOf).filter((one) => one !== '');
    for (const folder of folders) {
      const importers = FILES.filter((file) => !file.startsWith(folder)).filter((file) => {
        // Code behind a subpath export of its own and the command may use another one; the core must not.
        const isOutsideCore = [...folders, 'command/'].some((other) => file.startsWith(other));
        const mayUse = isOutsideCore ? `${folder}index.ts` : undefined;
        return IMPORTS.get(file)?.some((imported) => imported.startsWith(folder) && imported !== mayUse);
      });
      expect(importers, folder).toEqual([]);
    }
  });

  it('have no cycle', () => {
    const done = new Set<string>();
    const path: string[] = [];
    function visit(file: string): void {
      const start = path.indexOf(file);
      expect(start === -1 ? [] : [...path.slice(start), file]).toEqual([]);
      if (done.has(file)) return;
      path.push(file);
      for (const imported of IMPORTS.get(file) ?? []) visit(imported);
      path.pop();
      done.add(file);
    }
    for (const file of FILES) visit(file);
  });
});

describe('the subpath exports', () => {
  const { entryPoints } = JSON.parse(readFileSync(`${ROOT}typedoc.json`, 'utf8')) as {
    entryPoints: string[];
  };

  it.each(SUBPATHS)('%s is the index of a folder of that name, and documented', (subpath) => {
    const entry = EXPORTS[subpath] ?? '';
    expect(posix.basename(entry)).toBe('index.js');
    if (subpath !== '.') expect(posix.basename(posix.dirname(entry))).toBe(posix.basename(subpath));
    expect(entryPoints).toContain(`lib/${moduleOf(entry)}`);
  });
});
