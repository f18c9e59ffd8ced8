import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { consumer, run } from '../support/consumer.js';
import { blocksOf } from '../support/markdown.js';

const BLOCKS = blocksOf('docs/testing.md');
const FILES = BLOCKS.filter(({ file }) => file !== undefined && !file.endsWith('.json'));

describe('the tests of a client, by jest and vitest', () => {
  it.each([
    ['jest 30', ['jest@30'], ['jest', '--testMatch', '**/*.jest.test.mjs'], /Tests: +1 passed, 1 total/],
    ['vitest 4', ['vitest@4'], ['vitest', 'run', 'failover.test.ts'], /Tests {2}1 passed/],
    ['vitest 3', ['vitest@3'], ['vitest', 'run', 'failover.test.ts'], /Tests {2}1 passed/],
  ])('runs in %s', async (_, packages, args, passed) => {
    const folder = await consumer(packages, { optional: true });
    for (const { file, code } of FILES) await writeFile(join(folder, file ?? ''), code);
    const isJest = packages[0]?.startsWith('jest');
    const env = {
      ...process.env,
      NO_COLOR: '1',
      NODE_OPTIONS: isJest ? '--experimental-vm-modules' : '',
      VITEST: undefined,
      TEST: undefined,
      NODE_ENV: undefined,
    };
    const { stdout, stderr } = await run('npx', args, { cwd: folder, env });
    expect(stdout + stderr).toMatch(passed);
  });
});
