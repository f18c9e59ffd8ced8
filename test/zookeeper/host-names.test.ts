import { describe, expect, it, vi } from 'vitest';
import { memoryCluster } from '../../lib/index.js';
import { electPrimary } from '../../lib/sources/zookeeper/index.js';
import { serve } from '../support/http.js';
import { RECORDED_ROOT, RECORDINGS, type Recording } from '../support/recordings.js';
import { followed, realZookeeper, snapshotOf, stored } from '../support/zookeeper.js';

const zookeeper = realZookeeper();
const PATIENCE = { timeout: 10_000 };

const healthy = RECORDINGS.find(
  ({ version, state }) => version === '2.6' && state === 'healthy',
) as Recording;
const oneDown = RECORDINGS.find(
  ({ version, state }) => version === '2.6' && state === 'one_node_down',
) as Recording;
const PARTITION = `${RECORDED_ROOT}/apps/2/3`;
const TARGETS = ['/meta/nodes?detail', '/meta/app?name=temp&detail', '/meta/app?name=stat&detail'];

/** What a meta server of 2.5 makes of a partition. */
function withoutNames(data: string): string {
  const { hp_primary, hp_secondaries, hp_last_drops, ...rest } = JSON.parse(data);
  return JSON.stringify({ ...rest, ballot: rest.ballot + 1 });
}

/** The forms of address in a text. */
const formsIn = (text: string) =>
  [/localhost:348/.test(text) && 'name', /127\.0\.0\.1:348/.test(text) && 'address'].filter(Boolean);

