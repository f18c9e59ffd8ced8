import { access, cp } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../support/child.js';
import { emptyFolder, run } from '../support/consumer.js';

describe('a clone without what builds it', () => {
  it('installs by npm ci --omit=dev', async () => {
    const folder = await emptyFolder();
    const { stdout } = await run('git', ['ls-files', '-z'], { cwd: ROOT });
    const files = stdout.split('\0').filter((file) => /^(?:package(?:-lock)?\.json|\.ci\/.*)$/.test(file));
    for (const file of files) await cp(join(ROOT, file), join(folder, file), { recursive: true });
    const quiet = ['--no-audit', '--no-fund', '--omit=optional', '--foreground-scripts'];
    const installed = await run('npm', ['ci', '--omit=dev', ...quiet], { cwd: folder });
    expect(installed.stdout).toContain('dist is not built');
    await access(join(folder, 'node_modules/find-my-way/package.json'));
    await expect(access(join(folder, 'node_modules/typescript'))).rejects.toThrow();
  });
});
