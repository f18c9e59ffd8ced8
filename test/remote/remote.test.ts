import { createServer } from 'node:http';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type MetaStateSubject, metaStateContract } from '../../lib/contract/index.js';
import {
  type ClusterSource,
  createPegasusHandler,
  type HandlerOptions,
  memoryCluster,
  processInfo,
} from '../../lib/index.js';
import {
  type RemoteCluster,
  type RemoteClusterOptions,
  remoteCluster,
} from '../../lib/sources/remote/index.js';
import { CONFORMANCE } from '../support/conformance.js';
import { ONEBOX } from '../support/fixtures.js';
import { close, listening, originOf, serve } from '../support/http.js';
import { emptyBackup, recorded, replay, startReplayServer } from '../support/replay-server.js';

const PATIENCE = { timeout: 10_000 };

function sourceOf(options: RemoteClusterOptions): RemoteCluster {
  const source = remoteCluster(options);
  onTestFinished(() => source.close());
  return source;
}

/** Starts the handler of a source, and counts its requests. */
async function upstream(source: ClusterSource, options?: HandlerOptions) {
  const requests: string[] = [];
  const handler = createPegasusHandler(source, options);
  const server = createServer((req, res) => {
    requests.push(`${req.method} ${req.url}`);
    handler(req, res);
  });
  const origin = await listening(server);
  return { requests, address: origin.replace('http://', '') };
}

const processes = () => processInfo({ version: '1.12.SNAPSHOT', gitCommit: 'bd1a4ba' });

describe('a gateway to the onebox', async () => {
  it.each(CONFORMANCE)('$name', async ({ run }) => {
    const onebox = memoryCluster(ONEBOX);
    const { address } = await upstream({ ...onebox, processInfo: onebox.processInfo ?? processes() });
    await run(await serve(sourceOf({ servers: address, server: address })));
  });
});

describe('the contract of meta states', () => {
  const create = async (): Promise<MetaStateSubject> => {
    const cluster = memoryCluster({
      nodes: ['127.0.0.1:34801', '127.0.0.1:34802'],
      apps: [{ appName: 'stat', envs: { ttl: '1' } }, { appName: '__table__' }],
    });
    const server = createServer(createPegasusHandler(cluster));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const source = remoteCluster({ servers: originOf(server).replace('http://', ''), maxAgeMs: 300 });
    return {
      source: source.metaState,
      appName: 'stat',
      otherAppName: '__table__',
      async changePartition() {
        cluster.setPartition('stat', 1, { primary: null });
        const context = { signal: new AbortController().signal };
        await vi.waitFor(async () => {
          const app = await source.metaState.app('stat', context);
          expect(app?.partitions[1]?.primary).toBeNull();
          const { apps } = await source.metaState.cluster(context);
          expect(apps[0]?.health?.readUnhealthy).toBe(1);
        }, PATIENCE);
      },
      async close() {
        await source.close();
        await close(server);
      },
    };
  };
  for (const { name, run } of metaStateContract(create)) it(name, run);
});

