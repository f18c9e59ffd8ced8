import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { memoryCluster } from '../../lib/index.js';
import { loadPeer } from '../../lib/sources/optional-peer.js';
import { createBudget, watchChildren } from '../../lib/sources/zookeeper/child-watcher.js';
import { createFrameReader } from '../../lib/sources/zookeeper/framing.js';
import { type ZookeeperClusterOptions, zookeeperCluster } from '../../lib/sources/zookeeper/index.js';
import { inLockOrder, lockPath } from '../../lib/sources/zookeeper/lock.js';
import { createRotation } from '../../lib/sources/zookeeper/rotation.js';
import { backoffDelay } from '../../lib/sources/zookeeper/session.js';
import { parsePartition } from '../../lib/sources/zookeeper/stored-partition.js';
import type { ZnodeWatcher } from '../../lib/sources/zookeeper/watch-types.js';
import { parseApp, parseLockOwner } from '../../lib/sources/zookeeper/znode-codec.js';
import { serve } from '../support/http.js';

const bytes = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));

describe('the znode of a table', () => {
  const V1_12 = {
    status: 'app_status::AS_AVAILABLE',
    app_type: 'pegasus',
    app_name: 'temp',
    app_id: 2,
    partition_count: 8,
    envs: { k: 'v' },
    is_stateful: 1,
    max_replica_count: 3,
    expire_second: 0,
    create_second: 1_565_843_655,
    drop_second: 0,
    duplicating: 0,
    init_partition_count: -1,
  };
  const read = {
    appId: 2,
    appName: 'temp',
    appType: 'pegasus',
    status: 'AVAILABLE',
    partitionCount: 8,
    maxReplicaCount: 3,
    isStateful: true,
    createSecond: 1_565_843_655,
    dropSecond: 0,
    expireSecond: 0,
    envs: { k: 'v' },
  };

  it.each<[version: string, stored: object]>([
    ['1.12', V1_12],
    ['2.0', { ...V1_12, is_bulk_loading: 0 }],
    ['2.5, with booleans', { ...V1_12, is_stateful: true, duplicating: false, is_bulk_loading: false }],
    ['a later master', { ...V1_12, is_bulk_loading: false, atomic_idempotent: true, never_heard_of: [1] }],
    ['one without what is not needed', { ...V1_12, app_type: undefined, is_stateful: undefined }],
  ])('is read as %s writes it', (_, stored) => {
    expect(parseApp(bytes(stored), '/apps/2', 2)).toEqual(read);
  });

  it('keeps __proto__ as a key like any other', () => {
    const stored = JSON.stringify(V1_12).replace('{"k":"v"}', '{"__proto__":"v"}');
    expect(Object.entries(parseApp(bytes(stored), '/apps/2', 2).envs)).toEqual([['__proto__', 'v']]);
  });

  it.each([
    ['', 'JSON'],
    ['null', 'the whole must be an object'],
    [Buffer.from([0xff, 0xfe]), 'encoded data'],
    [{ ...V1_12, app_id: 3 }, 'app_id must be an integer from 2 to 2, not 3'],
    [{ ...V1_12, app_name: '' }, 'app_name must be a non-empty string'],
    [{ ...V1_12, status: 'app_status::AS_INVALID' }, 'status must be one of AVAILABLE'],
    [{ ...V1_12, partition_count: 1e9 }, 'partition_count must be an integer from 1 to 1000000'],
    [{ ...V1_12, partition_count: undefined }, 'partition_count must be an integer'],
    [{ ...V1_12, is_stateful: 2 }, 'is_stateful must be true or false'],
    [{ ...V1_12, create_second: 1_565_843_655_000 }, 'create_second must be a time in unix seconds'],
    [{ ...V1_12, envs: { k: 1 } }, 'envs["k"] must be a string'],
  ])('is garbage, and the error says why: %j', (stored, why) => {
    const data = Buffer.isBuffer(stored) ? stored : bytes(stored);
    const parse = () => parseApp(data, '/p/apps/2', 2);
    expect(parse).toThrow(expect.objectContaining({ code: 'ERR_INVALID_DATA' }));
    expect(parse).toThrow(why);
    expect(parse).toThrow('/p/apps/2');
  });
});

