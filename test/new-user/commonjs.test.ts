import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { consumer, run } from '../support/consumer.js';
import { type Tools, toolsOf } from '../support/tools.js';

/** Tools that load packages by rules of their own, as their users install them today. */
const TOOLS = [
  'jest@30',
  'babel-jest@30',
  '@babel/core@7',
  '@babel/preset-env@7',
  'babel-plugin-transform-import-meta@2',
  '@swc/core@1',
  '@swc/jest@0.2',
  'vitest@4',
  'eslint@9',
  'eslint-plugin-import@2',
  'eslint-import-resolver-typescript@4',
  'prom-client@15',
  'node-zookeeper-client@1',
];

const SUBPATHS = [
  'client',
  'console',
  'contract',
  'profiler',
  'prom-client',
  'remote',
  'testing',
  'zookeeper',
];
const ENTRIES = ['pegasus-http', ...SUBPATHS.map((subpath) => `pegasus-http/${subpath}`)];

const COMMON_JS_TEST = `
const { createPegasusHandler, memoryCluster, PegasusError } = require('pegasus-http');
const { metaStateContract } = require('pegasus-http/contract');
test('is there', () => {
  expect(createPegasusHandler(memoryCluster()).endpoints.length).toBeGreaterThan(3);
  expect(() => memoryCluster({ nodes: [1] })).toThrow();
  expect([PegasusError, metaStateContract].map((one) => typeof one)).toEqual(['function', 'function']);
});
`;

const MODULE_TEST = `
import { createPegasusHandler, memoryCluster } from 'pegasus-http';
import { serveCluster } from 'pegasus-http/testing';
test('is there', () => {
  expect(createPegasusHandler(memoryCluster()).endpoints.length).toBeGreaterThan(3);
  expect(typeof serveCluster).toBe('function');
});
`;

let folder: string;
let write: Tools['write'];
let tool: Tools['tool'];

beforeAll(async () => {
  // Not without optional packages: the binaries of the tools are some, of each platform.
  folder = await consumer(TOOLS, { optional: true });
  ({ write, tool } = toolsOf(folder));
});

describe('a CommonJS project, with jest and eslint', () => {
  it('require() loads every entry', async () => {
    const program = await write(
      'all.cjs',
      `for (const entry of ${JSON.stringify(ENTRIES)}) if (Object.keys(require(entry)).length === 0) throw new Error(entry);
     console.log(require('pegasus-http') === require('pegasus-http'), require('pegasus-http/package.json').name);`,
    );
    expect((await run(process.execPath, [program])).stdout).toBe('true pegasus-http\n');
  });

  describe('jest 30', () => {
    const JEST = 'jest/bin/jest.js';
    const config = (transform: string) =>
      `module.exports = { transform: ${transform}, transformIgnorePatterns: ['/node_modules/(?!pegasus-http/)'] };`;

    it.each([
      [
        'babel-jest',
        `{ '\\\\.[jt]sx?$': ['babel-jest', {
        presets: [['@babel/preset-env', { targets: { node: 'current' } }]],
        plugins: ['babel-plugin-transform-import-meta'],
      }] }`,
      ],
      [
        '@swc/jest',
        `{ '\\\\.[jt]sx?$': ['@swc/jest', { jsc: { target: 'es2022' }, module: { type: 'commonjs' } }] }`,
      ],
    ])('CommonJS, with %s', async (name, transform) => {
      const home = `jest-${name.replace(/\W/g, '')}`;
      await write(`${home}/package.json`, '{ "type": "commonjs" }');
      await write(`${home}/a.test.js`, COMMON_JS_TEST);
      await write(`${home}/jest.config.js`, config(transform));
      const { stderr } = await tool(JEST, [
        '--rootDir',
        join(folder, home),
        '-c',
        join(folder, home, 'jest.config.js'),
      ]);
      expect(stderr).toContain('Tests:       1 passed, 1 total');
    });

    it('ES modules', async () => {
      await write('jest-modules/a.test.mjs', MODULE_TEST);
      await write(
        'jest-modules/jest.config.cjs',
        "module.exports = { testMatch: ['**/*.test.mjs'], transform: {} };",
      );
      const home = join(folder, 'jest-modules');
      const { stderr } = await tool(JEST, ['--rootDir', home, '-c', join(home, 'jest.config.cjs')], {
        NODE_OPTIONS: '--experimental-vm-modules',
      });
      expect(stderr).toContain('Tests:       1 passed, 1 total');
    });
  });

  it('vitest 4', async () => {
    await write('vitest/a.test.js', `import { expect, test } from 'vitest';${MODULE_TEST}`);
    await tool('vitest/vitest.mjs', ['run', '--root', join(folder, 'vitest')]);
  });

  describe('eslint-plugin-import resolves', () => {
    const lint = async (name: string, resolver: string, entries: readonly string[]) => {
      const home = join(folder, name);
      await write(`${name}/a.js`, entries.map((entry) => `import '${entry}';\n`).join(''));
      await write(
        `${name}/eslint.config.js`,
        `import plugin from 'eslint-plugin-import';
       export default [{
         plugins: { import: plugin },
         rules: { 'import/no-unresolved': 'error' },
         settings: { 'import/resolver': { ${resolver}: true } },
       }];`,
      );
      await run(process.execPath, [join(folder, 'node_modules/eslint/bin/eslint.js'), 'a.js'], { cwd: home });
    };

    it('the main entry', () => lint('eslint-node', 'node', ['pegasus-http']));

    it('every entry, with the resolver of TypeScript', () =>
      lint('eslint-typescript', 'typescript', ENTRIES));
  });
});
