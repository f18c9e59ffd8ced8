import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { writeZookeeper } from '../../examples/zookeeper/writer.js';
import { zookeeperCluster } from '../../lib/sources/zookeeper/index.js';
import { golden } from '../support/fixtures.js';
import { serve } from '../support/http.js';
import { proxied } from '../support/proxy.js';
import { followed, ROOT, realZookeeper, refuse, snapshotOf, stored } from '../support/zookeeper.js';

const zookeeper = realZookeeper();
const PATIENCE = { timeout: 10_000 };

describe('while ZooKeeper cannot be reached', () => {
  it('serves the last known state with its age, then 503, then what is stored', async () => {
    const writer = await stored(zookeeper().address, golden('healthy'));
    const network = await proxied(zookeeper().address);
    const onError = vi.fn();
    const cluster = await followed(network.address, { maxStaleMs: 2500, onError });
    const { get } = await serve(cluster);
    const current = await get('/meta/apps?detail');
    expect(current.headers).not.toHaveProperty('age');

    network.freeze(true);
    await writer.put(`${ROOT}/apps/1/0`, '{"pid":"1.0","ballot":88,"primary":"10.0.0.1:1","secondaries":[]}');
    await vi.waitFor(async () => expect((await get('/meta/apps')).headers['age']).toBe('1'), PATIENCE);
    expect((await get('/meta/apps?detail')).body).toBe(current.body);
    expect((await get('/perfCounter?name=meta*zookeeper*state.age(s)')).json()).toMatchObject({
      value: expect.stringMatching(/^[12]\.\d\d$/),
    });
    await vi.waitFor(async () => expect((await get('/meta/apps')).status).toBe(503), PATIENCE);
    expect((await get('/meta/apps')).json()).toMatchObject({ error: 'ERR_SERVICE_NOT_ACTIVE' });
    expect(onError).toHaveBeenCalledOnce();
    expect(onError).toHaveBeenCalledWith(
      expect.objectContaining({
        code: 'ERR_NETWORK_FAILURE',
        message: `ZooKeeper at ${network.address} has stopped responding`,
      }),
    );

    network.freeze(false);
    await vi.waitFor(async () => {
      const answer = await get('/meta/app?name=stat&detail');
      expect(answer.headers).not.toHaveProperty('age');
      expect(answer.json()).toMatchObject({ replicas: { 0: { ballot: '88' } } });
    }, PATIENCE);
    expect((await get('/perfCounter?name=meta*zookeeper*connection.lost.count')).json()).toMatchObject({
      value: '1.00',
    });
  });

  it('keeps every object of the snapshot over a lost connection, and misses no change', async () => {
    const writer = await stored(zookeeper().address, golden('more_tables'));
    const network = await proxied(zookeeper().address);
    const cluster = await followed(network.address);
    const before = snapshotOf(cluster);
    network.cut();
    await vi.waitFor(() => expect(cluster.metaState.staleSince()).toBeDefined(), PATIENCE);
    await vi.waitFor(() => expect(cluster.metaState.staleSince()).toBeUndefined(), PATIENCE);
    expect(snapshotOf(cluster)).toBe(before);

    network.freeze(true);
    await writer.put(`${ROOT}/apps/5/1`, '{"pid":"5.1","ballot":9,"primary":"127.0.0.1:34801"}');
    await writer.remove(`${ROOT}/apps/1`);
    network.cut();
    network.freeze(false);
    await vi.waitFor(() => expect(cluster.metaState.app('stat')).toBeUndefined(), PATIENCE);
    const after = snapshotOf(cluster);
    expect(after.apps.map(({ appName }) => appName)).toEqual(['temp', 'usertable', 'big', 'five']);
    expect(after.apps[0]).toBe(before.apps[1]);
    expect(after.apps[3]?.partitions.map((p, i) => p === before.apps[4]?.partitions[i])).toEqual([
      true,
      false,
    ]);
    // The watches are set again.
    await writer.put(`${ROOT}/apps/5/0`, '{"pid":"5.0","ballot":10,"primary":"127.0.0.1:34801"}');
    await vi.waitFor(() => expect(cluster.metaState.app('five')?.partitions[0]?.ballot).toBe(10), PATIENCE);
  });

  it('comes back with more watches than fit into one packet of ZooKeeper', async () => {
    const writer = await stored(zookeeper().address, golden('healthy'));
    const app = JSON.parse(await writer.get(`${ROOT}/apps/1`));
    await writer.put(`${ROOT}/apps/1`, JSON.stringify({ ...app, partition_count: 30_000 }));
    const paths = Array.from({ length: 29_990 }, (_, i) => `${ROOT}/apps/1/${i + 4}`);
    // Not all at once: the writer's session must not time out.
    for (let i = 0; i < paths.length; i += 1000)
      await Promise.all(paths.slice(i, i + 1000).map((path) => writer.put(path, '')));
    const network = await proxied(zookeeper().address);
    const cluster = await followed(network.address, { sessionTimeoutMs: 2000 });
    const before = snapshotOf(cluster);
    network.cut();
    await vi.waitFor(() => expect(cluster.metaState.staleSince()).toBeDefined(), PATIENCE);
    await vi.waitFor(() => expect(cluster.metaState.staleSince()).toBeUndefined(), { timeout: 60_000 });
    expect(snapshotOf(cluster)).toBe(before);
    expect(network.connections()).toBe(2);
    // One partition that had a watch before, and one that is created only now.
    for (const pidx of [29_990, 29_999]) {
      const partition = { pid: `1.${pidx}`, ballot: 1, primary: '127.0.0.1:34801' };
      await writer.put(`${ROOT}/apps/1/${pidx}`, JSON.stringify(partition));
      await vi.waitFor(
        () => expect(cluster.metaState.app('stat')?.partitions.at(-1)?.pidx).toBe(pidx),
        PATIENCE,
      );
    }
  }, 120_000);

  it('comes back after ZooKeeper was killed and started again', async () => {
    const writer = await stored(zookeeper().address, golden('healthy'));
    const cluster = await followed(zookeeper().address);
    const before = snapshotOf(cluster);
    await zookeeper().kill();
    await vi.waitFor(() => expect(cluster.metaState.staleSince()).toBeDefined(), PATIENCE);
    await zookeeper().start();
    await vi.waitFor(() => expect(cluster.metaState.staleSince()).toBeUndefined(), PATIENCE);
    expect(snapshotOf(cluster).apps).toBe(before.apps);
    await vi.waitFor(() => writer.put(`${ROOT}/apps/2`, 'garbage'), PATIENCE);
    await vi.waitFor(() => expect(() => cluster.metaState.app('temp')).toThrow('cannot be read'), PATIENCE);
  });

  it('starts a new session when the old one has expired', async () => {
    await stored(zookeeper().address, golden('healthy'));
    const network = await proxied(zookeeper().address);
    const onError = vi.fn();
    const cluster = await followed(network.address, { sessionTimeoutMs: 400, onError });
    network.freeze(true);
    await new Promise((resolve) => setTimeout(resolve, 2000));
    network.cut();
    network.freeze(false);
    await vi.waitFor(() => expect(cluster.metaState.staleSince()).toBeUndefined(), PATIENCE);
    expect(snapshotOf(cluster).apps).toHaveLength(3);
  });

  it('connects to another server when one does not answer', async () => {
    await stored(zookeeper().address, golden('healthy'));
    const [one, other] = [await proxied(zookeeper().address), await proxied(zookeeper().address)];
    const cluster = await followed(`${one.address},${other.address}`);
    const [used, spare] = one.connections() > 0 ? [one, other] : [other, one];
    used.freeze(true);
    await vi.waitFor(() => expect(spare.connections()).toBe(1), PATIENCE);
    await vi.waitFor(() => expect(cluster.metaState.staleSince()).toBeUndefined(), PATIENCE);
  });
});

