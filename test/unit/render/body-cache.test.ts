import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { promisify } from 'node:util';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { jsonBody } from '../../../lib/http/body.js';
import { compressBody } from '../../../lib/http/compression.js';
import {
  type App,
  type Cluster,
  createPegasusHandler,
  type MemoryCluster,
  memoryCluster,
} from '../../../lib/index.js';
import { arbitraryCluster } from '../../support/arbitrary.js';
import { ONEBOX } from '../../support/fixtures.js';
import { clientOf, listening, serve } from '../../support/http.js';

const NODES = ['10.0.0.1:34801', '10.0.0.2:34801', '10.0.0.3:34801'];
const TARGETS = ['/meta/apps', '/meta/apps?detail', '/meta/nodes', '/meta/nodes?detail', '/meta/cluster'];

describe('a cached body', () => {
  /** The same state as mutable objects, of which nothing can be cached. */
  const unfrozen = (cluster: MemoryCluster): Cluster => structuredClone(cluster.metaState.cluster());

  const steps = fc.array(
    fc.tuple(fc.constantFrom('kill', 'revive', 'create', 'drop', 'env', 'partition'), fc.nat(4)),
    {
      maxLength: 6,
    },
  );

  it('equals a fresh rendering of the state, after any changes', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryCluster, steps, async (description, changes) => {
        const cluster = memoryCluster(description);
        const { get } = await serve(cluster);
        const { get: getFresh } = await serve({
          metaState: {
            role: () => ({ role: 'primary' }),
            app: (name) => structuredClone(cluster.metaState.app(name)),
            cluster: () => unfrozen(cluster),
          },
        });
        for (const [change, i] of changes) {
          const { nodes, apps } = cluster.metaState.cluster();
          const [address, appName] = [nodes[i]?.address ?? '', apps[i % 3]?.appName ?? 'none'];
          try {
            if (change === 'kill') cluster.killNode(address);
            if (change === 'revive') cluster.reviveNode(address);
            if (change === 'create') cluster.createApp({ appName: `new ${i}`, partitionCount: 70 });
            if (change === 'drop') cluster.dropApp(appName);
            if (change === 'env') cluster.setAppEnvs(appName, { key: String(i) });
            if (change === 'partition') cluster.setPartition(appName, i, { primary: address });
          } catch {
            // What cannot be done leaves the state as it was.
          }
          const named = encodeURIComponent(appName);
          for (const target of [
            ...TARGETS,
            `/meta/app?name=${named}&detail`,
            `/meta/app_envs?name=${named}`,
          ]) {
            const [kept, fresh] = [await get(target), await getFresh(target)];
            expect(kept.body, target).toBe(fresh.body);
            expect(kept.headers['etag'], target).toBe(fresh.headers['etag']);
          }
        }
      }),
      { numRuns: 25 },
    );
  });

  it('is that in a cluster of many tables, too, of which one changes, comes or goes', async () => {
    const apps = Array.from({ length: 200 }, (_, i) => ({ appName: `table${i}`, partitionCount: 2 }));
    const cluster = memoryCluster({ nodes: NODES, apps });
    const { get } = await serve(cluster);
    const { get: getFresh } = await serve({
      metaState: { ...cluster.metaState, cluster: () => unfrozen(cluster) },
    });
    const changes = [
      () => {},
      () => cluster.setPartition('table63', 1, { primary: null }),
      () => cluster.setPartition('table64', 0, { primary: NODES[0] ?? null }),
      () => cluster.dropApp('table0'),
      () => cluster.dropApp('table127'),
      () => cluster.createApp({ appName: 'late', partitionCount: 3 }),
      () => cluster.setAppEnvs('late', { key: 'value' }),
      () => cluster.killNode('10.0.0.2:34801'),
    ];
    for (const change of changes) {
      change();
      for (const target of TARGETS) expect((await get(target)).body).toBe((await getFresh(target)).body);
    }
  });

  it('is nothing of a table that may change in place, among many that cannot', async () => {
    const apps = Array.from({ length: 200 }, (_, i) => ({ appName: `table${i}` }));
    const { metaState } = memoryCluster({ nodes: NODES, apps });
    const state = metaState.cluster();
    const open = { ...structuredClone(state.apps[100] as App), status: 'AVAILABLE' as App['status'] };
    const withOpen = Object.freeze({ ...state, apps: Object.freeze(state.apps.with(100, open)) });
    const { get } = await serve({ metaState: { ...metaState, cluster: () => withOpen } });
    const total = async () => (await get('/meta/apps?detail')).json();
    expect(await total()).toMatchObject({ summary: { fully_healthy_app_count: '200' } });
    (open.partitions[0] as { primary: string | null }).primary = null;
    expect(await total()).toMatchObject({ summary: { fully_healthy_app_count: '199' } });
    open.status = 'DROPPED';
    expect(await total()).toMatchObject({ summary: { total_app_count: '199' } });
  });

  /** A source of one state that is changed in place, frozen as far as `freeze` goes. */
  function inPlace(freeze: (state: Cluster) => void) {
    const state = structuredClone(
      memoryCluster({ nodes: NODES, apps: [{ appName: 'temp', partitionCount: 100 }] }).metaState.cluster(),
    );
    freeze(state);
    const source = {
      metaState: {
        role: () => ({ role: 'primary' as const }),
        app: (name: string) => state.apps.find(({ appName }) => appName === name),
        cluster: () => state,
      },
    };
    return { source, app: state.apps[0] as App };
  }

  it.each<[how: string, freeze: (state: Cluster) => void]>([
    ['nothing', () => {}],
    ['the cluster', (state) => Object.freeze(state)],
    ['the cluster and its lists', (state) => [state, ...Object.values(state)].map(Object.freeze)],
    [
      'all but the partitions',
      (state) => {
        [state, ...Object.values(state), ...state.nodes, ...state.apps].map(Object.freeze);
        for (const app of state.apps) [app.envs, app.partitions].map(Object.freeze);
      },
    ],
    [
      'all but the secondaries',
      (state) => {
        [state, ...Object.values(state), ...state.nodes, ...state.apps].map(Object.freeze);
        for (const app of state.apps) [app.envs, app.partitions, ...app.partitions].map(Object.freeze);
      },
    ],
  ])('is never stale, where %s is frozen and the rest is changed in place', async (_, freeze) => {
    const { source, app } = inPlace(freeze);
    const { get } = await serve(source);
    const targets = [...TARGETS, '/meta/app?name=temp&detail', '/meta/app_envs?name=temp'];
    for (const target of targets) await get(target);
    const partition = app.partitions[70] as unknown as { primary: string | null; secondaries: string[] };
    if (Object.isFrozen(partition)) {
      partition.secondaries.length = 1;
    } else {
      partition.primary = null;
      partition.secondaries = [];
    }
    if (!Object.isFrozen(app.envs)) (app.envs as Record<string, string>)['new'] = 'env';
    const { get: getFresh } = await serve({
      metaState: {
        ...source.metaState,
        app: () => structuredClone(app),
        cluster: () => structuredClone(source.metaState.cluster()),
      },
    });
    for (const target of targets)
      expect((await get(target)).body, target).toBe((await getFresh(target)).body);
    expect((await get('/meta/app?name=temp&detail')).json()).toMatchObject({
      healthy: { unhealthy_partition_count: '1' },
    });
  });

  it('is not cached if rendering fails: the next request tries again', async () => {
    const cluster = memoryCluster({ nodes: NODES, apps: [{ appName: 'temp' }] });
    const good = cluster.metaState.cluster();
    let broken = true;
    const { get } = await serve({
      metaState: {
        ...cluster.metaState,
        cluster: () => (broken ? Object.freeze({ ...good, metaFunctionLevel: 'x' as never }) : good),
      },
    });
    expect((await get('/meta/cluster')).status).toBe(500);
    broken = false;
    expect((await get('/meta/cluster')).status).toBe(200);
  });
});

