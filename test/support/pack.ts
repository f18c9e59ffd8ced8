import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { ROOT } from './child.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** The package as `npm publish` would send it. */
    tarball: string;
  }
}

/** Builds and packs the package once, for all tests, unless the caller has done so. */
export default function setup(project: TestProject): () => void {
  const packed = process.env['PEGASUS_HTTP_TARBALL'];
  if (packed !== undefined) {
    project.provide('tarball', packed);
    return () => {};
  }
  const folder = mkdtempSync(join(tmpdir(), 'pegasus-http-pack-'));
  const options = { cwd: ROOT, stdio: 'pipe' } as const;
  execFileSync('npm', ['run', 'build'], options);
  execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], options);
  const [tarball = ''] = readdirSync(folder);
  project.provide('tarball', join(folder, tarball));
  return () => rmSync(folder, { recursive: true });
}