it.each([
  ['another protocol', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
  ['a packet of no known kind', Buffer.from([0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0])],
  ['a packet without an end', Buffer.from([0, 0, 0, 0])],
])('survives a server that speaks %s', async (_, answer) => {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', () => socket.write(answer));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const cluster = zookeeperCluster({
    servers: `127.0.0.1:${port}`,
    clusterRoot: ROOT,
    sessionTimeoutMs: 400,
  });
  onTestFinished(() => cluster.close());
  await expect(cluster.ready(1000)).rejects.toMatchObject({ code: 'ERR_TIMEOUT' });
});

describe('a znode that ZooKeeper refuses', () => {
  it.each([
    ['a partition', `${ROOT}/apps/3/1`],
    // The table exists, so 404 would be wrong, although its name is not known.
    ['a table', `${ROOT}/apps/3`],
  ])('%s: its table does not answer, the others do', async (_, path) => {
    await stored(zookeeper().address, golden('healthy'));
    await refuse(zookeeper().address, path);
    const onError = vi.fn();
    const { get } = await serve(await followed(zookeeper().address, { onError }));
    expect((await get('/meta/app?name=usertable')).status).toBe(500);
    expect((await get('/meta/app?name=temp')).status).toBe(200);
    expect(onError).toHaveBeenCalledWith(
      expect.objectContaining({ code: 'ERR_ZOOKEEPER_OPERATION', message: expect.stringContaining(path) }),
    );
  });
});

it('the writer of the examples closes after its session has expired', async () => {
  const network = await proxied(zookeeper().address);
  const writer = await writeZookeeper(network.address);
  await writer.hold('/writer/lock', '');
  onTestFinished(async () => (await stored(zookeeper().address)).remove('/writer'));
  network.freeze(true);
  const observer = await stored(zookeeper().address);
  // ZooKeeper has ended the session when its ephemeral znode is gone.
  await vi.waitFor(() => expect(observer.get('/writer/lock')).rejects.toThrow('NO_NODE'), PATIENCE);
  network.cut();
  network.freeze(false);
  await vi.waitFor(() => expect(network.connections()).toBe(2), PATIENCE);
  // The server tells the writer now that its session is over.
  await sleep(500);
  await writer.close();
});

describe('a process that closes what it has opened ends by itself', () => {
  const PROGRAM = fileURLToPath(new URL('../support/open-and-close.js', import.meta.url));

  it.each<[when: string, servers: () => string, root: string, milliseconds: number]>([
    ['when it was connected', () => zookeeper().address, ROOT, 1000],
    ['when it had just begun to connect', () => zookeeper().address, ROOT, 0],
    ['when there is no such cluster', () => zookeeper().address, '/nowhere', 300],
    ['when no server listens', () => '127.0.0.1:1', ROOT, 300],
    ['when no server answers', () => silent, ROOT, 300],
  ])('%s', async (_, servers, root, milliseconds) => {
    await stored(zookeeper().address, golden('healthy'));
    const child = spawn(process.execPath, [PROGRAM, servers(), root, String(milliseconds)], {
      stdio: 'inherit',
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    expect((await once(child, 'exit'))[0]).toBe(0);
  });

  let silent = '';
  beforeAll(async () => {
    const server = createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1');
    await once(server, 'listening');
    silent = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    return () => void server.close();
  });
});
