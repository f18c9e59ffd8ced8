import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { metaStateContract } from '../../lib/contract/index.js';
import { zookeeperCluster } from '../../lib/sources/zookeeper/index.js';
import { GOLDEN, golden } from '../support/fixtures.js';
import { serve } from '../support/http.js';
import { followed, ROOT, realZookeeper, snapshotOf, stored } from '../support/zookeeper.js';

const zookeeper = realZookeeper();

describe.each(GOLDEN)('the recorded tree "%s" in a real ZooKeeper', (name) => {
  it('redirects to the elected primary with redirectToPrimary', async () => {
    await stored(zookeeper().address, golden(name));
    const { get } = await serve(await followed(zookeeper().address, { redirectToPrimary: true }));
    const answer = await get('/meta/apps?detail');
    expect(answer.status).toBe(307);
    expect(answer.headers['location']).toBe('http://127.0.0.1:34601/meta/apps?detail');
  });
});

it('says unknown for what ZooKeeper does not store', async () => {
  await stored(zookeeper().address, golden('one_node_down'));
  const { get } = await serve(await followed(zookeeper().address));
  expect((await get('/meta/nodes?detail')).json()).toMatchObject({
    details: { '127.0.0.1:34801': { status: 'UNKNOWN', replica_count: '16' } },
    summary: { total_node_count: '2', alive_node_count: 'unknown', unalive_node_count: 'unknown' },
  });
  expect((await get('/meta/cluster')).json()).toMatchObject({
    meta_servers: '127.0.0.1:34601,127.0.0.1:34602',
    primary_meta_server: '127.0.0.1:34601',
    zookeeper_hosts: zookeeper().address,
    zookeeper_root: ROOT,
    meta_function_level: 'unknown',
    balance_operation_count: 'unknown',
  });
});

