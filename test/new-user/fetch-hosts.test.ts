import { type ChildProcess, spawn } from 'node:child_process';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { RUNTIMES } from '../compat/versions.js';
import { ROOT } from '../support/child.js';
import { EXAMPLES_CONFORMANCE } from '../support/conformance.js';
import { consumer } from '../support/consumer.js';
import { examplesOf } from '../support/host-example.js';
import { clientOf } from '../support/http.js';
import { below } from '../support/mounts.js';
import { freePort } from '../support/ports.js';

describe('a service on a fetch host: Hono, Bun and Deno', () => {
  examplesOf('hono');

  it.each(RUNTIMES)('$runtime $version', async ({ version, packages, binary, args }) => {
    const folder = await consumer(
      packages.map((name) => `${name}@${version}`),
      { optional: true },
    );
    await cp(join(ROOT, 'examples'), folder, { recursive: true });
    const port = String(await freePort());
    const program = join(folder, 'node_modules', packages[0], binary);
    const child: ChildProcess = spawn(program, args('fetch.js', port), {
      cwd: folder,
      env: { ...process.env, PORT: port },
      stdio: 'ignore',
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const client = clientOf(`http://127.0.0.1:${port}`);
    await vi.waitFor(() => client.get('/pegasus/version'), { timeout: 60_000, interval: 200 });
    for (const { run: check } of EXAMPLES_CONFORMANCE) await check(below(client, '/pegasus'));
    expect((await client.get('/')).body).toBe('the service itself');
  });
});
