import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it, onTestFinished } from 'vitest';
import { displayName } from '../../lib/pprof/function-names.js';
import { flattenCallTree } from '../../lib/pprof/stacks.js';
import { temporaryDirectory } from '../support/commands.js';
import { profilerHere } from '../support/profiled.js';

const CALL = { signal: new AbortController().signal };

describe('source maps', () => {
  it.each(['beside the script', 'in the script', 'not to be read', 'none'])('%s', async (kind) => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, 'dist'));
    const source = `interface Nothing {}

export function typedWork(depth: number): number {
  return depth < 2 ? depth : typedWork(depth - 1) + typedWork(depth - 2);
}
`;
    const { outputText, sourceMapText = '' } = ts.transpileModule(source, {
      fileName: '../src/typed-work.ts',
      compilerOptions: {
        module: ts.ModuleKind.CommonJS,
        target: ts.ScriptTarget.ES2022,
        sourceMap: kind !== 'in the script' && kind !== 'none',
        inlineSourceMap: kind === 'in the script',
      },
    });
    const script = join(directory, 'dist', 'typed-work.js');
    writeFileSync(script, outputText);
    const map = JSON.parse(sourceMapText || '{}');
    map.sources = ['../src/typed-work.ts'];
    writeFileSync(`${script}.map`, kind === 'not to be read' ? '{' : JSON.stringify(map));
    if (kind === 'in the script') {
      const inline = Buffer.from(outputText.split('base64,')[1] ?? '', 'base64').toString();
      const moved = JSON.stringify({ ...JSON.parse(inline), sources: map.sources });
      writeFileSync(
        script,
        outputText.replace(/base64,.*/, `base64,${Buffer.from(moved).toString('base64')}`),
      );
    }
    const { typedWork } = createRequire(import.meta.url)(script);

    const timer = setInterval(() => typedWork(29), 10);
    onTestFinished(() => clearInterval(timer));
    const profile = await profilerHere({ sourceMaps: true }).cpu(1, CALL);
    const found = flattenCallTree(profile).find(({ functions }) => functions[0]?.name === 'typedWork')
      ?.functions[0];
    const mapped = kind === 'beside the script' || kind === 'in the script';
    expect(found && displayName(found)).toBe(
      mapped ? `typedWork ${directory}/src/typed-work.ts:3` : `typedWork ${script}:4`,
    );
  });
});