describe('a change in ZooKeeper shows up', () => {
  const USERTABLE = `${ROOT}/apps/3`;
  const edited = (json: string, changes: object) => JSON.stringify({ ...JSON.parse(json), ...changes });

  interface Change {
    readonly change: string;
    readonly path: string;
    readonly put: object;
    readonly target: string;
    readonly shows: object;
  }

  it.each<Change>([
    {
      change: 'a ballot',
      path: `${USERTABLE}/2`,
      put: { ballot: 77 },
      target: '/meta/app?name=usertable&detail',
      shows: { replicas: { 2: { ballot: '77' } } },
    },
    {
      change: 'a primary lost',
      path: `${USERTABLE}/0`,
      put: { primary: 'invalid address', ballot: 9 },
      target: '/meta/app?name=usertable&detail',
      shows: { replicas: { 0: { primary: '-' } }, healthy: { read_unhealthy_partition_count: '1' } },
    },
    {
      change: 'a node that was never seen before',
      path: `${USERTABLE}/1`,
      put: { secondaries: ['10.9.8.7:34801'] },
      target: '/meta/nodes',
      shows: { details: { '10.9.8.7:34801': { status: 'UNKNOWN' } } },
    },
    {
      change: 'a table dropped',
      path: USERTABLE,
      put: { status: 'app_status::AS_DROPPED', drop_second: 1_795_464_800, expire_second: 1_795_551_200 },
      target: '/meta/app?name=usertable',
      shows: { error: 'ERR_OBJECT_NOT_FOUND' },
    },
    {
      change: 'a table renamed',
      path: USERTABLE,
      put: { app_name: 'users' },
      target: '/meta/app?name=users&detail',
      shows: { general: { app_id: '3' }, healthy: { fully_healthy_partition_count: '4' } },
    },
    {
      change: 'envs set',
      path: USERTABLE,
      put: { envs: { default_ttl: '86400', 'replica.slow_query_threshold': '30' } },
      target: '/meta/app_envs?name=usertable',
      shows: { default_ttl: '86400', 'replica.slow_query_threshold': '30' },
    },
    {
      change: 'the replicas that it wants',
      path: USERTABLE,
      put: { max_replica_count: 5 },
      target: '/meta/apps',
      shows: { general_info: { 3: { replica_count: '5' } } },
    },
    {
      change: 'a split under way, its new partitions not written yet',
      path: USERTABLE,
      put: { partition_count: 8, init_partition_count: 4 },
      target: '/meta/app?name=usertable&detail',
      shows: {
        general: { partition_count: '8' },
        healthy: { fully_healthy_partition_count: '4', unhealthy_partition_count: '4' },
      },
    },
  ])('$change', async ({ path, put, target, shows }) => {
    const writer = await stored(zookeeper().address, golden('healthy'));
    const { get } = await serve(await followed(zookeeper().address));
    await writer.put(path, edited(await writer.get(path), put));
    await vi.waitFor(async () => expect((await get(target)).json()).toMatchObject(shows));
  });

  it('a split: its children show as Pegasus shows them until their znodes are written', async () => {
    const writer = await stored(zookeeper().address, golden('healthy'));
    const cluster = await followed(zookeeper().address);
    const { get } = await serve(cluster);
    const rows = async (pidx: number) => {
      const { replicas } = (await get('/meta/app?name=usertable&detail')).json() as {
        replicas: Record<string, unknown>;
      };
      return replicas[pidx];
    };
    const child = { ballot: '-1', replica_count: '0/0', primary: '-', secondaries: '[]' };
    await writer.put(
      USERTABLE,
      edited(await writer.get(USERTABLE), { partition_count: 8, init_partition_count: 4 }),
    );
    for (const pidx of [4, 5, 6, 7])
      await vi.waitFor(async () => expect(await rows(pidx)).toEqual({ pidx: `${pidx}`, ...child }));
    const [before] = [cluster.metaState.app('usertable')?.partitions];
    // One child is created empty, as Pegasus does, and then registered by its parent.
    await writer.put(`${USERTABLE}/5`, '');
    const registered = { pid: '3.5', ballot: 17, max_replica_count: 3, primary: '127.0.0.1:34801' };
    await writer.put(`${USERTABLE}/5`, JSON.stringify({ ...registered, secondaries: ['127.0.0.1:34802'] }));
    await vi.waitFor(async () => expect(await rows(5)).toMatchObject({ ballot: '17', replica_count: '2/3' }));
    const after = cluster.metaState.app('usertable')?.partitions;
    expect(after?.filter((partition, i) => partition !== before?.[i])).toMatchObject([{ pidx: 5 }]);
  });

  it('the replicas that one partition wants', async () => {
    const writer = await stored(zookeeper().address, golden('healthy'));
    const { get } = await serve(await followed(zookeeper().address));
    const path = `${USERTABLE}/0`;
    await writer.put(path, edited(await writer.get(path), { max_replica_count: 5 }));
    await vi.waitFor(async () =>
      expect((await get('/meta/app?name=usertable&detail')).json()).toMatchObject({
        general: { max_replica_count: '5' },
        replicas: { 0: { replica_count: '3/5' }, 1: { replica_count: '3/3' } },
        healthy: { fully_healthy_partition_count: '3', unhealthy_partition_count: '1' },
      }),
    );
  });

  it('a table created, half-written at first, dropped, recalled, and gone', async () => {
    const writer = await stored(zookeeper().address, golden('healthy'));
    const { get } = await serve(await followed(zookeeper().address));
    const shows = (target: string, expected: object) =>
      vi.waitFor(async () => expect((await get(target)).json()).toMatchObject(expected));
    const app = {
      status: 'app_status::AS_AVAILABLE',
      app_type: 'pegasus',
      app_name: 'new',
      app_id: 9,
      partition_count: 2,
      envs: {},
      is_stateful: 1,
      max_replica_count: 1,
    };
    await writer.put(`${ROOT}/apps/9`, JSON.stringify(app));
    await shows('/meta/app?name=new&detail', { healthy: { unhealthy_partition_count: '2' } });
    for (const pidx of [0, 1]) await writer.put(`${ROOT}/apps/9/${pidx}`, '');
    for (const pidx of [0, 1]) {
      const partition = { pid: `9.${pidx}`, ballot: 1, primary: '127.0.0.1:34801', secondaries: [] };
      await writer.put(`${ROOT}/apps/9/${pidx}`, JSON.stringify(partition));
    }
    await writer.put(`${ROOT}/apps/9/duplication`, 'of another kind');
    await shows('/meta/app?name=new&detail', { healthy: { fully_healthy_partition_count: '2' } });
    await writer.put(`${ROOT}/apps/9`, edited(JSON.stringify(app), { status: 'app_status::AS_DROPPED' }));
    await shows('/meta/app?name=new', { error: 'ERR_OBJECT_NOT_FOUND' });
    await writer.put(`${ROOT}/apps/9`, JSON.stringify(app));
    await shows('/meta/app?name=new&detail', { healthy: { fully_healthy_partition_count: '2' } });
    await writer.remove(`${ROOT}/apps/9`);
    await shows('/meta/app?name=new', { error: 'ERR_OBJECT_NOT_FOUND' });
    await shows('/meta/apps', { summary: { total_app_count: '3' } });
  });

  it('another primary meta, by the lock', async () => {
    const { address } = zookeeper();
    await stored(address, golden('healthy'));
    const [first, second] = [await stored(address), await stored(address)];
    const lock = `${ROOT}/lock/dsn.meta.server.leader`;
    await first.hold(`${lock}/LOCKNODE0000000009`, '10.0.0.1:34601');
    await second.hold(`${lock}/LOCKNODE0000000010`, '10.0.0.2:34601');
    const { get } = await serve(
      await followed(address, { redirectToPrimary: (host) => `https://${host}/p` }),
    );
    expect((await get('/meta/apps')).headers['location']).toBe('https://10.0.0.1:34601/p/meta/apps');
    await first.remove(`${lock}/LOCKNODE0000000009`);
    await vi.waitFor(async () =>
      expect((await get('/meta/apps')).headers['location']).toBe('https://10.0.0.2:34601/p/meta/apps'),
    );
    await second.remove(`${lock}/LOCKNODE0000000010`);
    // No lock node is left there, so the other root counts, where the recorded servers hold theirs.
    await vi.waitFor(async () =>
      expect((await get('/meta/apps')).headers['location']).toBe('https://127.0.0.1:34601/p/meta/apps'),
    );
  });

  it('a lock on the tables: 503 until it is gone', async () => {
    const writer = await stored(zookeeper().address, golden('healthy'));
    const { get } = await serve(await followed(zookeeper().address));
    await writer.put(`${ROOT}/apps`, 'lock');
    await vi.waitFor(async () => expect((await get('/meta/apps')).status).toBe(503));
    await writer.put(`${ROOT}/apps`, 'unlock');
    await vi.waitFor(async () => expect((await get('/meta/apps')).status).toBe(200));
  });

  it('of one partition costs one read, and leaves the rest of the snapshot as it was', async () => {
    const writer = await stored(zookeeper().address, golden('more_tables'));
    const cluster = await followed(zookeeper().address);
    const [before, { read }] = [snapshotOf(cluster), cluster.progress()];
    const path = `${ROOT}/apps/4/17`;
    await writer.put(path, edited(await writer.get(path), { ballot: 99 }));
    await vi.waitFor(() => expect(snapshotOf(cluster)).not.toBe(before));
    const after = snapshotOf(cluster);
    expect(cluster.progress()).toEqual({ read: read + 1, waiting: 0 });
    expect(after.apps.filter((app, i) => app !== before.apps[i]).map(({ appName }) => appName)).toEqual([
      'big',
    ]);
    const [big, old] = [after.apps[3]?.partitions, before.apps[3]?.partitions];
    expect(big?.filter((partition, i) => partition !== old?.[i])).toMatchObject([{ pidx: 17, ballot: 99 }]);
    expect(after.nodes).toBe(before.nodes);
    expect(isDeeplyFrozen(after)).toBe(true);
  });
});

