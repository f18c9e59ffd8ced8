import { expect, it, onTestFinished, vi } from 'vitest';
import { startZookeeper } from '../../examples/zookeeper/server.js';
import { writeZookeeper } from '../../examples/zookeeper/writer.js';
import { serveCluster } from '../../lib/testing/index.js';
import { golden } from '../support/fixtures.js';
import { startGateway, temporaryFile } from '../support/gateway.js';

const PATIENCE = { timeout: 10_000 };
const ROOT_NODE = '/pegasus/onebox/127.0.0.1';

/** A real ZooKeeper with a recorded cluster. */
async function startRecorded() {
  const server = await startZookeeper({ tickTimeMs: 100 });
  onTestFinished(() => server.stop());
  const writer = await writeZookeeper(server.address);
  onTestFinished(() => writer.close());
  await writer.load(golden('healthy').znodes);
  return server.address;
}

it('a gateway serves a cluster from ZooKeeper, by flags', async () => {
  const zookeeper = await startRecorded();
  const { get, child } = await startGateway(['--zookeeper', zookeeper, '--zookeeper-root', ROOT_NODE]);
  await vi.waitFor(async () => expect((await get('/readyz')).status).toBe(200), PATIENCE);
  expect((await get('/meta/apps')).json()).toMatchObject({ summary: { total_app_count: '3' } });
  expect((await get('/meta/cluster')).json()).toMatchObject({ meta_function_level: 'unknown' });
  expect((await get('/prometheus')).body).toContain('pegasus_cluster_up{cluster="cluster"} 1');
  child.process.kill('SIGTERM');
  expect(await child.ended).toMatchObject({ code: 0, stderr: '' });
});

it('a gateway serves a cluster from ZooKeeper and its meta servers, beside others', async () => {
  const zookeeper = await startRecorded();
  const fake = await serveCluster({ metaFunctionLevel: 'lively' });
  onTestFinished(() => fake.close());
  const servers = fake.metas.map(({ address }) => address);
  const config = temporaryFile('gateway.json', {
    clusters: [
      { name: 'both', servers, zookeeper: { servers: zookeeper, root: ROOT_NODE } },
      { name: 'broken', zookeeper: { servers: zookeeper, root: '/pegasus/nope' } },
    ],
  });
  const { get, log } = await startGateway(['--config', config]);
  await vi.waitFor(
    async () =>
      expect((await get('/readyz')).json()).toMatchObject({
        clusters: { both: { ready: true }, broken: { ready: false } },
      }),
    PATIENCE,
  );
  // The tables come from ZooKeeper, the function level from the meta servers.
  expect((await get('/both/meta/apps')).json()).toMatchObject({ summary: { total_app_count: '3' } });
  expect((await get('/both/meta/cluster')).json()).toMatchObject({ meta_function_level: 'lively' });
  expect((await get('/broken/meta/apps')).status).toBe(503);
  await vi.waitFor(
    async () =>
      expect(await log()).toContainEqual(
        expect.objectContaining({ msg: 'upstream is silent: ZooKeeper', cluster: 'broken' }),
      ),
    PATIENCE,
  );
});
