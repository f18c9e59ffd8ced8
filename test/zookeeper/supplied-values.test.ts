import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { remoteCluster } from '../../lib/sources/remote/index.js';
import {
  type ElectionOptions,
  electPrimary,
  type ZookeeperClusterOptions,
  zookeeperCluster,
} from '../../lib/sources/zookeeper/index.js';
import { golden } from '../support/fixtures.js';
import { serve } from '../support/http.js';
import { proxied } from '../support/proxy.js';
import { emptyBackup, recorded, replay, startReplayServer } from '../support/replay-server.js';
import { followed, ROOT, realZookeeper, snapshotOf, stored } from '../support/zookeeper.js';

const zookeeper = realZookeeper();
const PATIENCE = { timeout: 10_000 };
const later = <T>(value: T) => new Promise<T>((resolve) => setTimeout(resolve, 1, value));

describe('what your application supplies', () => {
  it('can be a promise', async () => {
    await stored(zookeeper().address, golden('healthy'));
    const cluster = await followed(zookeeper().address, {
      nodes: () => later([{ address: '127.0.0.1:34801', status: 'ALIVE' }]),
      metaServers: async () => ['10.0.0.1:34601'],
      metaFunctionLevel: () => later('lively' as const),
      balanceOperations: () => later({ movePrimary: 1, copyPrimary: 2, copySecondary: 3 }),
    });
    const { get } = await serve(cluster);
    expect((await get('/meta/nodes')).json()).toMatchObject({
      details: { '127.0.0.1:34801': { status: 'ALIVE' }, '127.0.0.1:34802': { status: 'UNKNOWN' } },
    });
    expect((await get('/meta/cluster')).json()).toMatchObject({
      meta_servers: '10.0.0.1:34601',
      meta_function_level: 'lively',
    });
    expect(await cluster.metaState.cluster()).toBe(await cluster.metaState.cluster());
  });

  it('comes from the meta servers, in two requests', async () => {
    await stored(zookeeper().address, golden('healthy'));
    const primary = await startReplayServer(replay(recorded('1.12', 'healthy'), 'meta1'));
    const remote = remoteCluster({ servers: primary.address, maxAgeMs: 60_000 });
    onTestFinished(() => remote.close());
    const { get } = await serve(
      await followed(zookeeper().address, { ...remote.liveness, zookeeperHosts: ['127.0.0.1:22181'] }),
    );
    const answers = recorded('1.12', 'healthy').filter(
      ({ server, status }) => server === 'meta1' && status === 200,
    );
    expect(answers.length).toBeGreaterThan(10);
    for (const { target, body } of answers) expect((await get(target)).body, target).toBe(body);
    expect(primary.requests.filter((one) => one === 'GET /meta/cluster')).toHaveLength(1);
    // The first is the search for the primary.
    expect(primary.requests).toHaveLength(3);
  });

  it('is unknown while the meta servers do not answer', async () => {
    await stored(zookeeper().address, golden('healthy'));
    const backup = await startReplayServer(emptyBackup);
    const remote = remoteCluster({ servers: backup.address, retries: 0 });
    onTestFinished(() => remote.close());
    const { get } = await serve(await followed(zookeeper().address, { ...remote.liveness }));
    expect((await get('/meta/nodes')).json()).toMatchObject({
      details: { '127.0.0.1:34801': { status: 'UNKNOWN' } },
    });
    expect((await get('/meta/cluster')).json()).toMatchObject({ meta_function_level: 'unknown' });
  });

  it('fails its requests alone when it rejects', async () => {
    await stored(zookeeper().address, golden('healthy'));
    const nodes = async () => Promise.reject(new Error('no monitor'));
    const { get } = await serve(await followed(zookeeper().address, { nodes }), { onError: () => {} });
    expect((await get('/meta/nodes')).status).toBe(500);
    expect((await get('/meta/app?name=temp')).status).toBe(200);
  });

  it.each<[wrong: Partial<Record<keyof ZookeeperClusterOptions, () => unknown>>, message: string]>([
    [{ nodes: () => 'x' }, 'zookeeperCluster: nodes() must be an array, not "x"'],
    [{ nodes: () => [{ address: 'a' }] }, 'zookeeperCluster: nodes()[0].address must be an address'],
    [{ nodes: () => [{ address: 'a:1', status: 'UP' }] }, 'nodes()[0].status must be one of ALIVE'],
    [{ metaServers: () => [1] }, 'zookeeperCluster: metaServers()[0] must be an address'],
    [{ metaFunctionLevel: () => 'x' }, 'metaFunctionLevel() must be one of stopped'],
    [{ balanceOperations: () => ({}) }, 'balanceOperations().movePrimary must be an integer'],
  ])('is checked: %#', async (wrong, message) => {
    await stored(zookeeper().address, golden('healthy'));
    const cluster = await followed(zookeeper().address, wrong as object);
    expect(() => snapshotOf(cluster)).toThrow(TypeError);
    expect(() => snapshotOf(cluster)).toThrow(message);
  });

  it('must be a base URL where it is one', async () => {
    await stored(zookeeper().address, golden('healthy'));
    const roleWith = async (url: unknown) => {
      const redirectToPrimary = () => url as string;
      return (await followed(zookeeper().address, { redirectToPrimary })).metaState.role();
    };
    await expect(roleWith('http://user:secret@h')).rejects.toThrow(
      'zookeeperCluster: redirectToPrimary("127.0.0.1:34601") must return a base URL without a user and a password',
    );
    for (const url of [undefined, 'x', 'ftp://h', 'http://h?x', 'http://h#x']) {
      await expect(roleWith(url)).rejects.toThrow('must return a base URL such as "http://127.0.0.1:34601"');
    }
    await expect(roleWith('https://h:1/p')).resolves.toEqual({ role: 'backup', primaryUrl: 'https://h:1/p' });
  });
});