describe('garbage in a znode', () => {
  it.each([
    ['no JSON', 'garbage{'],
    ['no object', '[]'],
    ['the partition of another table', '{"pid":"7.1","ballot":1,"primary":"127.0.0.1:34801"}'],
    ['a ballot that is none', '{"pid":"3.1","ballot":-2,"primary":"127.0.0.1:34801"}'],
  ])('of a partition spoils its own table alone: %s', async (_, garbage) => {
    const writer = await stored(zookeeper().address, golden('healthy'));
    const onError = vi.fn();
    const { get } = await serve(await followed(zookeeper().address, { onError }));
    const path = `${ROOT}/apps/3/1`;
    const good = await writer.get(path);
    await writer.put(path, garbage);
    await vi.waitFor(async () => expect((await get('/meta/app?name=usertable')).status).toBe(500));
    const answer = await get('/meta/app?name=usertable');
    expect(answer.json()).toMatchObject({ error: 'ERR_INVALID_DATA' });
    expect(answer.body).not.toContain(ROOT);
    expect(onError).toHaveBeenCalledWith(
      expect.objectContaining({ code: 'ERR_INVALID_DATA', message: expect.stringContaining(path) }),
    );
    expect((await get('/meta/app?name=temp&detail')).status).toBe(200);
    expect((await get('/meta/apps')).json()).toMatchObject({ summary: { total_app_count: '3' } });
    await writer.put(path, good);
    await vi.waitFor(async () => expect((await get('/meta/app?name=usertable')).status).toBe(200));
  });

  it('of a table removes it from the lists, and requests for it fail', async () => {
    const writer = await stored(zookeeper().address, golden('healthy'));
    const { get } = await serve(await followed(zookeeper().address));
    await writer.put(`${ROOT}/apps/3`, 'garbage');
    await vi.waitFor(async () =>
      expect((await get('/meta/apps')).json()).toMatchObject({ summary: { total_app_count: '2' } }),
    );
    expect((await get('/meta/app?name=usertable')).json()).toMatchObject({ error: 'ERR_INVALID_DATA' });
    expect((await get('/meta/app?name=temp')).status).toBe(200);
  });

  it('of the first lock node: no other server is taken for the primary', async () => {
    const writer = await stored(zookeeper().address, golden('healthy'));
    await writer.hold(`${ROOT}/lock/dsn.meta.server.leader/LOCKNODE0000000001`, 'two words');
    await writer.hold(`${ROOT}/lock/dsn.meta.server.leader/LOCKNODE0000000002`, '10.0.0.2:34601');
    const cluster = await followed(zookeeper().address, {
      lockRoot: `${ROOT}/lock`,
      redirectToPrimary: true,
    });
    const { get } = await serve(cluster);
    expect((await get('/meta/apps')).json()).toMatchObject({ error: 'ERR_FORWARD_TO_OTHERS' });
  });
});

