import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { ROOT } from './support/child.js';

const LIB = `${ROOT}lib/`;
const FILES = (readdirSync(LIB, { recursive: true, encoding: 'utf8' }) as string[])
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => /(?<!\.d)\.ts$/.test(file));

/** What each file imports, types included: files of lib by their paths, packages by their names. */
const IMPORTS = new Map(
  FILES.map((file) => {
    const { importedFiles } = ts.preProcessFile(readFileSync(LIB + file, 'utf8'));
    return [file, importedFiles.map(({ fileName }) => resolved(file, fileName))];
  }),
);

function resolved(file: string, imported: string): string {
  if (!imported.startsWith('.')) return imported;
  return posix.join(posix.dirname(file), imported).replace(/\.js$/, '.ts');
}

interface Room {
  readonly name: string;
  readonly files: readonly string[];
  readonly mayKnow: readonly string[];
  readonly packages: readonly string[];
}

const quoted = (cell: string) => Array.from(cell.matchAll(/`([^`]+)`/g), ([, name = '']) => name);

/** The table of ARCHITECTURE.md. */
const ROOMS: readonly Room[] = readFileSync(`${ROOT}ARCHITECTURE.md`, 'utf8')
  .split('\n| room |')[1]
  ?.split('\n\n')[0]
  ?.split('\n')
  .slice(2)
  .map((line) => {
    const [, name = '', files = '', mayKnow = '', packages = ''] = line.split('|').map((cell) => cell.trim());
    return {
      name,
      files: quoted(files),
      mayKnow: mayKnow === '' ? [] : mayKnow.split(', '),
      packages: quoted(packages),
    };
  }) as readonly Room[];

function roomOf(file: string): Room {
  const room = ROOMS.find(({ files }) =>
    files.some((one) => one === file || (one.endsWith('/') && file.startsWith(one))),
  );
  const found = room ?? (file.includes('/') ? undefined : ROOMS.find(({ name }) => name === 'handling'));
  if (found === undefined) throw new Error(`${file} is in no room of ARCHITECTURE.md`);
  return found;
}

/** A rule of ARCHITECTURE.md that an import breaks; `undefined` when it may stand. */
function offence(file: string, imported: string): string | undefined {
  const room = roomOf(file);
  if (imported.startsWith('node:')) return undefined;
  if (!IMPORTS.has(imported)) {
    if (imported.endsWith('.d.ts') || room.packages.includes(imported)) return undefined;
    return `${file} (${room.name}) must not know the package ${imported}`;
  }
  const other = roomOf(imported);
  if (other === room || room.mayKnow.includes(other.name)) return undefined;
  return `${file} (${room.name}) must not know ${imported} (${other.name})`;
}

describe('who may know whom', () => {
  it('is a table that can be read', () => {
    expect(ROOMS.length).toBeGreaterThan(10);
    const names = ROOMS.map(({ name }) => name);
    for (const { name, mayKnow } of ROOMS) for (const other of mayKnow) expect(names, name).toContain(other);
    for (const { name, files } of ROOMS) {
      for (const one of files) {
        const isThere = FILES.some((file) => (one.endsWith('/') ? file.startsWith(one) : file === one));
        if (name !== 'handling') expect(isThere, `${name}: ${one}`).toBe(true);
      }
    }
  });

  it.each(FILES)('lib/%s', (file) => {
    const offences = IMPORTS.get(file)?.map((imported) => offence(file, imported));
    expect(offences?.filter((one) => one !== undefined)).toEqual([]);
  });

  it.each<[file: string, imported: string]>([
    ['handler.ts', 'prom-client'],
    ['handler.ts', 'express'],
    ['respond.ts', 'sources/memory/memory-cluster.ts'],
    ['routes.ts', 'zookeeper/index.ts'],
    ['endpoints/app.ts', 'handler.ts'],
    ['endpoints/app.ts', 'routes.ts'],
    ['sources/memory/memory-cluster.ts', 'handler.ts'],
    ['sources/process/request-counters.ts', 'endpoints/app.ts'],
    ['zookeeper/zookeeper-cluster.ts', 'endpoints/app.ts'],
    ['text/format.ts', 'errors.ts'],
  ])('would not let %s know %s', (file, imported) => {
    expect(offence(file, imported)).toContain('must not know');
  });

  it('has no cycle', () => {
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
  const { exports } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as {
    exports: Record<string, string>;
  };
  const { entryPoints } = JSON.parse(readFileSync(`${ROOT}typedoc.json`, 'utf8')) as {
    entryPoints: string[];
  };
  const subpaths = Object.keys(exports).filter((subpath) => subpath !== './package.json');

  it.each(subpaths)('%s is the index of the folder of that name', (subpath) => {
    expect(exports[subpath]).toBe(`./${posix.join('dist', subpath, 'index.js')}`);
    expect(entryPoints).toContain(posix.join('lib', subpath, 'index.ts'));
  });
});
