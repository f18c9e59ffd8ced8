import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { zookeeperCluster } from '../../lib/sources/zookeeper/index.js';
import { createIntern } from '../../lib/sources/zookeeper/intern.js';
import { parsePartition } from '../../lib/sources/zookeeper/stored-partition.js';
import { parseApp, parseLockOwner } from '../../lib/sources/zookeeper/znode-codec.js';
import { golden } from '../support/fixtures.js';
import { serve } from '../support/http.js';
import { followed, ROOT, realZookeeper, snapshotOf, stored } from '../support/zookeeper.js';

const zookeeper = realZookeeper();
const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));

const app = (appId: number, appName: string, rest: object = {}) =>
  JSON.stringify({
    status: 'app_status::AS_AVAILABLE',
    app_name: appName,
    app_id: appId,
    partition_count: 1,
    max_replica_count: 3,
    ...rest,
  });
const partition = (appId: number, pidx: number, rest: object = {}) =>
  JSON.stringify({ pid: `${appId}.${pidx}`, ballot: 1, primary: '10.0.0.1:34801', secondaries: [], ...rest });

describe('a number in a znode costs nothing', () => {
  it('reads what exists, and not what partition_count says', async () => {
    const writer = await stored(zookeeper().address, golden('healthy'));
    for (let appId = 10; appId < 15; appId++)
      await writer.put(`${ROOT}/apps/${appId}`, app(appId, `huge${appId}`, { partition_count: 1_000_000 }));
    await writer.put(`${ROOT}/apps/10/999999`, partition(10, 999_999));
    const cluster = await followed(zookeeper().address);
    // Two reads for each table, one for each partition that exists, and a few for the cluster.
    expect(cluster.progress().read).toBeLessThan(60);
    expect(cluster.metaState.app('huge10')).toMatchObject({
      partitionCount: 1_000_000,
      partitions: [{ pidx: 999_999 }],
    });
    await writer.put(`${ROOT}/apps/11/7`, partition(11, 7));
    await vi.waitFor(() => expect(cluster.metaState.app('huge11')?.partitions).toMatchObject([{ pidx: 7 }]));
    const { get } = await serve(cluster);
    expect((await get('/meta/app?name=temp&detail')).status).toBe(200);
  });

  it('passes over children that are no partitions of the table', async () => {
    const writer = await stored(zookeeper().address, golden('healthy'));
    for (const name of ['00', '01', '1e0', '4', '-1', ' 1', 'duplication', '9999999999'])
      await writer.put(`${ROOT}/apps/3/${name}`, partition(3, 1));
    const cluster = await followed(zookeeper().address);
    expect(cluster.metaState.app('usertable')?.partitions.map(({ pidx }) => pidx)).toEqual([0, 1, 2, 3]);
  });
});

it('drops and recalls a table without leaking watches', async () => {
  const warnings: Error[] = [];
  const onWarning = (warning: Error) => warnings.push(warning);
  process.on('warning', onWarning);
  onTestFinished(() => void process.off('warning', onWarning));
  const writer = await stored(zookeeper().address, golden('healthy'));
  const cluster = await followed(zookeeper().address);
  for (let i = 0; i < 15; i++) {
    await writer.put(`${ROOT}/apps/3`, app(3, 'usertable', { status: 'AS_DROPPED', partition_count: 4 }));
    await vi.waitFor(() => expect(cluster.metaState.app('usertable')?.status).toBe('DROPPED'));
    await writer.put(`${ROOT}/apps/3`, app(3, 'usertable', { partition_count: 4 }));
    await vi.waitFor(() => expect(cluster.metaState.app('usertable')?.partitions).toHaveLength(4));
  }
  // One read for one change, although the partition was watched sixteen times.
  const { read } = cluster.progress();
  await writer.put(`${ROOT}/apps/3/2`, partition(3, 2, { ballot: 99 }));
  await vi.waitFor(() => expect(cluster.metaState.app('usertable')?.partitions[2]?.ballot).toBe(99));
  expect(cluster.progress().read).toBe(read + 1);
  expect(warnings).toEqual([]);
});