describe('the contract of a meta-state source', () => {
  const checks = metaStateContract(async () => {
    const writer = await stored(zookeeper().address, golden('healthy'));
    const cluster = await followed(zookeeper().address);
    const path = `${ROOT}/apps/1/1`;
    return {
      source: cluster.metaState,
      appName: 'stat',
      otherAppName: 'temp',
      async changePartition() {
        const before = snapshotOf(cluster);
        await writer.put(path, JSON.stringify({ ...JSON.parse(await writer.get(path)), ballot: 50 }));
        await vi.waitFor(() => expect(snapshotOf(cluster)).not.toBe(before));
      },
    };
  });
  it.each(checks)('$name', ({ run }) => run());
});

describe('ready, progress and close', () => {
  it('responds with 503 before it has read, and ready() gives the reason', async () => {
    const cluster = zookeeperCluster({ servers: zookeeper().address, clusterRoot: '/nowhere' });
    onTestFinished(() => cluster.close());
    const { get } = await serve(cluster);
    expect((await get('/meta/apps')).json()).toMatchObject({ error: 'ERR_SERVICE_NOT_ACTIVE' });
    await expect(cluster.ready(500)).rejects.toMatchObject({
      code: 'ERR_TIMEOUT',
      message: 'not ready within 500 ms: there is no znode /nowhere/apps: is clusterRoot right?',
    });
  });

  it('waits for a ZooKeeper that does not listen', async () => {
    const onError = vi.fn();
    const cluster = zookeeperCluster({ servers: '127.0.0.1:1', clusterRoot: ROOT, onError });
    await expect(cluster.ready(200)).rejects.toThrow(
      /127\.0\.0\.1:1 has closed the connection, or cannot be/,
    );
    expect(onError).toHaveBeenCalledOnce();
    const waiting = cluster.ready();
    await cluster[Symbol.asyncDispose]();
    await expect(waiting).rejects.toMatchObject({ code: 'ERR_SERVICE_NOT_ACTIVE' });
    await cluster.close();
  });

  it('responds with 503 after close()', async () => {
    await stored(zookeeper().address, golden('healthy'));
    const cluster = await followed(zookeeper().address);
    const { get } = await serve(cluster);
    await cluster.close();
    expect((await get('/meta/apps')).status).toBe(503);
  });

  it('obeys maxConcurrentReads', async () => {
    await stored(zookeeper().address, golden('more_tables'));
    const cluster = await followed(zookeeper().address, { maxConcurrentReads: 1 });
    expect(snapshotOf(cluster).apps.map(({ partitions }) => partitions.length)).toEqual([4, 8, 4, 64, 2]);
  });

  it('has perf counters', async () => {
    await stored(zookeeper().address, golden('healthy'));
    const cluster = await followed(zookeeper().address);
    const { get } = await serve(cluster);
    const { read } = cluster.progress();
    const counter = async (name: string) => (await get(`/perfCounter?name=meta*zookeeper*${name}`)).json();
    expect(await counter('state.age(s)')).toMatchObject({ type: 'NUMBER', value: '0.00' });
    expect(await counter('znode.read.count')).toMatchObject({ value: `${read}.00` });
    expect(await counter('znode.waiting.count')).toMatchObject({ value: '0.00' });
    expect(await counter('connection.lost.count')).toMatchObject({ value: '0.00' });
    expect(await counter('strange')).toMatchObject({ error: 'ERR_OBJECT_NOT_FOUND' });
  });

  it('shows the supplied values, and keeps the objects that are equal', async () => {
    await stored(zookeeper().address, golden('healthy'));
    let steady = true;
    const cluster = await followed(zookeeper().address, {
      nodes: () => [{ address: '127.0.0.1:34801', status: steady ? 'ALIVE' : 'UNALIVE' }],
      metaServers: () => ['10.0.0.1:34601'],
      metaFunctionLevel: () => 'lively',
      balanceOperations: () => ({ movePrimary: 1, copyPrimary: 2, copySecondary: 3 }),
    });
    const before = snapshotOf(cluster);
    expect(before.nodes.map(({ status }) => status)).toEqual(['ALIVE', 'UNKNOWN', 'UNKNOWN']);
    expect(snapshotOf(cluster)).toBe(before);
    steady = false;
    const after = snapshotOf(cluster);
    expect(after).not.toBe(before);
    expect(after.nodes.map((node, i) => node === before.nodes[i])).toEqual([false, true, true]);
    expect(after.balanceOperations).toBe(before.balanceOperations);
  });
});

function isDeeplyFrozen(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return Object.isFrozen(value) && Object.values(value).every(isDeeplyFrozen);
}