describe('onError and onRecover', () => {
  it('tell a wrong root at once, and when it is there', async () => {
    const [onError, onRecover] = [vi.fn(), vi.fn()];
    const cluster = zookeeperCluster({
      servers: zookeeper().address,
      clusterRoot: '/pegasus/late',
      onError,
      onRecover,
    });
    onTestFinished(() => cluster.close());
    await vi.waitFor(() => expect(onError).toHaveBeenCalledOnce(), PATIENCE);
    expect(onError).toHaveBeenCalledWith(
      expect.objectContaining({
        code: 'ERR_OBJECT_NOT_FOUND',
        message: 'there is no znode /pegasus/late/apps: is clusterRoot right?',
      }),
    );
    const writer = await stored(zookeeper().address);
    onTestFinished(() => writer.remove('/pegasus'));
    await writer.put('/pegasus/late/apps', 'unlock');
    await cluster.ready();
    expect(onRecover.mock.calls).toEqual([
      [`ZooKeeper at ${zookeeper().address} has answered: the cluster is current again`],
    ]);
    expect(onError).toHaveBeenCalledOnce();
  });

  it('tell a loss and its end once each, of the source and of the election', async () => {
    await stored(zookeeper().address, golden('healthy'));
    const network = await proxied(zookeeper().address);
    const [onError, onRecover, onElectionError, onElectionRecover] = [vi.fn(), vi.fn(), vi.fn(), vi.fn()];
    const cluster = await followed(network.address, { onError, onRecover });
    const election = electPrimary({
      servers: network.address,
      lockRoot: ROOT,
      address: '127.0.0.1:1',
      sessionTimeoutMs: 1000,
      onError: onElectionError,
      onRecover: onElectionRecover,
    });
    onTestFinished(() => election.close());
    await election.ready();
    for (let outage = 1; outage <= 2; outage++) {
      network.freeze(true);
      await vi.waitFor(() => {
        expect(onError).toHaveBeenCalledTimes(outage);
        expect(onElectionError).toHaveBeenCalledTimes(outage);
      }, PATIENCE);
      expect(onRecover).toHaveBeenCalledTimes(outage - 1);
      network.freeze(false);
      await vi.waitFor(() => {
        expect(onRecover).toHaveBeenCalledTimes(outage);
        expect(onElectionRecover).toHaveBeenCalledTimes(outage);
      }, PATIENCE);
    }
    expect(cluster.metaState.staleSince()).toBeUndefined();
    expect(onError).toHaveBeenCalledTimes(2);
  });

  it('may throw and reject', async () => {
    const onError = vi.fn(async () => Promise.reject(new Error('ignored')));
    const cluster = zookeeperCluster({ servers: '127.0.0.1:1', clusterRoot: ROOT, onError });
    onTestFinished(() => cluster.close());
    await vi.waitFor(() => expect(onError).toHaveBeenCalledOnce(), PATIENCE);
  });
});