it('memory is flat over 100,000 changes, each answered', async () => {
  const program = `
    import { createPegasusHandler, memoryCluster } from 'pegasus-http';
    const nodes = ['10.0.0.1:34801', '10.0.0.2:34801', '10.0.0.3:34801'];
    const cluster = memoryCluster({ nodes, apps: [{ appName: 'a', partitionCount: 100 }, { appName: 'b' }] });
    // An old snapshot that an application keeps must not keep those after it.
    globalThis.kept = cluster.metaState.cluster();
    const handler = createPegasusHandler(cluster);
    const res = () => ({ headersSent: false, writableEnded: false, destroyed: false, writeHead() {}, end() {}, on() {}, off() {} });
    const targets = ['/meta/app?name=a&detail', '/meta/apps?detail', '/meta/nodes?detail', '/meta/cluster'];
    const heap = async () => {
      // Buffers are let go of some turns after the objects that held them.
      for (let i = 0; i < 5; i += 1) (gc(), await new Promise((resolve) => setTimeout(resolve, 20)));
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      return heapUsed + arrayBuffers;
    };
    const change = async (from, to) => {
      for (let i = from; i < to; i += 1) {
        if (i % 1_000 === 0) await new Promise(setImmediate);
        cluster.setPartition('a', i % 100, { primary: nodes[i % 3], secondaries: [nodes[(i + 1) % 3]] });
        handler({ url: targets[i % 4], method: 'GET', headers: {}, socket: {} }, res());
      }
    };
    await change(0, 10_000);
    const before = await heap();
    await change(10_000, 100_000);
    console.log(((await heap()) - before) / 2 ** 20);`;
  const args = ['--expose-gc', '--input-type=module', '-e', program];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 60_000 });
  expect(Number(stdout)).toBeLessThan(3);
}, 60_000);