describe('the requests to the cluster', () => {
  const tables = Array.from({ length: 300 }, (_, i) => ({ appName: `table${i}`, partitionCount: 4 }));

  it('are three for 2,000 requests of clients, and one for each requested table', async () => {
    const { requests, address } = await upstream(memoryCluster({ nodes: ['127.0.0.1:34801'], apps: tables }));
    const source = sourceOf({ servers: address, maxAgeMs: 60_000 });
    const { get } = await serve(source);
    expect(requests).toEqual([]);
    const targets = ['/meta/apps', '/meta/apps?detail', '/meta/nodes?detail', '/meta/cluster'];
    const asked = ['table1', 'table2'].flatMap((name) => [
      `/meta/app?name=${name}&detail`,
      `/meta/app?name=${name}`,
    ]);
    const all = [...targets, ...asked, '/meta/app_envs?name=table3', '/meta/app?name=none'];
    for (let round = 0; round < 20; round += 1) {
      await Promise.all(Array.from({ length: 100 }, (_, i) => get(all[i % all.length] ?? '')));
    }
    // The search for the primary, one refresh, two tables, the environment variables of one, and few of a name that no table has.
    const counted = (target: string) => requests.filter((one) => one === `GET ${target}`).length;
    expect(counted('/meta/apps?detail')).toBe(1);
    expect(counted('/meta/nodes?detail')).toBe(1);
    expect(counted('/meta/cluster')).toBe(1);
    expect(counted('/meta/app?name=table1&detail')).toBeLessThanOrEqual(2);
    expect(requests.length).toBeLessThan(20);
    expect(source.upstream().requests).toBe(requests.length);
  });

  it('are three for each second and one for each requested table, however long clients ask', async () => {
    const maxAgeMs = 250;
    const { requests, address } = await upstream(memoryCluster({ nodes: ['127.0.0.1:34801'], apps: tables }));
    const maxConnections = 2;
    const source = sourceOf({ servers: address, maxAgeMs, maxConnections });
    const { get } = await serve(source);
    await source.ready();
    const asked = ['/meta/apps', '/meta/apps?detail', '/meta/nodes?detail', '/meta/cluster'];
    asked.push('/meta/app?name=table7&detail', '/meta/app?name=table8');
    requests.length = 0;
    const start = performance.now();
    const answers = new Map<number, number>();
    async function ask(client: number): Promise<void> {
      for (let i = client; performance.now() - start < 2_000; i += 1) {
        const { status } = await get(asked[i % asked.length] ?? '');
        answers.set(status, (answers.get(status) ?? 0) + 1);
      }
    }
    await Promise.all(Array.from({ length: 50 }, (_, client) => ask(client)));
    // An answer is used for maxAgeMs, and one more was started before.
    const refreshes = Math.ceil((performance.now() - start) / maxAgeMs) + 1;
    const counts = new Map<string, number>();
    for (const one of requests) counts.set(one, (counts.get(one) ?? 0) + 1);
    expect([...answers.keys()]).toEqual([200]);
    // The answer for a table over a new connection counts only when the server has proved that it leads; then it is asked again.
    expect(counts.get('GET /meta/nodes') ?? 0).toBeLessThanOrEqual(maxConnections);
    counts.delete('GET /meta/nodes');
    expect([...counts.keys()].sort()).toEqual([
      'GET /meta/app?name=table7&detail',
      'GET /meta/app?name=table8&detail',
      'GET /meta/apps?detail',
      'GET /meta/cluster',
      'GET /meta/nodes?detail',
    ]);
    for (const [target, count] of counts) {
      const again = target.includes('?name=') ? maxConnections : 0;
      expect(count, target).toBeLessThanOrEqual(refreshes + again);
    }
    expect(requests.length).toBeLessThan((answers.get(200) ?? 0) / 2);
  });

  it('is next to nothing for names that no table has', async () => {
    const { requests, address } = await upstream(memoryCluster({ nodes: ['127.0.0.1:34801'], apps: tables }));
    const { get } = await serve(sourceOf({ servers: address, maxAgeMs: 60_000 }));
    for (let i = 0; i < 200; i += 1) expect((await get(`/meta/app?name=none${i}`)).status).toBe(404);
    expect(requests.length).toBeLessThan(20);
  });

  it('is the same object and the same ETag as long as nothing changes', async () => {
    const cluster = memoryCluster({ nodes: ['127.0.0.1:34801'], apps: tables });
    const { requests, address } = await upstream(cluster);
    const { get, send } = await serve(sourceOf({ servers: address, maxAgeMs: 0 }));
    const first = await get('/meta/apps?detail');
    const before = requests.length;
    const again = await send('GET', '/meta/apps?detail', { 'if-none-match': String(first.headers['etag']) });
    expect(again.status).toBe(304);
    expect(requests.length).toBe(before + 3);
    cluster.dropApp('table7');
    expect(
      (await send('GET', '/meta/apps?detail', { 'if-none-match': String(first.headers['etag']) })).status,
    ).toBe(200);
  });
});

