import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { CallNode } from '../../lib/index.js';
import { temporaryDirectory } from '../support/commands.js';
import { profilerHere } from '../support/profiled.js';

// Recorded outputs of real bundlers for the program in fixtures/bundles/src, which has async functions (and so helpers of the
// compiler, which come from no source file) and two hot lines in `renderPage`.

const FIXTURES = new URL('../fixtures/bundles/', import.meta.url);

interface Bundle {
  readonly madeBy: string;
  readonly entry: string;
  readonly files: Readonly<Record<string, string>>;
}

const BUNDLES = readdirSync(FIXTURES)
  .filter((file) => file.endsWith('.json'))
  .map((file) => JSON.parse(readFileSync(new URL(file, FIXTURES), 'utf8')) as Bundle);

function allNodes(root: CallNode): CallNode[] {
  const nodes = [root];
  for (const node of nodes) nodes.push(...node.children);
  return nodes;
}

async function profileOf({ entry, files }: Bundle): Promise<{ directory: string; nodes: CallNode[] }> {
  const directory = temporaryDirectory();
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    writeFileSync(join(directory, file), text);
  }
  const { run, runLater } = createRequire(import.meta.url)(join(directory, entry));
  const timer = setInterval(() => {
    run({ depth: 17 });
    runLater({ depth: 12 });
  }, 1);
  onTestFinished(() => clearInterval(timer));
  const signal = new AbortController().signal;
  const { root } = await profilerHere({ sourceMaps: true, cpuIntervalMicros: 250 }).cpu(1, { signal });
  return { directory, nodes: allNodes(root) };
}

describe.each(BUNDLES)('a script of $madeBy', (bundle) => {
  const isMinified = /terser|minify|production/.test(bundle.madeBy);

  it('has the positions of its source files', async () => {
    const { directory, nodes } = await profileOf(bundle);
    const hot = nodes.filter(({ url, value }) => url.includes('src/lib/render-page.ts') && value > 0);
    expect(new Set(hot.map(({ line }) => line))).toEqual(new Set([2]));
    expect(nodes.some(({ url, line }) => url.includes('src/lib/compact-log.ts') && line === 3)).toBe(true);
    if (bundle.madeBy.includes('webpack')) expect(hot[0]?.url).toBe('webpack://app/src/lib/render-page.ts');
    else if (bundle.madeBy.includes('sourceRoot')) expect(hot[0]?.url).toBe('file:///src/lib/render-page.ts');
    else expect(hot[0]?.url).toBe(pathToFileURL(join(directory, 'src/lib/render-page.ts')).href);

    // V8 tells lines, so that those of a minified script cannot be told apart.
    const lines = new Set(hot.flatMap((node) => node.lines?.map(({ line }) => line) ?? []));
    if (isMinified) expect(lines.size).toBe(0);
    else expect([...lines]).toEqual(expect.arrayContaining([4, 6]));

    for (const { url, line, column, lines: own = [] } of nodes) {
      expect(url).not.toMatch(/undefined|null/);
      for (const position of [line, column, ...own.map((part) => part.line)]) {
        expect(Number.isSafeInteger(position)).toBe(true);
      }
    }
  });
});
