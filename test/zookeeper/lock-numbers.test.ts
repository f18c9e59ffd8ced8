import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { electPrimary, zookeeperCluster } from '../../lib/sources/zookeeper/index.js';
import { inLockOrder } from '../../lib/sources/zookeeper/lock.js';
import { fakeZookeeper } from '../support/fake-zookeeper.js';

const PATIENCE = { timeout: 10_000 };
const LOCK = '/e/dsn.meta.server.leader';

function candidate(servers: string, port: number) {
  const onError = vi.fn();
  const address = `127.0.0.1:${port}`;
  const election = electPrimary({ servers, lockRoot: '/e', address, sessionTimeoutMs: 400, onError });
  onTestFinished(() => election.close());
  return { election, onError };
}

describe('the number of a lock node', () => {
  it.each([
    ['the last one that ZooKeeper can count to', ['LOCKNODE2147483647', 'LOCKNODE2147483646'], [1, 0]],
    ['beyond 31 bits', ['LOCKNODE2147483648', 'LOCKNODE4294967297', 'LOCKNODE0000000001'], [2, 0, 1]],
    [
      'signed: Pegasus passes over it',
      ['LOCKNODE-2147483648', 'LOCKNODE-000000001', 'LOCKNODE0000000003'],
      [2],
    ],
    ['of more digits than ZooKeeper writes', ['LOCKNODE00000000000000000001', 'LOCKNODE0000000003'], [1]],
    ['twice: the order of the list does not matter', ['LOCKNODE1', 'LOCKNODE0000000001'], [1, 0]],
    ['none', ['LOCKNODE', 'LOCKNODE+1', 'LOCKNODE1e1', 'LOCKNODE 1', 'LOCKNODE0x1', 'xLOCKNODE1'], []],
  ])('%s', (_, names, order) => {
    expect(inLockOrder(names)).toEqual(order.map((i) => names[i]));
    expect(inLockOrder(names.toReversed())).toEqual(order.map((i) => names[i]));
  });
});

describe('an election whose counter overflows', () => {
  it('keeps its one primary: the next candidates get no number, say so, and leave no node behind', async () => {
    const zookeeper = await fakeZookeeper({ [LOCK]: 2_147_483_647 });
    const first = candidate(zookeeper.address, 1);
    await first.election.ready();
    expect(first.election.role()).toEqual({ role: 'primary' });

    const second = candidate(zookeeper.address, 2);
    const roles = new Set<string>();
    await vi.waitFor(
      () => {
        roles.add(`${first.election.role().role} ${second.election.role().role}`);
        expect(second.onError.mock.calls.length).toBeGreaterThan(1);
      },
      { ...PATIENCE, interval: 1 },
    );
    expect([...roles]).toEqual(['primary backup']);
    expect(second.onError).toHaveBeenCalledWith(
      expect.objectContaining({
        code: 'ERR_ZOOKEEPER_OPERATION',
        message: `ZooKeeper's counter below ${LOCK} has overflowed (LOCKNODE-2147483648): stop all candidates and remove ${LOCK}`,
      }),
    );
    await expect(second.election.ready(10)).rejects.toThrow('has overflowed');
    expect(second.election.role()).toEqual({ role: 'backup', primaryUrl: null });
    expect(zookeeper.paths().filter((path) => path.startsWith(`${LOCK}/LOCKNODE2`))).toHaveLength(1);

    await second.election.close();
    await first.election.close();
    await vi.waitFor(() => expect(zookeeper.paths()).not.toContain(`${LOCK}/LOCKNODE2147483647`), PATIENCE);
  });

  it('takes no signed node for the primary', async () => {
    const zookeeper = await fakeZookeeper({ [LOCK]: 2_147_483_645 });
    for (const path of ['/e', LOCK]) zookeeper.create(path);
    zookeeper.create(`${LOCK}/LOCKNODE-2147483648`, '10.0.0.9:34601');
    const [first, second] = [candidate(zookeeper.address, 1), candidate(zookeeper.address, 2)];
    await first.election.ready();
    await second.election.ready();
    await vi.waitFor(() => {
      const roles = [first.election.role(), second.election.role()];
      expect(roles).toContainEqual({ role: 'primary' });
      expect(roles).toContainEqual({
        role: 'backup',
        primaryUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:[12]$/),
      });
    }, PATIENCE);
  });
});

it.each([
  [['LOCKNODE-2147483648', 'LOCKNODE2147483647'], 'LOCKNODE2147483647'],
  [['LOCKNODE-2147483648'], undefined],
])('a cluster with the lock nodes %j is led by %s', async (names, leader) => {
  const zookeeper = await fakeZookeeper();
  for (const path of ['/e', LOCK, '/e/apps']) zookeeper.create(path);
  for (const [i, name] of names.entries()) zookeeper.create(`${LOCK}/${name}`, `10.0.0.${i}:34601`);
  const cluster = zookeeperCluster({
    servers: zookeeper.address,
    clusterRoot: '/e',
    redirectToPrimary: true,
  });
  onTestFinished(() => cluster.close());
  await cluster.ready();
  const primaryUrl = leader === undefined ? null : `http://10.0.0.${names.indexOf(leader)}:34601`;
  expect(cluster.metaState.role()).toEqual({ role: 'backup', primaryUrl });
});