describe('an outage of the cluster', () => {
  it('shows the last state with its age, then 503, and is reported once', async () => {
    const primary = await startReplayServer(replay(recorded('2.5', 'healthy'), 'meta1'));
    const events: string[] = [];
    const options = {
      servers: primary.address,
      maxAgeMs: 50,
      retries: 0,
      onError: ({ code }: { code: string }) => events.push(code),
      onRecover: () => events.push('over'),
    };
    const { get } = await serve(sourceOf({ ...options, maxStaleMs: 60_000 }));
    const impatient = await serve(
      sourceOf({ servers: primary.address, maxAgeMs: 50, retries: 0, maxStaleMs: 200 }),
    );
    const fresh = await get('/meta/apps');
    expect(fresh.headers['age']).toBeUndefined();
    expect((await impatient.get('/meta/app?name=temp')).status).toBe(200);
    await primary.kill();
    await vi.waitFor(async () => {
      const stale = await get('/meta/apps');
      expect(stale.body).toBe(fresh.body);
      expect(Number(stale.headers['age'])).toBeGreaterThanOrEqual(1);
    }, PATIENCE);
    await vi.waitFor(async () => {
      const answer = await impatient.get('/meta/app?name=temp');
      expect([answer.status, answer.json()]).toMatchObject([503, { error: 'ERR_SERVICE_NOT_ACTIVE' }]);
    }, PATIENCE);
    expect(events).toEqual(['ERR_NETWORK_FAILURE']);
    await primary.restart();
    await vi.waitFor(async () => {
      expect((await get('/meta/apps')).headers['age']).toBeUndefined();
      expect((await impatient.get('/meta/app?name=temp')).status).toBe(200);
    }, PATIENCE);
    expect(events).toEqual(['ERR_NETWORK_FAILURE', 'over']);
  });

  it.each(['/meta/apps', '/meta/nodes', '/meta/cluster', '/meta/app?name=temp', '/meta/app_envs?name=temp'])(
    'is 503 before the first state: %s',
    async (target) => {
      const primary = await startReplayServer(replay(recorded('2.5', 'healthy'), 'meta1'));
      await primary.kill();
      const { get } = await serve(sourceOf({ servers: primary.address, retries: 0 }));
      const { status, headers, json } = await get(target);
      expect([status, json()]).toMatchObject([503, { error: 'ERR_SERVICE_NOT_ACTIVE' }]);
      expect(headers['retry-after']).toBeDefined();
    },
  );

  it('does not end with half of the tables of a new primary', async () => {
    const healthy = replay(recorded('2.5', 'healthy'), 'meta1');
    const first = await startReplayServer(healthy);
    const second = await startReplayServer(emptyBackup);
    const source = sourceOf({ servers: [second.address, first.address], maxAgeMs: 20, retries: 0 });
    const { get } = await serve(source);
    const all = await get('/meta/apps');
    // As 2.6 did: it lists its nodes already, but not all tables.
    let asked = 0;
    second.react((request) => {
      const reaction = healthy(request);
      if (!request.target.startsWith('/meta/apps') || typeof reaction !== 'object' || 'raw' in reaction)
        return reaction;
      asked += 1;
      if (asked > 1) return reaction;
      const body = JSON.parse(reaction.body);
      delete body.general_info[2];
      delete body.healthy_info[2];
      return { ...reaction, body: JSON.stringify(body) };
    });
    await first.kill();
    await vi.waitFor(async () => {
      const answer = await get('/meta/apps');
      expect(answer.body).toBe(all.body);
      expect(source.upstream().primary).toBe(second.address);
    }, PATIENCE);
    expect(asked).toBeGreaterThan(1);
  });
});

it('ends a request of a client by the deadline while the cluster sends a byte from time to time', async () => {
  const slow = { raw: `HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n${' '.repeat(5000)}`, everyMs: 20 };
  const primary = await startReplayServer(replay(recorded('2.5', 'healthy'), 'meta1'));
  const source = sourceOf({
    servers: primary.address,
    maxAgeMs: 0,
    requestTimeoutMs: 1_000,
    timeoutMs: 2_000,
    retries: 0,
  });
  const { get } = await serve(source);
  expect((await get('/meta/apps')).status).toBe(200);
  primary.react(() => slow);
  // The last state is shown, and a table that is not known gets an error.
  expect((await get('/meta/apps')).status).toBe(200);
  expect((await get('/meta/app?name=temp')).json()).toMatchObject({ error: 'ERR_TIMEOUT' });
  expect(source.upstream().isFailing).toBe(true);
});

describe('writes', () => {
  const body = JSON.stringify({ app_name: 'temp', scenario: 'normal' });
  const json = { 'content-type': 'application/json' };

  it('are not there unless the application asks for them', async () => {
    const primary = await startReplayServer(replay(recorded('2.5', 'posts'), 'meta1'));
    const { send } = await serve(sourceOf({ servers: primary.address }), { authorize: () => 'allow' });
    expect((await send('POST', '/meta/app/usage_scenario', json, body)).status).toBe(404);
    expect(primary.requests).toEqual([]);
  });

  it('are sent once, over a connection of their own', async () => {
    const healthy = replay(recorded('2.5', 'healthy'), 'meta1');
    const sent: string[] = [];
    const primary = await startReplayServer((request) => {
      if (request.method === 'GET') return healthy(request);
      sent.push(request.body);
      // The server closes the connection without an answer.
      return undefined;
    });
    const source = sourceOf({ servers: primary.address, writes: true });
    const operation = source.metaState.setUsageScenario?.('temp', 'normal', {
      signal: new AbortController().signal,
    });
    await expect(operation).rejects.toMatchObject({ code: 'ERR_NETWORK_FAILURE' });
    expect(sent).toEqual([body]);
    expect(primary.faults).toEqual([]);
  });
});

