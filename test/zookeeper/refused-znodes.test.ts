import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { zookeeperCluster } from '../../lib/sources/zookeeper/index.js';
import { golden } from '../support/fixtures.js';
import { serve } from '../support/http.js';
import { proxied } from '../support/proxy.js';
import { CREATE, followed, ROOT, realZookeeper, refuse, stored } from '../support/zookeeper.js';

const zookeeper = realZookeeper();
const PATIENCE = { timeout: 15_000 };
const APPS = `${ROOT}/apps`;
const REFUSED = `ZooKeeper refuses ${APPS}: Exception: NO_AUTH[-102]`;

describe('a list of tables that ZooKeeper refuses', () => {
  it('is not absent: ready() and onError name the refusal, and the source tries again', async () => {
    await stored(zookeeper().address, golden('healthy'));
    const giveBack = await refuse(zookeeper().address, APPS);
    const onError = vi.fn();
    const servers = zookeeper().address;
    const cluster = zookeeperCluster({ servers, clusterRoot: ROOT, sessionTimeoutMs: 2000, onError });
    onTestFinished(() => cluster.close());
    const { get } = await serve(cluster);
    await expect(cluster.ready(5000)).rejects.toMatchObject({
      code: 'ERR_TIMEOUT',
      message: `not ready within 5000 ms: not read yet: ${REFUSED}`,
    });
    expect((await get('/meta/apps')).json()).toMatchObject({ error: 'ERR_SERVICE_NOT_ACTIVE' });
    // One report, although it was tried more than once.
    expect(onError.mock.calls.map(([error]) => error)).toEqual([
      expect.objectContaining({ code: 'ERR_ZOOKEEPER_OPERATION', message: REFUSED }),
    ]);
    await giveBack();
    await cluster.ready();
    expect((await get('/meta/apps')).status).toBe(200);
  });

  it('grows old when it was read before, is 503 after maxStaleMs, and is current when it can be read again', async () => {
    const writer = await stored(zookeeper().address, golden('healthy'));
    const cluster = await followed(zookeeper().address, { maxStaleMs: 2500 });
    const { get } = await serve(cluster);
    const giveBack = await refuse(zookeeper().address, APPS, CREATE);
    const app = JSON.parse(await writer.get(`${APPS}/3`));
    await writer.put(`${APPS}/9`, JSON.stringify({ ...app, app_id: 9, app_name: 'new' }));
    await vi.waitFor(async () => expect((await get('/meta/apps')).headers['age']).toBe('1'), PATIENCE);
    await vi.waitFor(async () => expect((await get('/meta/apps')).status).toBe(503), PATIENCE);
    await expect(cluster.ready(10)).rejects.toThrow(`older than maxStaleMs allows: ${REFUSED}`);
    await giveBack();
    await vi.waitFor(async () => {
      const answer = await get('/meta/apps');
      expect(answer.headers).not.toHaveProperty('age');
      expect(answer.json()).toMatchObject({ summary: { total_app_count: '4' } });
    }, PATIENCE);
  });

  it('does not become younger over a new connection', async () => {
    await stored(zookeeper().address, golden('healthy'));
    const network = await proxied(zookeeper().address);
    const cluster = await followed(network.address, { maxStaleMs: 3000 });
    const { get } = await serve(cluster);
    await refuse(zookeeper().address, APPS);
    network.cut();
    await vi.waitFor(() => expect(network.connections()).toBe(2), PATIENCE);
    // The tables of the last connection are served with their age, and are not taken for an empty cluster.
    await vi.waitFor(async () => {
      const answer = await get('/meta/apps');
      expect(answer.headers['age']).toBe('2');
      expect(answer.json()).toMatchObject({ summary: { total_app_count: '3' } });
    }, PATIENCE);
    await vi.waitFor(async () => expect((await get('/meta/apps')).status).toBe(503), PATIENCE);
  });
});

it.each([
  ['a partition', `${APPS}/3/1`],
  ['the list of partitions, and the table', `${APPS}/3`],
])('%s that ZooKeeper refuses is read when it can be', async (_, path) => {
  await stored(zookeeper().address, golden('healthy'));
  const giveBack = await refuse(zookeeper().address, path);
  const { get } = await serve(await followed(zookeeper().address));
  expect((await get('/meta/app?name=usertable')).status).toBe(500);
  await giveBack();
  await vi.waitFor(
    async () => expect((await get('/meta/app?name=usertable&detail')).status).toBe(200),
    PATIENCE,
  );
});

it.each([
  ['the lock', ''],
  ['the first lock node', '/LOCKNODE0000000000'],
])('%s that ZooKeeper refuses: no old primary, and no other one', async (_, child) => {
  const writer = await stored(zookeeper().address, golden('healthy'));
  const lock = `${ROOT}/lock/dsn.meta.server.leader`;
  await writer.hold(`${lock}/LOCKNODE0000000000`, '10.0.0.1:34601');
  await writer.hold(`${lock}/LOCKNODE0000000001`, '10.0.0.2:34601');
  const giveBack = await refuse(zookeeper().address, lock + child);
  // The recorded servers hold a lock below the root itself, where the source looks next.
  const cluster = await followed(zookeeper().address, { redirectToPrimary: true });
  expect(cluster.metaState.role()).toEqual({ role: 'backup', primaryUrl: null });
  await giveBack();
  await vi.waitFor(
    () => expect(cluster.metaState.role()).toEqual({ role: 'backup', primaryUrl: 'http://10.0.0.1:34601' }),
    PATIENCE,
  );
});
