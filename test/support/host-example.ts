import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { HOSTS } from '../compat/versions.js';
import { node, ROOT } from './child.js';
import { EXAMPLES_CONFORMANCE } from './conformance.js';
import { consumer } from './consumer.js';
import { clientOf } from './http.js';
import { below } from './mounts.js';

/** Checks that an example of a host works with the packed package and these packages beside it. */
export async function checkHostExample(example: string, packages: string): Promise<void> {
  const folder = await consumer(packages.split(' '));
  await cp(join(ROOT, 'examples'), folder, { recursive: true });
  // An old host uses what Node has deprecated since: finalhandler of express 4.12 does, when an answer is an error of express's own.
  const env = { PORT: '0', NODE_OPTIONS: '--no-deprecation' };
  const child = node([join(folder, example)], { cwd: folder, env });
  const said = await child.says(/open http\S+\n/);
  const [, origin = '', prefix = ''] = /open (http:\/\/[\w.:]+)(\S*)\/\n/.exec(said) ?? [];
  const client = clientOf(origin);
  for (const { run: check } of EXAMPLES_CONFORMANCE) await check(below(client, prefix));
  expect((await client.get('/')).body).toBe('the service itself');
  child.process.kill();
  expect((await child.ended).stderr).toBe('');
}

/** Tests the examples of a host with its newest packages. */
export function examplesOf(name: string): void {
  const hosts = HOSTS.filter(({ host }) => host.startsWith(name));
  it.each(hosts)('$host: $newest', async ({ example, newest }) => {
    await expect(checkHostExample(example, newest)).resolves.toBeUndefined();
  });
}