describe('a client that has an answer already', () => {
  const TARGET = '/meta/app?name=stat&detail';

  it.each([...TARGETS, TARGET, '/meta/app_envs?name=temp', '/version', '/recentStartTime', '/'])(
    'is told so: %s',
    async (target) => {
      const { get, send } = await serve(memoryCluster(ONEBOX));
      const { etag, 'cache-control': caching } = (await get(target)).headers as Record<string, string>;
      expect(etag).toMatch(/^"[\w-]+"$/);
      expect(caching).toBe('no-cache');
      for (const method of ['GET', 'HEAD']) {
        const answer = await send(method, target, { 'if-none-match': etag ?? '' });
        expect(answer.status).toBe(304);
        expect(answer.body).toBe('');
        expect(answer.headers).toMatchObject({ etag, 'cache-control': 'no-cache' });
        expect(answer.headers['content-type']).toBeUndefined();
      }
    },
  );

  it.each([
    ['the same, weakly', (etag: string) => `W/${etag}`, 304],
    ['one of many', (etag: string) => `"a", ${etag},"b"`, 304],
    ['any', () => '*', 304],
    ['another', () => '"another"', 200],
    ['none', () => '', 200],
    ['nonsense', () => ',,;"', 200],
  ])('%s', async (_, condition, status) => {
    const { get, send } = await serve(memoryCluster(ONEBOX));
    const { etag = '' } = (await get(TARGET)).headers as Record<string, string>;
    expect((await send('GET', TARGET, { 'if-none-match': condition(etag) })).status).toBe(status);
  });

  it('gets the new one when its table has changed, and 304 when another has', async () => {
    const cluster = memoryCluster(ONEBOX);
    const { get, send } = await serve(cluster);
    const { etag = '' } = (await get(TARGET)).headers as Record<string, string>;
    cluster.setPartition('temp', 0, { primary: null });
    expect((await send('GET', TARGET, { 'if-none-match': etag })).status).toBe(304);
    cluster.setPartition('stat', 0, { primary: null });
    const changed = await send('GET', TARGET, { 'if-none-match': etag });
    expect(changed.status).toBe(200);
    expect(changed.headers['etag']).not.toBe(etag);
  });

  it('has the same validator from every server of the same state', async () => {
    const [one, two] = [await serve(memoryCluster(ONEBOX)), await serve(memoryCluster(ONEBOX))];
    for (const target of [TARGET, '/meta/cluster']) {
      expect((await one.get(target)).headers['etag']).toBe((await two.get(target)).headers['etag']);
    }
  });

  it.each([
    '/perfCounter?name=collector*app.pegasus*app.stat.read_qps%23_all_',
    '/nope',
    '/meta/app',
    '/meta/app?name=x',
  ])('never gets a 304 for %s, which caches must not store', async (target) => {
    const { get, send } = await serve(memoryCluster(ONEBOX));
    const { headers, status } = await get(target);
    expect(headers['etag']).toBeUndefined();
    expect(headers['cache-control']).toBe('no-store');
    expect((await send('GET', target, { 'if-none-match': '*' })).status).toBe(status);
  });
});

