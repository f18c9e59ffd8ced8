import { copyFile, mkdir, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { consumer, emptyFolder, run } from '../support/consumer.js';
import { ANSWERED, SERVICE } from '../support/every-entry.js';
import { type Tools, toolsOf } from '../support/tools.js';

const EXTERNAL = ['prom-client', 'node-zookeeper-client'];

const TOOLS = [
  'esbuild@0.28',
  'rollup@4',
  '@rollup/plugin-commonjs',
  '@rollup/plugin-node-resolve',
  '@rollup/plugin-json',
  'prom-client@15',
  'node-zookeeper-client@1',
  'bun@1',
  'webpack@5',
  'webpack-cli',
];

let folder: string;
let write: Tools['write'];
let tool: Tools['tool'];

beforeAll(async () => {
  // Not without optional packages: the binaries of the tools are some, of each platform.
  folder = await consumer(TOOLS, { optional: true });
  ({ write, tool } = toolsOf(folder));
});

describe('a bundle of esbuild, rollup, webpack and bun', () => {
  /** Runs a bundle in a folder that has no package but the external ones: what the bundle lacks is nowhere. */
  const runs = async (file: string) => {
    const alone = await emptyFolder();
    await mkdir(join(alone, 'node_modules'));
    for (const name of EXTERNAL)
      await symlink(join(folder, 'node_modules', name), join(alone, 'node_modules', name));
    await copyFile(join(folder, file), join(alone, basename(file)));
    const { stdout } = await run(process.execPath, [basename(file)], { cwd: alone });
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
    const external = EXTERNAL.map((name) => `--external:${name}`);
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
         external: ${JSON.stringify(EXTERNAL)},
         plugins: [resolve({ preferBuiltins: true }), commonjs(), json()],
         output: [{ file: 'out/rollup.mjs', format: 'es' }, { file: 'out/rollup.cjs', format: 'cjs' }],
       };`,
    );
    await tool('rollup/dist/bin/rollup', ['-c', config, '--silent']);
    await runs('out/rollup.mjs');
    await runs('out/rollup.cjs');
  });

  it('of webpack', async () => {
    const config = await write(
      'webpack.config.mjs',
      `export default {
         mode: 'production',
         target: 'node20',
         entry: './service.mjs',
         output: { path: ${JSON.stringify(join(folder, 'out'))}, filename: 'webpack.cjs' },
         externals: ${JSON.stringify(EXTERNAL)},
         externalsType: 'commonjs',
         performance: false,
       };`,
    );
    await tool('webpack-cli/bin/cli.js', ['--config', config, '--fail-on-warnings']);
    await runs('out/webpack.cjs');
  });

  it('of bun for Node', async () => {
    // No install script has put the program in its place.
    await tool('bun/install.js', []);
    const external = EXTERNAL.map((name) => `--external=${name}`);
    const options = ['--target=node', '--outfile=out/bun.mjs', ...external];
    await run(join(folder, 'node_modules/bun/bin/bun.exe'), ['build', 'service.mjs', ...options], {
      cwd: folder,
    });
    await runs('out/bun.mjs');
  });
});