it('reads a partition that is removed and created again', async () => {
  const writer = await stored(zookeeper().address, golden('healthy'));
  const cluster = await followed(zookeeper().address);
  for (let ballot = 100; ballot < 110; ballot++) {
    await writer.remove(`${ROOT}/apps/3/2`);
    await writer.put(`${ROOT}/apps/3/2`, partition(3, 2, { ballot }));
  }
  await vi.waitFor(() => expect(cluster.metaState.app('usertable')?.partitions[2]?.ballot).toBe(109));
});

describe('addresses', () => {
  const read = (rest: object) => () =>
    parsePartition(bytes({ ballot: 1, primary: 'a:1', secondaries: [], ...rest }), '/apps/1/0', 1, 0);

  it.each([
    [
      'of 500,000 characters',
      { primary: `${'x'.repeat(500_000)}:1` },
      'an address of 300 characters at most',
    ],
    [
      'of 301 characters',
      { secondaries: [`${'x'.repeat(299)}:1`] },
      'secondaries[0] must be an address of 300',
    ],
    ['without a port', { primary: '10.0.0.1' }, 'primary must be an address such as'],
    ['two in one', { primary: 'a:1,b:1' }, 'primary must be an address such as'],
    ['100,000 of them', { secondaries: Array(100_000).fill('a:1') }, 'a list of 100 addresses at most'],
    ['of a wrong type', { secondaries: [1] }, 'secondaries[0] must be an address'],
  ])('are refused: %s', (_, rest, message) => {
    expect(read(rest)).toThrow(message);
    expect(read(rest)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_DATA' }));
  });

  it('of 300 characters are taken, and 100 secondaries', () => {
    expect(read({ primary: `${'x'.repeat(298)}:1`, secondaries: Array(100).fill('b:1') })()).toMatchObject({
      address: { primary: `${'x'.repeat(298)}:1` },
    });
  });

  it('share one string in a pool that does not grow beyond its size', () => {
    const checked = vi.fn((value: unknown) => `${value}`);
    const intern = createIntern(30);
    for (const text of ['10.0.0.1:1', '10.0.0.1:1', '10.0.0.2:1']) intern(text, checked);
    expect(checked).toHaveBeenCalledTimes(2);
    // 30 characters are full: the fourth address empties the pool, and the first one is checked again.
    for (const text of ['10.0.0.3:1', '10.0.0.4:1', '10.0.0.1:1']) intern(text, checked);
    expect(checked).toHaveBeenCalledTimes(5);
  });
});

describe('a lock node whose owner is not host:port elects no primary', () => {
  it.each(['10.0.0.1:34601', 'meta-1.example.org:34601', 'META:1', '[::1]:34601', '[2001:db8::7]:65535'])(
    'takes %s',
    (owner) => {
      expect(parseLockOwner(Buffer.from(owner))).toBe(owner);
    },
  );

  it.each([
    'evil.example/phish',
    'evil.example:80/a/../b//',
    'user@evil.example:80',
    ':pw@evil.example:80',
    'evil.example:80?x=',
    'evil.example:80#',
    '//evil.example:80',
    '\\evil.example:80',
    'x',
    '127.1:34601',
    '0x7f.1:34601',
    '0:34601',
    '2130706433:34601',
    '010.0.0.1:34601',
    '[0:0::1]:34601',
    'a:0',
    'a:99999',
    'javascript:alert(1)',
    '10.0.0.1:34601,10.0.0.2:34601',
    '"><script>:80',
    'a%00:80',
    'ａ.example:80',
    '10.0.0.1:34601\r\nSet-Cookie: a=b',
  ])('refuses %j', (owner) => {
    expect(parseLockOwner(Buffer.from(owner))).toBeUndefined();
  });

  it('has 300 characters at most', () => {
    expect(parseLockOwner(Buffer.from(`${'a'.repeat(200)}:1`))).toBeDefined();
    expect(parseLockOwner(Buffer.from(`${'a'.repeat(299)}:1`))).toBeUndefined();
    expect(parseLockOwner(Buffer.from(' '.repeat(1_000_000)))).toBeUndefined();
  });

  it('sends no client anywhere, and reports the znode', async () => {
    const writer = await stored(zookeeper().address, golden('healthy'));
    const node = `${ROOT}/lock/dsn.meta.server.leader/LOCKNODE0000000001`;
    await writer.hold(node, 'evil.example/phish');
    const onError = vi.fn();
    const cluster = await followed(zookeeper().address, { redirectToPrimary: true, onError });
    const { get } = await serve(cluster);
    expect((await get('/meta/apps')).json()).toMatchObject({ error: 'ERR_FORWARD_TO_OTHERS' });
    expect(onError).toHaveBeenCalledWith(
      expect.objectContaining({ code: 'ERR_INVALID_DATA', message: expect.stringContaining(node) }),
    );
  });
});

describe('a znode that cannot be read', () => {
  it('of a dropped table leaves the living table of its name alone', async () => {
    const writer = await stored(zookeeper().address, golden('healthy'));
    await writer.put(`${ROOT}/apps/8`, app(8, 'temp', { status: 'AS_DROPPED' }));
    const { get } = await serve(await followed(zookeeper().address));
    await writer.put(`${ROOT}/apps/8`, '{}');
    await writer.put(`${ROOT}/apps/9`, app(9, 'last'));
    await vi.waitFor(async () => expect((await get('/meta/app?name=last')).status).toBe(200));
    expect((await get('/meta/app?name=temp')).json()).toMatchObject({ general: { app_id: '2' } });
  });

  it('is the same to a reader from before and to a new one', async () => {
    const writer = await stored(zookeeper().address, golden('healthy'));
    const before = await serve(await followed(zookeeper().address));
    await writer.put(`${ROOT}/apps/3`, '{}');
    await vi.waitFor(async () => expect((await before.get('/meta/app?name=usertable')).status).toBe(500));
    const after = await serve(await followed(zookeeper().address));
    for (const target of [
      '/meta/app?name=usertable',
      '/meta/app?name=temp',
      '/meta/app?name=nope',
      '/meta/apps',
    ]) {
      const [old, fresh] = [await before.get(target), await after.get(target)];
      expect({ status: fresh.status, body: fresh.body }, target).toEqual({
        status: old.status,
        body: old.body,
      });
    }
    await writer.remove(`${ROOT}/apps/3/0`);
    for (const pidx of [1, 2, 3]) await writer.remove(`${ROOT}/apps/3/${pidx}`);
    await writer.remove(`${ROOT}/apps/3`);
    await vi.waitFor(async () => expect((await after.get('/meta/app?name=nope')).status).toBe(404));
  });

  it.each([
    ['no JSON', '\r\n\u001b[31mERROR forged\u009b1m\u2028line'],
    ['a status', app(3, 'x', { status: '\u009bforged\u2028\u202eline\u007f' })],
    ['an env of a long name', app(3, 'x', { envs: { [`\u001b${'x'.repeat(100_000)}`]: 1 } })],
  ])('is reported in one short line without controls: %s', async (_, data) => {
    const writer = await stored(zookeeper().address, golden('healthy'));
    await writer.put(`${ROOT}/apps/3`, data);
    const onError = vi.fn();
    await followed(zookeeper().address, { onError });
    const [[error]] = onError.mock.calls as [[Error]];
    expect(error.message).toContain(`znode ${ROOT}/apps/3 cannot be read: `);
    expect(error.message).toMatch(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]{1,500}$/u);
    // A log prints the causes as well.
    expect(error.cause).toBeUndefined();
  });
});

it.each([
  ['partition_count', { partition_count: 1_000_001 }],
  ['init_partition_count', { init_partition_count: 'x' }],
  ['envs', { envs: Object.fromEntries(Array.from({ length: 10_001 }, (_, i) => [`k${i}`, 'v'])) }],
])('bounds %s', (field, rest) => {
  expect(() => parseApp(Buffer.from(app(1, 'temp', rest)), '/apps/1', 1)).toThrow(`${field} must be`);
});

it('does not watch the children of apps that are no tables', async () => {
  const writer = await stored(zookeeper().address, golden('healthy'));
  for (const name of ['0', '01', '-1', 'x', '99999999999'])
    await writer.put(`${ROOT}/apps/${name}`, app(1, 'x'));
  const cluster = zookeeperCluster({ servers: zookeeper().address, clusterRoot: ROOT });
  onTestFinished(() => cluster.close());
  await cluster.ready();
  expect(snapshotOf(cluster).apps.map(({ appId }) => appId)).toEqual([1, 2, 3]);
});