describe('a client that takes compressed answers', () => {
  const BIG = {
    nodes: NODES,
    apps: [
      { appName: 'big', partitionCount: 256 },
      { appName: 'small', partitionCount: 1 },
    ],
  };
  const TARGET = '/meta/app?name=big&detail';

  async function asked(source: MemoryCluster, encoding: string, target = TARGET, headers = {}) {
    const origin = await listening(createServer(createPegasusHandler(source)));
    const response = await fetchRaw(origin + target, { 'accept-encoding': encoding, ...headers });
    return response;
  }

  it.each([
    ['gzip', 'gzip'],
    ['br', 'br'],
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip;q=1, br;q=0.5', 'gzip'],
    ['*', 'br'],
    ['br;q=0, *', 'gzip'],
    ['deflate', undefined],
    ['identity', undefined],
    ['identity, gzip;q=0.5', undefined],
    ['gzip;q=0', undefined],
    ['', undefined],
    ['gzip;q=nonsense, ,;', undefined],
  ])('%s: %s', async (accepted, coding) => {
    const { headers, body } = await asked(memoryCluster(BIG), accepted);
    const plain = await asked(memoryCluster(BIG), 'identity');
    expect(headers['content-encoding']).toBe(coding);
    expect(headers['vary']).toBe('accept-encoding');
    expect(headers['content-length']).toBe(String(body.length));
    const decoded =
      coding === 'br' ? brotliDecompressSync(body) : coding === 'gzip' ? gunzipSync(body) : body;
    expect(decoded.toString()).toBe(plain.body.toString());
    if (coding === undefined) return;
    expect(body.length).toBeLessThan(plain.body.length / 5);
    expect(headers['etag']).not.toBe(plain.headers['etag']);
  });

  it('is told that it has one already without a word on its coding', async () => {
    const cluster = memoryCluster(BIG);
    const { etag = '' } = (await asked(cluster, 'br')).headers as Record<string, string>;
    const { status, headers } = await asked(cluster, 'br', undefined, { 'if-none-match': etag });
    expect(status).toBe(304);
    expect(headers).toMatchObject({ etag, vary: 'accept-encoding' });
    expect(headers['content-encoding']).toBeUndefined();
  });

  it('gets small ones as they are', async () => {
    const { headers } = await asked(memoryCluster(BIG), 'br', '/meta/app?name=small');
    expect(headers['content-encoding']).toBeUndefined();
    expect(headers['vary']).toBeUndefined();
  });

  it('gets 304 by the validator of what it has', async () => {
    const cluster = memoryCluster(BIG);
    const { headers } = await asked(cluster, 'gzip');
    const etag = String(headers['etag']);
    expect((await asked(cluster, 'gzip', TARGET, { 'if-none-match': etag })).status).toBe(304);
    expect((await asked(cluster, 'br', TARGET, { 'if-none-match': etag })).status).toBe(200);
  });

  it('shares one compression with all others who take that coding', async () => {
    const body = jsonBody(JSON.stringify('x'.repeat(10_000)));
    const gzipped = compressBody(body, 'gzip');
    expect(compressBody(body, 'gzip')).toBe(gzipped);
    expect(compressBody(body, 'br')).not.toBe(gzipped);
    expect(gunzipSync((await gzipped).chunks[0] as Buffer).toString()).toBe(body.chunks[0]?.toString());
  });

  it('and one that is fetch decodes it by itself', async () => {
    const { origin, get } = await serve(memoryCluster(BIG));
    expect(await (await fetch(origin + TARGET)).text()).toBe((await get(TARGET)).body);
  });
});

