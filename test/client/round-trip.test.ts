import { createServer } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createPegasusClient } from '../../lib/client/index.js';
import {
  type ClusterSource,
  configRegistry,
  createPegasusHandler,
  memoryCluster,
  processInfo,
} from '../../lib/index.js';
import { remoteCluster } from '../../lib/sources/remote/index.js';
import { IDLE_PROFILER } from '../support/fixtures.js';
import { listening } from '../support/http.js';

const NODE = '127.0.0.1:34801';
const FILES = { clusterName: 'c', fileProviderType: 'local_service', remoteRootPath: '/data' };

/** A meta server and a replica server in one, which allows all writes, served over HTTP. */
async function host(source: ClusterSource): Promise<string> {
  const handler = createPegasusHandler(source, { authorize: () => 'allow' });
  return (await listening(createServer(handler))).replace('http://', '');
}

function wholeSource() {
  const cluster = memoryCluster({
    nodes: [NODE],
    apps: [{ appName: 'temp', partitionCount: 2 }, { appName: 'stat' }],
    bulkLoadFiles: [{ ...FILES, appName: 'stat' }],
    backupPolicies: [{ name: 'everyday', appIds: [1] }],
  });
  cluster.addDuplication('temp', { remote: 'other' });
  const config = configRegistry({
    limit: { type: 'int32', section: 'test', description: 'A limit.', default: 7, isMutable: true },
    region: { type: 'string', section: 'test', description: 'Where.', default: 'eu' },
  });
  const { metrics } = cluster;
  const info = processInfo({ version: '2.5.0', gitCommit: 'abc' });
  const profiler = {
    ...IDLE_PROFILER,
    symbols: (addresses: readonly number[]) => addresses.map((one) => (one === 16 ? 'main' : undefined)),
  };
  const perfCounters = {
    read: (name: string) =>
      name === 'a*b*c' ? { name, type: 'NUMBER' as const, value: 3, description: 'd' } : undefined,
  };
  const source: ClusterSource = {
    metaState: cluster.metaState,
    replicas: cluster.replicaServer(NODE).replicas,
    metrics,
    config,
    perfCounters,
    processInfo: { ...info, profiler },
  };
  return { cluster, source };
}

async function clientOfSource(through: Through) {
  const { cluster, source } = wholeSource();
  const address = await through(await host(source));
  const client = createPegasusClient({ servers: address, retries: 0 });
  onTestFinished(() => client.close());
  return { cluster, source, address, meta: client.meta, server: client.server(address) };
}

type Through = (address: string) => Promise<string>;

const directly: Through = async (address) => address;

async function gateway(address: string): Promise<string> {
  const source = remoteCluster({ servers: address, server: address, writes: true, maxAgeMs: 0 });
  onTestFinished(() => source.close());
  return host(source);
}

describe.each<{ name: string; through: Through }>([
  { name: 'a handler', through: directly },
  { name: 'a gateway to a handler', through: gateway },
])('a client of $name', ({ through }) => {
  it('reads what the source of its server has', async () => {
    const { source, server } = await clientOfSource(through);
    expect(await server.paths()).toContain('/meta/apps');
    expect(await server.version()).toEqual({ version: '2.5.0', gitCommit: 'abc' });
    expect(await server.perfCounter('a*b*c')).toMatchObject({ type: 'NUMBER', value: 3 });
    expect(await server.perfCounter('nope')).toBeUndefined();
    expect((await server.flags()).map(({ name, value }) => [name, value])).toEqual([
      ['limit', 7],
      ['region', 'eu'],
    ]);
    expect(await server.flag('limit')).toMatchObject({ type: 'int32', isMutable: true });
    const { entities } = await server.metrics({ types: ['table'] });
    expect(entities.map(({ type }) => type)).toEqual(['table', 'table']);
    expect(await server.dataVersions(1)).toEqual(await source.replicas?.dataVersions?.(1, {} as never));
    expect(await server.compactionProgress(1)).toEqual(
      await source.replicas?.compactionProgress?.(1, {} as never),
    );
    expect(await server.duplications(1)).toMatchObject([
      { dupId: expect.any(Number), appId: 1, pidx: 0 },
      { pidx: 1 },
    ]);
    expect(await server.duplications(2)).toEqual([]);
  });

  it('changes a flag, and reports a refusal', async () => {
    const { server } = await clientOfSource(through);
    expect(await server.updateFlag('limit', '9')).toEqual({ error: 'ERR_OK', hint: '' });
    expect(await server.flag('limit')).toMatchObject({ value: 9 });
    expect(await server.updateFlag('region', 'us')).toMatchObject({ error: 'ERR_INVALID_PARAMETERS' });
    await expect(server.updateFlag('limit', 9 as never)).rejects.toThrow('value must be a string');
  });

  it('reads and starts the operations of a meta server', async () => {
    const { cluster, meta } = await clientOfSource(through);
    expect(await meta.duplications('temp')).toMatchObject({ appId: 1, duplications: [{ remote: 'other' }] });
    expect(await meta.duplications('stat')).toEqual({ appId: 2, duplications: [] });
    expect(await meta.duplications('nope')).toBeUndefined();
    expect(await meta.backupPolicies()).toMatchObject([{ name: 'everyday', appIds: [1] }]);
    expect((await meta.tableEnvs()).find(({ name }) => name === 'rocksdb.usage_scenario')).toMatchObject({
      type: 'string',
    });
    expect(await meta.setUsageScenario('temp', 'bulk_load')).toEqual({ error: 'ERR_OK', hint: '' });
    const { app } = cluster.metaState;
    expect(app('temp')).toMatchObject({ envs: { 'rocksdb.usage_scenario': 'bulk_load' } });
    expect(
      await meta.startCompaction({
        appName: 'temp',
        type: 'once',
        triggerTime: '03:00',
        targetLevel: -1,
        bottommostLevelCompaction: 'force',
        maxConcurrentRunningCount: 2,
      }),
    ).toMatchObject({ error: expect.stringMatching(/^ERR_/) });
    const refused = { error: 'ERR_OBJECT_NOT_FOUND', hint: expect.stringMatching(/./) };
    expect(await meta.startBulkLoad({ ...FILES, appName: 'temp' })).toMatchObject(refused);
    expect(await meta.startBulkLoad({ ...FILES, appName: 'stat' })).toEqual({
      error: 'ERR_OK',
      hint: expect.any(String),
    });
    expect(await meta.bulkLoadStatus('stat')).toMatchObject({ error: 'ERR_OK' });
    expect(await meta.bulkLoadStatus('nope')).toBeUndefined();
  });
});

// A gateway never forwards profiles.
it('a client fetches profiles and symbols as they are', async () => {
  const { server } = await clientOfSource(directly);
  expect((await server.pprof('cmdline')).toString()).toBe('node\n');
  expect(await server.symbols([16n, 17n])).toEqual(
    new Map([
      [16n, 'main'],
      [17n, '0x00000011'],
    ]),
  );
  await expect(server.pprof('heap', 1)).rejects.toMatchObject({ message: expect.stringContaining('heap') });
  await expect(server.pprof('nope' as never)).rejects.toThrow('path must be');
  await expect(server.pprof('heap', -1)).rejects.toThrow('seconds must be');
});
