import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, inject } from 'vitest';

export const run: typeof execFile.__promisify__ = promisify(execFile);

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

/** An empty folder until the tests of the file are over. */
export async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pegasus-http-consumer-'));
  folders.push(folder);
  return folder;
}

/**
 * A project that has the packed package and beside it exactly these, installed as a user does; of what they need, the newest
 * that they take. No install script runs.
 */
export async function consumer(packages: readonly string[], { optional = false } = {}): Promise<string> {
  const folder = await emptyFolder();
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const omitted = optional ? [] : ['--omit=optional'];
  await run('npm', ['install', ...quiet, ...omitted, inject('tarball'), ...packages], { cwd: folder });
  return folder;
}
