import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../support/child.js';

const { entryPoints } = JSON.parse(readFileSync(`${ROOT}typedoc.json`, 'utf8')) as { entryPoints: string[] };

const program = ts.createProgram(
  entryPoints.map((file) => ROOT + file),
  { module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2023, types: ['node'], noEmit: true },
);
const checker = program.getTypeChecker();

/** Every exported function and class with its entry point, as a user finds it. */
const CALLABLES = entryPoints.flatMap((file) => {
  const module = program.getSourceFile(ROOT + file);
  const symbol = module && checker.getSymbolAtLocation(module);
  return (symbol === undefined ? [] : checker.getExportsOfModule(symbol))
    .map((exported) =>
      exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported,
    )
    .filter(({ flags }) => flags & (ts.SymbolFlags.Function | ts.SymbolFlags.Class))
    .map((exported) => ({ file, name: exported.name, tags: exported.getJsDocTags(checker) }));
});

describe('the reference', () => {
  it('knows every subpath', () => {
    expect(new Set(CALLABLES.map(({ file }) => file)).size).toBe(entryPoints.length);
  });

  it.each(CALLABLES)('$file: $name has an example', ({ tags }) => {
    expect(tags.map(({ name }) => name)).toContain('example');
  });
});