describe('a table of 100,000 partitions', () => {
  const HUGE = { nodes: NODES, apps: [{ appName: 'huge', partitionCount: 100_000 }] };
  const TARGET = '/meta/app?name=huge&detail';

  it('is answered whole, by turns with other work', async () => {
    const cluster = memoryCluster(HUGE);
    const { origin } = await serve(cluster);
    let turns = 0;
    let isDone = false;
    const count = () => {
      turns += 1;
      if (!isDone) setImmediate(count);
    };
    const pending = fetch(origin + TARGET, { headers: { 'accept-encoding': 'identity' } });
    count();
    const answer = await pending;
    const { replicas, nodes, healthy } = (await answer.json()) as Record<
      string,
      Record<string, Record<string, string>>
    >;
    isDone = true;
    expect(turns).toBeGreaterThan(5);
    expect(Object.keys(replicas ?? {})).toHaveLength(100_000);
    expect(replicas?.['99999']).toEqual({
      pidx: '99999',
      ballot: '3',
      replica_count: '3/3',
      primary: NODES[0],
      secondaries: `[${NODES[1]},${NODES[2]}]`,
    });
    expect(nodes?.['total']).toEqual({
      node: 'total',
      primary: '100000',
      secondary: '200000',
      total: '300000',
    });
    expect(healthy).toMatchObject({ fully_healthy_partition_count: '100000' });
  });

  it('is the same when it is not frozen, rendered in one go', async () => {
    const cluster = memoryCluster(HUGE);
    const app = structuredClone(cluster.metaState.app('huge')) as App;
    // Frozen on top, so that it begins in slices; the last partition is not.
    for (const partition of app.partitions.slice(0, -1)) {
      Object.freeze(partition.secondaries);
      Object.freeze(partition);
    }
    Object.freeze(app.partitions);
    Object.freeze(app.envs);
    Object.freeze(app);
    const [frozen, mutable] = [
      await serve(cluster),
      await serve({ metaState: { ...cluster.metaState, app: () => app } }),
    ];
    const [expected, answer] = [await frozen.get(TARGET), await mutable.get(TARGET)];
    expect(answer.body === expected.body).toBe(true);
    expect(answer.headers['etag']).toBe(expected.headers['etag']);
    (app.partitions.at(-1) as { ballot: number }).ballot = 77;
    expect((await mutable.get(TARGET)).body).toContain('"ballot":"77"');
  });

  it('that cannot be printed is a 500, found out late or not', async () => {
    const cluster = memoryCluster(HUGE);
    const app = cluster.metaState.app('huge') as App;
    const bad = Object.freeze({ ...app.partitions[99_999], ballot: -2 }) as App['partitions'][0];
    const broken = Object.freeze({ ...app, partitions: Object.freeze(app.partitions.with(99_999, bad)) });
    const { get } = await serve({ metaState: { ...cluster.metaState, app: () => broken } });
    for (let i = 0; i < 2; i += 1) expect((await get(TARGET)).status).toBe(500);
  });

  it('is written no faster than the client reads, and dropped when it leaves', async () => {
    const handler = createPegasusHandler(memoryCluster(HUGE));
    let response: ServerResponse | undefined;
    const server = createServer((req, res) => {
      response = res;
      handler(req, res);
    });
    const origin = await listening(server);
    const socket = connect(Number(new URL(origin).port), '127.0.0.1');
    socket.write(`GET ${TARGET} HTTP/1.1\r\nHost: a\r\n\r\n`);
    await once(socket, 'readable');
    socket.pause();
    await vi.waitFor(() => expect(response?.writableNeedDrain).toBe(true), { timeout: 10_000 });
    expect(response?.writableLength).toBeLessThan(1_000_000);
    const closed = once(response as ServerResponse, 'close');
    socket.destroy();
    await closed;
    expect(response?.listenerCount('drain')).toBeLessThanOrEqual(1);
    expect((await clientOf(origin).get('/version')).status).toBe(200);
  });

  it('is HEAD without a body, and compressed on the way', async () => {
    const { send, origin } = await serve(memoryCluster(HUGE));
    const head = await send('HEAD', TARGET);
    expect(head.status).toBe(200);
    expect(Number(head.headers['content-length'])).toBeGreaterThan(10_000_000);
    const { body } = await fetchRaw(origin + TARGET, { 'accept-encoding': 'br' });
    expect(brotliDecompressSync(body)).toHaveLength(Number(head.headers['content-length']));
  });
});

/** A request whose answer is left as it came. */
async function fetchRaw(url: string, headers: Record<string, string>) {
  const { request } = await import('node:http');
  return new Promise<{ status: number; headers: Record<string, unknown>; body: Buffer }>(
    (resolve, reject) => {
      const req = request(url, { headers, agent: false }, (res) => {
        const chunks: Buffer[] = [];
        res.on('data', (chunk) => chunks.push(chunk));
        res.on('end', () =>
          resolve({ status: res.statusCode ?? 0, headers: res.headers, body: Buffer.concat(chunks) }),
        );
      });
      req.on('error', reject);
      req.end();
    },
  );
}
