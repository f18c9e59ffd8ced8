import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { consumer, run } from '../support/consumer.js';
import { ANSWERED, SERVICE } from '../support/every-entry.js';
import { type Tools, toolsOf } from '../support/tools.js';

const TOOLS = [
  'esbuild@0.28',
  'rollup@4',
  '@rollup/plugin-commonjs',
  '@rollup/plugin-node-resolve',
  '@rollup/plugin-json',
  'prom-client@15',
  'node-zookeeper-client@1',
];

let folder: string;
let write: Tools['write'];
let tool: Tools['tool'];

beforeAll(async () => {
  // Not without optional packages: the binaries of the tools are some, of each platform.
  folder = await consumer(TOOLS, { optional: true });
  ({ write, tool } = toolsOf(folder));
});

describe('a bundle of esbuild and rollup', () => {
  const runs = async (file: string) => {
    const { stdout } = await run(process.execPath, [join(folder, file)], { cwd: folder });
    expect(stdout).toBe(ANSWERED);
  };

  beforeAll(() => write('service.mjs', SERVICE));

  it.each([
    [
      'esm',
      'mjs',
      [
        "--banner:js=import { createRequire as from } from 'node:module'; const require = from(import.meta.url);",
      ],
    ],
    ['cjs', 'cjs', []],
  ])('of esbuild, %s', async (format, extension, banner) => {
    const external = ['prom-client', 'node-zookeeper-client'].map((name) => `--external:${name}`);
    const outfile = `out/esbuild.${extension}`;
    const options = [
      '--bundle',
      '--platform=node',
      `--format=${format}`,
      `--outfile=${outfile}`,
      ...external,
      ...banner,
    ];
    await tool('esbuild/bin/esbuild', ['service.mjs', '--log-level=error', ...options]);
    await runs(outfile);
  });

  it('of rollup, ESM and CommonJS', async () => {
    const config = await write(
      'rollup.config.mjs',
      `import commonjs from '@rollup/plugin-commonjs';
       import json from '@rollup/plugin-json';
       import resolve from '@rollup/plugin-node-resolve';
       export default {
         input: 'service.mjs',
         external: ['prom-client', 'node-zookeeper-client'],
         plugins: [resolve({ preferBuiltins: true }), commonjs(), json()],
         output: [{ file: 'out/rollup.mjs', format: 'es' }, { file: 'out/rollup.cjs', format: 'cjs' }],
       };`,
    );
    await tool('rollup/dist/bin/rollup', ['-c', config, '--silent']);
    await runs('out/rollup.mjs');
    await runs('out/rollup.cjs');
  });
});