describe('the znode of a partition', () => {
  const V1_12 = {
    pid: '2.0',
    ballot: 3,
    max_replica_count: 3,
    primary: '127.0.0.1:34801',
    secondaries: ['127.0.0.1:34802'],
    last_drops: [],
    last_committed_decree: 0,
    partition_flags: 0,
  };
  const none = 'invalid address';

  it.each<[what: string, stored: object, primary: string | null, secondaries: string[]]>([
    ['1.12', V1_12, '127.0.0.1:34801', ['127.0.0.1:34802']],
    ['no primary', { ...V1_12, primary: none }, null, ['127.0.0.1:34802']],
    ['no replica', { ...V1_12, primary: none, secondaries: [] }, null, []],
    [
      'an empty place',
      { ...V1_12, secondaries: [none, '127.0.0.1:34803'] },
      '127.0.0.1:34801',
      ['127.0.0.1:34803'],
    ],
    [
      'a later master',
      { ...V1_12, hp_primary: 'a:34801', hp_secondaries: ['b:34801'] },
      '127.0.0.1:34801',
      ['127.0.0.1:34802'],
    ],
    [
      'a host name',
      { ...V1_12, primary: 'node-1.local:34801', pid: undefined },
      'node-1.local:34801',
      ['127.0.0.1:34802'],
    ],
  ])('%s', (_, stored, primary, secondaries) => {
    expect(parsePartition(bytes(stored), '/apps/2/0', 2, 0)?.address).toEqual({
      pidx: 0,
      ballot: 3,
      primary,
      secondaries,
      maxReplicaCount: 3,
    });
  });

  it.each([
    ['a count of its own', 5, { maxReplicaCount: 5 }],
    ['none of its own', undefined, {}],
  ])('wants %s', (_, count, wanted) => {
    const stored = bytes({ ...V1_12, max_replica_count: count });
    const { pidx, ballot, primary, secondaries, ...rest } =
      parsePartition(stored, '/apps/2/0', 2, 0)?.address ?? {};
    expect(rest).toEqual(wanted);
  });

  describe('with host names', () => {
    const none = 'invalid host_port';
    const named = { hp_primary: 'a:34801', hp_secondaries: ['b:34802'], hp_last_drops: [] };
    const forms = (stored: object) => {
      const { address, name, drops } =
        parsePartition(bytes({ ...V1_12, ...stored }), '/apps/2/0', 2, 0) ?? {};
      const replicas = (form: typeof address) => form && [form.primary, ...form.secondaries];
      return { address: replicas(address), name: replicas(name), drops };
    };
    const addresses = ['127.0.0.1:34801', '127.0.0.1:34802'];

    it.each<[string, object, { address: unknown; name: unknown; drops?: unknown }]>([
      ['of 2.6', named, { address: addresses, name: ['a:34801', 'b:34802'] }],
      ['of 2.5, which writes none', {}, { address: addresses, name: undefined }],
      [
        'no primary',
        { ...named, primary: 'invalid address', hp_primary: none },
        { address: [null, '127.0.0.1:34802'], name: [null, 'b:34802'] },
      ],
      ['a primary without a name', { ...named, hp_primary: none }, { address: addresses, name: undefined }],
      [
        'a secondary without a name',
        { ...named, hp_secondaries: [none] },
        { address: addresses, name: undefined },
      ],
      ['fewer names', { ...named, hp_secondaries: [] }, { address: addresses, name: undefined }],
      [
        'a primary whose name does not resolve',
        { ...named, primary: 'invalid address' },
        { address: undefined, name: ['a:34801', 'b:34802'] },
      ],
      [
        'a secondary whose name does not resolve',
        { ...named, secondaries: ['invalid address'] },
        { address: undefined, name: ['a:34801', 'b:34802'] },
      ],
      [
        'no replica',
        { primary: 'invalid address', secondaries: [], hp_primary: none, hp_secondaries: [] },
        { address: [null], name: [null] },
      ],
      [
        'no replica, written by 2.5',
        { primary: 'invalid address', secondaries: [] },
        { address: [null], name: [null] },
      ],
      [
        'dropped replicas',
        {
          last_drops: ['127.0.0.1:1', '127.0.0.1:2', 'invalid address'],
          hp_last_drops: ['a:1', none, 'c:3'],
        },
        { address: addresses, name: undefined, drops: [['127.0.0.1:1', 'a:1']] },
      ],
      [
        'dropped replicas that cannot be paired',
        { last_drops: ['127.0.0.1:1'], hp_last_drops: [] },
        { address: addresses, name: undefined },
      ],
      [
        'dropped replicas that are no addresses',
        { last_drops: [17], hp_last_drops: ['/'] },
        { address: addresses, name: undefined },
      ],
    ])('%s', (_, stored, expected) => {
      expect(forms(stored)).toEqual({ drops: [], ...expected });
    });

    it.each<[object, string]>([
      [{ hp_primary: 'a' }, 'hp_primary must be an address'],
      [{ hp_primary: 17 }, 'hp_primary must be an address'],
      [{ hp_secondaries: 'a:1' }, 'hp_secondaries must be an array'],
      [{ hp_secondaries: [null] }, 'hp_secondaries[0] must be an address'],
      [{ hp_secondaries: Array(101).fill('a:1') }, 'hp_secondaries must be a list of 100 addresses at most'],
    ])('refuses %j', (stored, message) => {
      expect(() => forms(stored)).toThrow(message);
    });
  });

  it('is missing while its znode is empty', () => {
    expect(parsePartition(Buffer.alloc(0), '/apps/2/0', 2, 0)).toBeUndefined();
  });
});

