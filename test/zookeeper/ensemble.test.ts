import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { startEnsemble, type ZookeeperServer } from '../../examples/zookeeper/server.js';
import { writeZookeeper } from '../../examples/zookeeper/writer.js';
import { electPrimary } from '../../lib/sources/zookeeper/index.js';
import { golden } from '../support/fixtures.js';
import { followed, ROOT } from '../support/zookeeper.js';

const PATIENCE = { timeout: 20_000 };
let servers: ZookeeperServer[] = [];

beforeAll(async () => {
  servers = await startEnsemble(3, { tickTimeMs: 200 });
}, 90_000);
afterAll(() => Promise.all(servers.map((server) => server.stop())));

it('works through changes of the quorum: each of three servers is killed and comes back', async () => {
  const all = servers.map(({ address }) => address).join();
  const loader = await writeZookeeper(all);
  await loader.load(golden('healthy').znodes);
  await loader.close();

  const cluster = await followed(all, { sessionTimeoutMs: 4000 });
  const election = electPrimary({
    servers: all,
    lockRoot: '/hosts',
    address: '127.0.0.1:1',
    sessionTimeoutMs: 4000,
  });
  onTestFinished(() => election.close());
  await election.ready();

  let ballot = 100;
  for (const server of servers) {
    await server.kill();
    const others = servers.filter((other) => other !== server).map(({ address }) => address);
    ballot += 1;
    const partition = JSON.stringify({ pid: '1.0', ballot, primary: '127.0.0.1:34801', secondaries: [] });
    await vi.waitFor(async () => {
      const writer = await writeZookeeper(others.join());
      await writer.put(`${ROOT}/apps/1/0`, partition).finally(() => writer.close());
    }, PATIENCE);
    await vi.waitFor(() => {
      expect(cluster.metaState.app('stat')?.partitions[0]?.ballot).toBe(ballot);
      expect(cluster.metaState.staleSince()).toBeUndefined();
      expect(election.role()).toEqual({ role: 'primary' });
    }, PATIENCE);
    await server.start();
  }
}, 120_000);
