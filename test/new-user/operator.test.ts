import { describe, expect, inject, it } from 'vitest';
import { program } from '../support/child.js';
import { emptyFolder } from '../support/consumer.js';
import { clientOf } from '../support/http.js';

/** Starts the command by npx from the packed package, in an empty folder. */
async function npx(...args: string[]) {
  const packed = ['--yes', '--package', inject('tarball'), 'pegasus-http'];
  return program('npx', [...packed, ...args], { cwd: await emptyFolder() });
}

describe('an operator without a project: the command by npx', () => {
  it('puts a gateway in front of the onebox', async () => {
    const onebox = await npx('onebox', '--free-ports', '--print-addresses', '--no-workload');
    const { metaServers } = JSON.parse(await onebox.says(/^\{.*\}\n/));
    const servers = metaServers.map(({ address }: { address: string }) => address).join();
    const gateway = await npx('gateway', '--servers', servers, '--port', '0');
    const [, origin = ''] =
      /"url":"([^"]+)\/","msg":"listening"/.exec(await gateway.says(/"msg":"listening"/)) ?? [];

    const { get } = clientOf(origin);
    expect(JSON.parse((await get('/meta/app?name=temp')).body)).toMatchObject({
      general: { app_name: 'temp' },
    });
    expect((await get('/prometheus')).body).toContain('pegasus_cluster_up{cluster="cluster"} 1');
  });
});