describe('the lock', () => {
  it('is led by the lowest number', () => {
    const names = ['LOCKNODE0000000010', 'stranger', 'LOCKNODE0000000009', 'LOCKNODE', 'LOCKNODE2147483648'];
    expect(inLockOrder(names)).toEqual(['LOCKNODE0000000009', 'LOCKNODE0000000010', 'LOCKNODE2147483648']);
    expect(lockPath('/')).toBe('/dsn.meta.server.leader');
    expect(lockPath('/pegasus/lock')).toBe('/pegasus/lock/dsn.meta.server.leader');
  });

  it.each([
    ['127.0.0.1:34601', '127.0.0.1:34601'],
    ['127.0.0.1:34601\n', '127.0.0.1:34601'],
    ['', undefined],
    ['two words', undefined],
  ])('owner %j', (data, owner) => {
    expect(parseLockOwner(Buffer.from(data))).toBe(owner);
  });
});

describe('frames', () => {
  const packet = (...bytes: number[]) => Buffer.from([0, 0, 0, bytes.length, ...bytes]);

  it('come out whole from any chunks', () => {
    const packets = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 20 });
    fc.assert(
      fc.property(packets, fc.array(fc.nat(60), { minLength: 1 }), (all, sizes) => {
        const sent = all.map((bytes) => packet(...bytes));
        const stream = Buffer.concat(sent);
        const received: Buffer[] = [];
        const read = createFrameReader((one) => received.push(one));
        for (let start = 0, i = 0; start < stream.length; i++) {
          const end = start + 1 + (sizes[i % sizes.length] ?? 0);
          read(stream.subarray(start, end));
          start = end;
        }
        expect(received).toEqual(sent);
      }),
    );
  });

  it.each([
    ['a negative one', [0xff, 0xff, 0xff, 0xff]],
    ['one of 1.2 GB (HTTP)', [...Buffer.from('HTTP/1.1')]],
  ])('must have a possible length: not %s', (_, bytes) => {
    expect(() => createFrameReader(() => {})(Buffer.from(bytes))).toThrow('a frame of');
  });
});