describe('a wrong option', () => {
  const clusterWith = (wrong: object) => () =>
    zookeeperCluster({ servers: '127.0.0.1:2181', clusterRoot: '/x', ...wrong } as ZookeeperClusterOptions);
  const electionWith = (wrong: object) => () =>
    electPrimary({
      servers: '127.0.0.1:2181',
      lockRoot: '/x',
      address: '127.0.0.1:1',
      ...wrong,
    } as ElectionOptions);

  it.each<[wrong: object, message: string]>([
    [{ servers: undefined }, 'servers must be "host:port,host:port" or an array, not undefined'],
    [{ servers: 'zk1' }, 'servers[0] must be an address such as "10.0.0.1:2181", not "zk1"'],
    [
      { servers: 'a:1,b:1/pegasus' },
      'servers[1] must be host:port without a path (put a chroot into clusterRoot',
    ],
    [{ servers: ['a:1', 'b:x'] }, 'servers[1] must be an address such as "10.0.0.1:2181", not "b:x"'],
    [{ servers: '::1:2181' }, 'servers[0] must be a host name or an IPv4 address, not "::1:2181": give the'],
    [{ sessionTimeoutMs: 1 }, 'sessionTimeoutMs must be an integer from 100'],
    [{ onError: 1 }, 'onError must be a function, not 1'],
    [{ onRecover: 1 }, 'onRecover must be a function, not 1'],
  ])('names the caller and what would be right: %j', (wrong, message) => {
    for (const [caller, call] of [
      ['zookeeperCluster', clusterWith(wrong)],
      ['electPrimary', electionWith(wrong)],
    ] as const) {
      expect(call).toThrow(TypeError);
      expect(call).toThrow(`${caller}: ${message}`);
    }
  });

  it.each<[wrong: object, message: string]>([
    [{ staleLimitMs: 1 }, 'unknown option "staleLimitMs", did you mean "maxStaleMs"?'],
    [{ clusterRoot: `/${'/'.repeat(100_000)}x` }, 'clusterRoot must be the path of a znode'],
    [{ clusterRoot: '/a\u001bb' }, 'clusterRoot must be the path of a znode'],
    [{ zookeeperHosts: ['zk'] }, 'zookeeperHosts[0] must be an address such as "10.0.0.1:2181", not "zk"'],
    [{ nodes: 'x' }, 'nodes must be an array, not "x"'],
    [{ metaServers: ['x'] }, 'metaServers[0] must be an address'],
    [{ metaFunctionLevel: 'x' }, 'metaFunctionLevel must be one of'],
    [{ balanceOperations: 1 }, 'balanceOperations must be an object'],
    [{ redirectToPrimary: 'yes' }, 'redirectToPrimary must be a function, true or false'],
  ])('of zookeeperCluster: %#', (wrong, message) => {
    expect(clusterWith(wrong)).toThrow(`zookeeperCluster: ${message}`);
  });

  it.each<[wrong: object, message: string]>([
    [{ urlOf: () => 'http://x' }, 'unknown option "urlOf", did you mean "resolveUrl"?'],
    [{ address: 'x' }, 'address must be an address such as'],
    [{ lockRoot: '/a/./b' }, 'lockRoot must be the path of a znode'],
  ])('of electPrimary: %#', (wrong, message) => {
    expect(electionWith(wrong)).toThrow(`electPrimary: ${message}`);
  });
});