describe('host names in ZooKeeper', () => {
  it('change with the last partition that has none, and never mix with IP addresses', async () => {
    const writer = await stored(zookeeper().address, healthy);
    const cluster = await followed(zookeeper().address);
    const { get } = await serve(cluster, { compatibility: '2.6' });
    const forms = async () => {
      const found = await Promise.all(TARGETS.map(async (target) => formsIn((await get(target)).body)));
      return found.map((form) => form.join());
    };
    expect(await forms()).toEqual(['name', 'name', 'name']);
    const data = await writer.get(PARTITION);
    await writer.put(PARTITION, withoutNames(data));
    await vi.waitFor(async () => expect(await forms()).toEqual(['address', 'address', 'address']), PATIENCE);
    await writer.put(PARTITION, data);
    await vi.waitFor(async () => expect(await forms()).toEqual(['name', 'name', 'name']), PATIENCE);
  });

  it('cost one read when they change, and leave all other partitions as they were', async () => {
    const writer = await stored(zookeeper().address, healthy);
    const cluster = await followed(zookeeper().address);
    const before = snapshotOf(cluster);
    const { read } = cluster.progress();
    const data = JSON.parse(await writer.get(PARTITION));
    await writer.put(PARTITION, JSON.stringify({ ...data, ballot: 99 }));
    await vi.waitFor(() => expect(snapshotOf(cluster)).not.toBe(before), PATIENCE);
    expect(cluster.progress().read).toBe(read + 1);
    const after = snapshotOf(cluster);
    expect(after.nodes).toBe(before.nodes);
    const changed = after.apps.flatMap((app, i) =>
      app.partitions.filter((partition, k) => partition !== before.apps[i]?.partitions[k]),
    );
    expect(changed).toMatchObject([{ pidx: 3, ballot: 99, primary: expect.stringContaining('localhost:') }]);
  });

  it.each<[string, Recording, readonly string[]]>([
    ['IP addresses for names', oneDown, ['127.0.0.1:34801', '127.0.0.1:34802', '127.0.0.1:34803']],
    ['names for names', oneDown, ['localhost:34801', 'localhost:34802', 'localhost:34803']],
  ])('give supplied nodes their form: %s', async (_, recording, addresses) => {
    await stored(zookeeper().address, recording);
    // The third node is dead, and only the lists of dropped replicas name it.
    const nodes = addresses.map(
      (address, i) => ({ address, status: i === 2 ? 'UNALIVE' : 'ALIVE' }) as const,
    );
    const { get } = await serve(await followed(zookeeper().address, { nodes }), { compatibility: '2.6' });
    const recorded = recording.exchanges.find(
      ({ server, target }) => server === 'meta1' && target === '/meta/nodes?detail',
    );
    expect((await get('/meta/nodes?detail')).body).toBe(recorded?.body);
  });

  it('give supplied nodes IP addresses where the tables have IP addresses', async () => {
    const writer = await stored(zookeeper().address, healthy);
    await writer.put(PARTITION, withoutNames(await writer.get(PARTITION)));
    const nodes = () => [
      { address: 'localhost:34801', status: 'ALIVE' } as const,
      { address: 'x:1', status: 'ALIVE' } as const,
    ];
    const cluster = await followed(zookeeper().address, { nodes });
    expect(
      snapshotOf(cluster)
        .nodes.map(({ address }) => address)
        .sort(),
    ).toEqual(['127.0.0.1:34801', '127.0.0.1:34802', '127.0.0.1:34803', 'x:1']);
  });

  it('alone fail their table while other partitions have none', async () => {
    const writer = await stored(zookeeper().address, healthy);
    const onError = vi.fn();
    const cluster = await followed(zookeeper().address, { onError });
    const { get } = await serve(cluster);
    const other = `${RECORDED_ROOT}/apps/1/0`;
    const stat = JSON.parse(await writer.get(other));
    await writer.put(other, JSON.stringify({ ...stat, primary: 'invalid address' }));
    await vi.waitFor(() => expect(cluster.progress().waiting).toBe(0), PATIENCE);
    expect((await get('/meta/app?name=stat&detail')).status).toBe(200);
    await writer.put(PARTITION, withoutNames(await writer.get(PARTITION)));
    await vi.waitFor(async () => expect((await get('/meta/app?name=stat')).status).toBe(500), PATIENCE);
    expect((await get('/meta/app?name=stat')).json()).toMatchObject({ error: 'ERR_INVALID_DATA' });
    expect((await get('/meta/app?name=temp&detail')).status).toBe(200);
    expect(onError).toHaveBeenCalledWith(
      expect.objectContaining({ code: 'ERR_INVALID_DATA', message: expect.stringContaining('/apps/1 ') }),
    );
    await writer.put(other, JSON.stringify(stat));
    await vi.waitFor(async () => expect((await get('/meta/app?name=stat')).status).toBe(200), PATIENCE);
  });

  it('are redirected to, and elected', async () => {
    await stored(zookeeper().address, healthy);
    const follower = await serve(await followed(zookeeper().address, { redirectToPrimary: true }));
    expect((await follower.get('/meta/apps?detail')).headers['location']).toBe(
      'http://localhost:34601/meta/apps?detail',
    );
    const hosts = ['meta-1.example:34601', 'meta-2.example:34601'].map((address) =>
      electPrimary({
        servers: zookeeper().address,
        lockRoot: `${RECORDED_ROOT}/hosts`,
        address,
        sessionTimeoutMs: 1000,
      }),
    );
    try {
      const tables = memoryCluster({ apps: [{ appName: 'temp' }] });
      for (const host of hosts) await host.ready();
      const roles = () =>
        Promise.all(
          hosts.map((host) => host.wrap(tables.metaState).role({ signal: AbortSignal.timeout(10_000) })),
        );
      await vi.waitFor(async () => {
        const found = await roles();
        expect(found).toContainEqual({ role: 'primary' });
        expect(found).toContainEqual({
          role: 'backup',
          primaryUrl: expect.stringMatching(/^http:\/\/meta-[12]\.example:34601$/),
        });
      }, PATIENCE);
    } finally {
      await Promise.all(hosts.map((host) => host.close()));
    }
  });
});