describe('redirects', () => {
  it('lead clients to the primary where the application wants it', async () => {
    const { address } = await upstream(
      memoryCluster({ nodes: ['127.0.0.1:34801'], apps: [{ appName: 'temp' }] }),
    );
    const { get } = await serve(sourceOf({ servers: address, redirectToPrimary: true }));
    const answer = await get('/meta/app?name=temp');
    expect([answer.status, answer.headers['location']]).toEqual([
      307,
      `http://${address}/meta/app?name=temp`,
    ]);
  });

  it('are 503 while there is no primary', async () => {
    const backup = await startReplayServer(emptyBackup);
    const { get } = await serve(sourceOf({ servers: backup.address, redirectToPrimary: true, retries: 0 }));
    expect((await get('/meta/apps')).json()).toMatchObject({ error: 'ERR_FORWARD_TO_OTHERS' });
  });

  it('of the cluster to foreign hosts are not followed', async () => {
    const foreign = await startReplayServer(replay(recorded('2.5', 'healthy'), 'meta1'));
    const locations = ['', '/meta/apps', '/meta/apps?name=x%0d%0aHost:%20a'].map(
      (rest) => `http://${foreign.address}${rest}`,
    );
    const odd = [
      'http://invalid address/meta/apps',
      'http://invalid host_port/meta/apps',
      '//',
      'https://127.0.0.1/',
      'x',
    ];
    for (const location of [...locations, ...odd]) {
      const backup = await startReplayServer(() => ({ status: 307, body: '', location }));
      const { get } = await serve(sourceOf({ servers: backup.address, retries: 0 }));
      expect((await get('/meta/apps')).json()).toMatchObject({ error: 'ERR_FORWARD_TO_OTHERS' });
    }
    expect(foreign.connections()).toBe(0);
  });
});

it('reads what belongs to one server', async () => {
  const { address } = await upstream(memoryCluster({ nodes: ['127.0.0.1:34801'] }));
  const replica = await startReplayServer(
    replay([...recorded('2.5', 'builtin'), ...recorded('2.5', 'builtin2')], 'replica1'),
  );
  const source = sourceOf({ servers: address, server: replica.address });
  const { get } = await serve(source);
  expect((await get('/version')).json()).toMatchObject({ Version: '2.5.0' });
  expect((await get('/recentStartTime')).json()).toHaveProperty('RecentStartTime');
  expect(Object.keys((await get('/configs')).json() as object).length).toBeGreaterThan(100);
  expect((await get('/perfCounter?name=nope')).status).toBe(404);
  // Pegasus 2.5 has no metrics.
  expect((await get('/metrics')).status).toBe(404);
});

it('says what is wrong with its options', () => {
  for (const [options, message] of [
    [{}, 'remoteCluster: servers must be'],
    [{ servers: 'a' }, 'remoteCluster: servers[0] must be an address'],
    [{ servers: 'a:1', maxAge: 1 }, 'remoteCluster: unknown option "maxAge", did you mean "maxAgeMs"?'],
    [{ servers: 'a:1', writes: 'yes' }, 'remoteCluster: writes must be true or false'],
    [{ servers: 'https://a/' }, 'because Pegasus has no TLS'],
  ] as const) {
    expect(() => remoteCluster(options as never)).toThrow(message);
  }
});

it('is ready when the cluster has answered', async () => {
  const backup = await startReplayServer(emptyBackup);
  const source = sourceOf({ servers: backup.address, retries: 0, maxAgeMs: 10 });
  await expect(source.ready(300)).rejects.toMatchObject({ code: 'ERR_TIMEOUT' });
  expect(source.upstream()).toMatchObject({ primary: undefined, ageSeconds: undefined, isFailing: true });
  backup.react(replay(recorded('2.5', 'healthy'), 'meta1'));
  await source.ready();
  expect(source.upstream()).toMatchObject({ primary: backup.address, isFailing: false });
  await source.close();
  await expect(source.ready()).rejects.toMatchObject({ code: 'ERR_SERVICE_NOT_ACTIVE' });
});