describe('zookeeperCluster refuses at once', () => {
  const fine = { servers: '127.0.0.1:2181', clusterRoot: '/pegasus' };
  it.each<[wrong: object, message: string]>([
    [{ servers: '' }, 'servers[0] must be an address'],
    [{ servers: [] }, 'servers must be at least one address'],
    [{ servers: 17 }, 'servers must be "host:port,host:port" or an array, not 17'],
    [{ servers: '10.0.0.1' }, 'servers[0] must be an address such as'],
    [{ servers: '[::1]:2181' }, 'servers[0] must be a host name or an IPv4 address'],
    [{ clusterRoot: 'pegasus' }, 'clusterRoot must be the path of a znode such as "/pegasus/temp"'],
    [{ clusterRoot: '/a//b' }, 'clusterRoot must be the path'],
    [{ lockRoot: '/a/../b' }, 'lockRoot must be the path'],
    [{ sessionTimeoutMs: 0 }, 'sessionTimeoutMs must be an integer from 100'],
    [{ maxStaleMs: -1 }, 'maxStaleMs must be a number of milliseconds from 0 to Infinity'],
    [{ maxConcurrentReads: 0 }, 'maxConcurrentReads must be an integer from 1'],
    [{ redirectToPrimary: 'yes' }, 'redirectToPrimary must be a function'],
    [{ onError: true }, 'onError must be a function'],
    [{ zookeeperHosts: 'a:1' }, 'zookeeperHosts must be an array'],
  ])('%j', (wrong, message) => {
    expect(() => zookeeperCluster({ ...fine, ...wrong } as ZookeeperClusterOptions)).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_PARAMETERS', message: expect.stringContaining(message) }),
    );
  });
});

it('names the package to install when the client library is missing', () => {
  const require = createRequire('/nowhere/at/all.js');
  expect(() => loadPeer('node-zookeeper-client', 'pegasus-http/zookeeper', require)).toThrow(
    'pegasus-http/zookeeper needs the package node-zookeeper-client: npm install node-zookeeper-client',
  );
});

it('waits longer after each failure, up to five seconds, with a random part', () => {
  const most = [0, 1, 2, 3, 6, 7, 50].map((failures) => backoffDelay(failures, () => 0));
  expect(most).toEqual([50, 100, 200, 400, 3200, 5000, 5000]);
  expect(backoffDelay(2, () => 0.999)).toBeLessThan(101);
});

describe('the age of a source', () => {
  const aged = (staleSince: unknown) => {
    const { metaState } = memoryCluster({ apps: [{ appName: 'temp' }] });
    return { metaState: { ...metaState, staleSince: staleSince as () => number | undefined } };
  };

  it.each<[what: string, since: () => unknown, age: string | undefined]>([
    ['current', () => undefined, undefined],
    ['12 seconds old', () => Date.now() / 1000 - 12.5, '12'],
    ['of this moment', () => Date.now() / 1000, '0'],
    ['from a clock that runs ahead', () => Date.now() / 1000 + 60, '0'],
    ['said by a promise', async () => Date.now() / 1000 - 3.5, '3'],
  ])('%s', async (_, since, age) => {
    const { get } = await serve(aged(since));
    for (const target of ['/meta/apps', '/meta/app?name=temp', '/meta/nodes', '/meta/cluster']) {
      const answer = await get(target);
      expect(answer.status).toBe(200);
      expect(answer.headers['age'], target).toBe(age);
    }
  });

  it('is 500 when it is no time, and onError is called', async () => {
    const onError = vi.fn();
    const { get } = await serve(
      aged(() => 'yesterday'),
      { onError },
    );
    expect((await get('/meta/apps')).json()).toMatchObject({ error: 'ERR_UNKNOWN' });
    expect(onError).toHaveBeenCalledOnce();
  });

  it('must be a function', async () => {
    await expect(serve(aged(12))).rejects.toThrow('source.metaState.staleSince must be a function, not 12');
  });
});

describe('a node of unknown status', () => {
  const nodes = [
    { address: '127.0.0.1:34801', status: 'ALIVE' },
    { address: '127.0.0.1:34802', status: 'UNKNOWN' },
  ] as const;

  it('makes the counts of nodes unknown', async () => {
    const { get } = await serve(memoryCluster({ nodes }));
    expect((await get('/meta/nodes')).json()).toEqual({
      details: {
        '127.0.0.1:34801': { address: '127.0.0.1:34801', status: 'ALIVE' },
        '127.0.0.1:34802': { address: '127.0.0.1:34802', status: 'UNKNOWN' },
      },
      summary: { total_node_count: '2', alive_node_count: 'unknown', unalive_node_count: 'unknown' },
    });
  });

  it('counts as alive for the balance', async () => {
    const partitions = [
      { primary: nodes[0].address },
      { primary: nodes[0].address },
      { primary: nodes[1].address },
    ];
    const { get } = await serve(
      memoryCluster({ nodes, apps: [{ appName: 'temp', partitions }], metaFunctionLevel: 'unknown' }),
    );
    expect((await get('/meta/cluster')).json()).toMatchObject({
      primary_replica_count_stddev: '0.50',
      meta_function_level: 'unknown',
    });
  });
});

describe('children', () => {
  /** A watcher that never reads. */
  function silentWatcher() {
    const watched: string[] = [];
    let onChildren: ((names?: readonly string[]) => void) | undefined;
    const stopped: string[] = [];
    const watch = (path: string) => ({ refresh() {}, pin() {}, stop: () => void stopped.push(path) });
    const watcher: ZnodeWatcher = {
      data: watch,
      listedData(path) {
        watched.push(path);
        return watch(path);
      },
      children(path, { onChange }) {
        onChildren = (names) => onChange(names, path);
        return watch(path);
      },
      hold: () => () => {},
      dirtySince: () => undefined,
      pendingReads: () => 0,
    };
    return { watcher, watched, stopped, list: (names: readonly string[]) => onChildren?.(names) };
  }
  const handlers = () => ({
    select: (names: readonly string[]) => names,
    onList: vi.fn(),
    onListError: vi.fn(),
    onData: vi.fn(),
    onDataError: vi.fn(),
    onRemoved: vi.fn(),
  });
  const names = (count: number) => Array.from({ length: count }, (_, i) => String(i));

  it('are watched in slices, and a new list ends the current ones', async () => {
    const { watcher, watched, list, stopped } = silentWatcher();
    const [budget, all] = [createBudget('things', 10_000), handlers()];
    watchChildren(watcher, '/p', budget, all);
    list(names(3500));
    expect(watched).toHaveLength(1000);
    expect(all.onList).not.toHaveBeenCalled();
    await vi.waitFor(() => expect(watched).toHaveLength(3500));
    expect(all.onList).toHaveBeenCalledOnce();
    list([...names(3500), ...names(9000).map((name) => `x${name}`)]);
    list(names(2));
    expect(budget.used).toBe(2);
    expect(stopped).toHaveLength(watched.length - 2);
  });

  it('share a budget: one list too long is an error, and removed children give their part back', () => {
    const budget = createBudget('things', 5);
    const [one, other] = [silentWatcher(), silentWatcher()];
    const [first, second] = [handlers(), handlers()];
    watchChildren(one.watcher, '/a', budget, first);
    watchChildren(other.watcher, '/b', budget, second);
    one.list(names(3));
    other.list(names(3));
    expect(first.onListError).not.toHaveBeenCalled();
    expect(second.onListError).toHaveBeenCalledWith(
      expect.objectContaining({ code: 'ERR_INVALID_DATA', message: 'there are more than 5 things' }),
    );
    one.list([]);
    other.list(names(3));
    expect(second.onList).toHaveBeenCalledOnce();
    expect(budget.used).toBe(3);
  });
});

it.each([1, 9, 10, 11, 1500, 4321])('a rotation returns %i items within 150 turns', (size) => {
  const items = new Map(Array.from({ length: size }, (_, i) => [i, i]));
  const next = createRotation(items);
  const batches = Array.from({ length: 150 }, next);
  expect(new Set(batches.flat()).size).toBe(size);
  expect(Math.max(...batches.map(({ length }) => length))).toBeLessThanOrEqual(
    Math.max(10, Math.ceil(size / 150)),
  );
});
