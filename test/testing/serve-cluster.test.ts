import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createPegasusHandler } from '../../lib/index.js';
import {
  type FakeCluster,
  type FakeClusterDescription,
  type ServeClusterOptions,
  serveCluster,
} from '../../lib/testing/index.js';

async function serve(
  description?: FakeClusterDescription,
  options?: ServeClusterOptions,
): Promise<FakeCluster> {
  const fake = await serveCluster(description, options);
  onTestFinished(() => fake.close());
  return fake;
}

const TEMP: FakeClusterDescription = { apps: [{ appName: 'temp', partitionCount: 2 }] };

async function json(url: string | undefined, init: RequestInit = {}): Promise<Record<string, unknown>> {
  const response = await fetch(url ?? '', init);
  return (await response.json()) as Record<string, unknown>;
}

async function statusOf(url: string | undefined): Promise<number | 'refused'> {
  try {
    const response = await fetch(url ?? '', { redirect: 'manual' });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 'refused';
  }
}

describe('the servers', () => {
  it('of no description are a meta server and three replica servers on free ports', async () => {
    const fake = await serve();
    expect(fake.metas.map(({ name, role }) => [name, role])).toEqual([['meta1', 'meta']]);
    expect(fake.replicas.map(({ name, role }) => [name, role])).toEqual([
      ['node1', 'replica'],
      ['node2', 'replica'],
      ['node3', 'replica'],
    ]);
    const servers = [...fake.metas, ...fake.replicas];
    for (const { address, url } of servers) {
      expect(address).toMatch(/^127\.0\.0\.1:\d+$/);
      expect(url).toBe(`http://${address}`);
    }
    expect(new Set(servers.map(({ address }) => address)).size).toBe(4);
    expect(await json(`${fake.metas[0]?.url}/meta/cluster`)).toMatchObject({
      meta_servers: fake.metas[0]?.address,
      primary_meta_server: fake.metas[0]?.address,
    });
    expect(await json(`${fake.replicas[2]?.url}/version`)).toEqual({
      Version: 'unknown',
      GitCommit: 'unknown',
    });
    expect(await statusOf(`${fake.replicas[0]?.url}/meta/apps`)).toBe(404);
  });

  it('have the names of the description wherever it names them', async () => {
    const fake = await serve({
      metaServers: ['a', 'b'],
      primaryMetaServer: 'b',
      nodes: ['x', '10.0.0.1:34801', { address: 'z', status: 'UNALIVE' }],
      apps: [
        {
          appName: 'temp',
          partitions: [{ primary: 'x', secondaries: ['10.0.0.1:34801', 'z'] }, { primary: null }],
          compaction: { x: { running: 1 } },
        },
      ],
    });
    const [x, y, z] = fake.replicas.map(({ address }) => address);
    expect(fake.cluster.metaState.app('temp')?.partitions).toMatchObject([
      { primary: x, secondaries: [y, z] },
      { primary: null, secondaries: [] },
    ]);
    expect(await json(`${fake.metas[0]?.url}/meta/nodes`)).toMatchObject({
      details: { [x ?? '']: { status: 'ALIVE' }, [z ?? '']: { status: 'UNALIVE' } },
    });
    expect(fake.primaryMeta).toBe(fake.metas[1]);
    expect(fake.server('10.0.0.1:34801')).toBe(fake.replicas[1]);
    expect(fake.server(y ?? '')).toBe(fake.replicas[1]);
    expect(await json(`${fake.server('x').url}/replica/manual_compaction?app_id=1`)).toMatchObject({
      status: { running: 1 },
    });
    expect(fake.server('z').isListening).toBe(false);
    expect(await statusOf(`${z}/version`)).toBe('refused');
    await fake.reviveNode('z');
    expect(await statusOf(`${fake.server('z').url}/version`)).toBe(200);
  });

  it('listen on the addresses of the description when they should', async () => {
    const probe = createServer().listen(0, '127.0.0.1');
    await vi.waitFor(() => expect(probe.listening).toBe(true));
    const { port } = probe.address() as AddressInfo;
    const address = `127.0.0.1:${port}`;
    const taken = serveCluster({ metaServers: [address], nodes: 0 }, { ports: 'described' });
    await expect(taken).rejects.toMatchObject({ code: 'EADDRINUSE', port });
    await new Promise((resolve) => probe.close(resolve));
    const fake = await serve({ metaServers: [address], nodes: 0 }, { ports: 'described' });
    expect(fake.metas).toMatchObject([{ name: address, address, url: `http://${address}` }]);
    expect(await statusOf(`http://${address}/meta/apps`)).toBe(200);
    await expect(fake.addNode()).rejects.toThrow(
      'name must be an address such as "127.0.0.1:34801", not "node1"',
    );
  });

  it('answer by a handler of the test', async () => {
    const fake = await serve(
      { nodes: 1 },
      {
        createHandler: (source, { role, name }) =>
          createPegasusHandler(source, { basePath: `/${role}/${name}`, compatibility: '2.6' }),
      },
    );
    expect(await statusOf(`${fake.metas[0]?.url}/meta/meta1/meta/apps`)).toBe(200);
    expect(await statusOf(`${fake.replicas[0]?.url}/replica/node1/version`)).toBe(200);
  });
});

describe('nodes', () => {
  it('that are killed refuse connections until they are revived, on the same port', async () => {
    const fake = await serve(TEMP);
    const [node] = fake.replicas;
    expect(await statusOf(`${node?.url}/version`)).toBe(200);
    await fake.killNode('node1');
    expect(node?.isListening).toBe(false);
    expect(await statusOf(`${node?.url}/version`)).toBe('refused');
    expect(await json(`${fake.metas[0]?.url}/meta/apps?detail`)).toMatchObject({
      healthy_info: { '1': { unhealthy: '2' } },
    });
    await fake.reviveNode('node1');
    expect(await statusOf(`${node?.url}/version`)).toBe(200);
    expect(await json(`${fake.metas[0]?.url}/meta/apps?detail`)).toMatchObject({
      healthy_info: { '1': { unhealthy: '0' } },
    });
  });

  it('that are revived wait for their port when another program has taken it', async () => {
    const fake = await serve(TEMP);
    const { url } = fake.server('node1');
    await fake.killNode('node1');
    const taker = createServer().listen(Number(new URL(url).port), '127.0.0.1');
    await vi.waitFor(() => expect(taker.listening).toBe(true));
    const revived = fake.reviveNode('node1');
    expect(fake.cluster.metaState.cluster().nodes[0]?.status).toBe('UNALIVE');
    await new Promise((resolve) => taker.close(resolve));
    await revived;
    expect(await statusOf(`${url}/version`)).toBe(200);
  });

  it('that do not get their port stay dead', { timeout: 30_000 }, async () => {
    const fake = await serve(TEMP);
    const { url } = fake.server('node1');
    await fake.killNode('node1');
    const taker = createServer().listen(Number(new URL(url).port), '127.0.0.1');
    onTestFinished(() => void taker.close());
    await vi.waitFor(() => expect(taker.listening).toBe(true));
    await expect(fake.reviveNode('node1')).rejects.toMatchObject({ code: 'EADDRINUSE' });
    expect(fake.server('node1').isListening).toBe(false);
    expect(fake.cluster.metaState.cluster().nodes[0]?.status).toBe('UNALIVE');
  });

  it('that are killed break the connections that are open', async () => {
    const fake = await serve(TEMP);
    const { hostname, port } = new URL(fake.server('node1').url);
    const socket = connect(Number(port), hostname);
    const closed = new Promise((resolve) => socket.on('error', () => {}).once('close', resolve));
    await new Promise((resolve) => socket.once('connect', resolve));
    await vi.waitFor(() => expect(socket.write('GET /version HTTP/1.1\r\nHost: x\r\n')).toBe(true));
    await fake.killNode('node1');
    await closed;
  });

  it('that are added take replicas, and those that are removed leave them', async () => {
    const fake = await serve({ ...TEMP, nodes: 2 });
    const added = await fake.addNode();
    expect(added.name).toBe('node3');
    expect(fake.replicas.at(-1)).toBe(added);
    expect(await statusOf(`${added.url}/version`)).toBe(200);
    expect(fake.cluster.metaState.app('temp')?.partitions).toMatchObject([
      { secondaries: [expect.anything(), added.address] },
      { secondaries: [expect.anything(), added.address] },
    ]);
    await fake.removeNode(added);
    expect(fake.replicas.map(({ name }) => name)).toEqual(['node1', 'node2']);
    expect(await statusOf(`${added.url}/version`)).toBe('refused');
    expect((await fake.addNode('other')).name).toBe('other');
    expect((await fake.addNode()).name).toBe('node4');
  });
});

describe('meta servers', () => {
  it('redirect to the primary, and take over when it dies', async () => {
    const fake = await serve({ metaServers: 3, ...TEMP });
    const [first, second, third] = fake.metas;
    const location = async (url?: string) => {
      const { headers } = await fetch(`${url}/meta/apps`, { redirect: 'manual' });
      return headers.get('location');
    };
    expect(fake.primaryMeta).toBe(first);
    expect(await location(second?.url)).toBe(`${first?.url}/meta/apps`);
    await fake.killMeta('meta1');
    expect(await statusOf(`${first?.url}/meta/apps`)).toBe('refused');
    expect(fake.primaryMeta).toBe(second);
    expect(await location(second?.url)).toBe(null);
    expect(await location(third?.url)).toBe(`${second?.url}/meta/apps`);
    await fake.killMeta('meta3');
    expect(fake.primaryMeta).toBe(second);
    await fake.reviveMeta('meta1');
    expect(await location(first?.url)).toBe(`${second?.url}/meta/apps`);
    await fake.killMeta('meta1');
    await fake.killMeta('meta2');
    expect(fake.primaryMeta).toBeUndefined();
    await fake.reviveMeta('meta3');
    expect(fake.primaryMeta).toBe(third);
    expect(await statusOf(`${third?.url}/meta/apps`)).toBe(200);
  });

  it('have an election without a primary when the test wants one', async () => {
    const fake = await serve({ metaServers: 2 });
    fake.cluster.electPrimaryMeta(null);
    expect(fake.primaryMeta).toBeUndefined();
    expect(await statusOf(`${fake.metas[0]?.url}/meta/apps`)).toBe(503);
  });
});

describe('faults', () => {
  it.each([400, 404, 429, 500, 503, 599])('respond with status %d', async (response) => {
    const fake = await serve();
    fake.setFault('meta1', { response });
    const answered = await fetch(`${fake.metas[0]?.url}/meta/apps`);
    expect(answered.status).toBe(response);
    expect(await answered.json()).toEqual({ error: 'ERR_UNKNOWN', message: 'the test has set a fault' });
  });

  it.each<['reset' | 'truncated' | 'malformed', RegExp]>([
    ['reset', /fetch failed/],
    ['truncated', /terminated/],
    ['malformed', /JSON/],
  ])('break the response: %s', async (response, message) => {
    const fake = await serve();
    fake.setFault('meta1', { response });
    await expect(json(`${fake.metas[0]?.url}/meta/apps`)).rejects.toThrow(message);
    fake.clearFaults('meta1');
    expect(await statusOf(`${fake.metas[0]?.url}/meta/apps`)).toBe(200);
  });

  it('send no response at all, until the client has enough of it', async () => {
    const fake = await serve();
    fake.setFault('meta1', { response: 'none' });
    const signal = AbortSignal.timeout(200);
    await expect(json(`${fake.metas[0]?.url}/meta/apps`, { signal })).rejects.toThrow(/timeout/);
  });

  it('delay a response, and end with the client', async () => {
    const fake = await serve();
    fake.setFault('meta1', { delayMs: 30, times: 1 });
    expect(await statusOf(`${fake.metas[0]?.url}/meta/apps`)).toBe(200);
    fake.setFault('meta1', { delayMs: 2 ** 31 - 1 });
    const signal = AbortSignal.timeout(200);
    await expect(json(`${fake.metas[0]?.url}/meta/apps`, { signal })).rejects.toThrow(/timeout/);
    await fake.close();
  });

  it('affect their path and those below it; the longest one wins', async () => {
    const fake = await serve(TEMP);
    const url = fake.metas[0]?.url;
    fake.setFault('meta1', { path: '/meta', response: 500 });
    fake.setFault('meta1', { path: '/meta/apps', response: 501 });
    const statuses = async () => [
      await statusOf(`${url}/version`),
      await statusOf(`${url}/meta/cluster?/apps`),
      await statusOf(`${url}/meta/apps?detail`),
      await statusOf(`${url}/metal`),
    ];
    expect(await statuses()).toEqual([200, 500, 501, 404]);
    fake.setFault('meta1', { path: '/meta', response: 502 });
    expect(await statuses()).toEqual([200, 502, 501, 404]);
    fake.clearFaults();
    expect(await statuses()).toEqual([200, 200, 200, 404]);
  });

  it('end after as many requests as they should', async () => {
    const fake = await serve();
    fake.setFault(fake.metas[0] as never, { response: 503, times: 2 });
    const url = `${fake.metas[0]?.url}/meta/apps`;
    expect([await statusOf(url), await statusOf(url), await statusOf(url)]).toEqual([503, 503, 200]);
  });
});

describe('the end', () => {
  it('closes all servers, by close or by await using', async () => {
    const fake = await serveCluster(TEMP);
    const urls = [...fake.metas, ...fake.replicas].map(({ url }) => url);
    await fake[Symbol.asyncDispose]();
    await fake.close();
    for (const url of urls) expect(await statusOf(`${url}/version`)).toBe('refused');
    await expect(fake.killNode('node1')).rejects.toThrow('the fake cluster is closed');
  });

  it('comes when the description is wrong, and leaves no server', async () => {
    const listened: unknown[] = [];
    const described = { apps: [{ appName: '' }] };
    await expect(
      serveCluster(described, { createHandler: (source) => void listened.push(source) as never }),
    ).rejects.toThrow('apps[0].appName must be a non-empty string');
    expect(listened).toEqual([]);
  });

  it('comes when the handler of the test fails', async () => {
    const createHandler = () => {
      throw new Error('no handler');
    };
    await expect(serveCluster(TEMP, { createHandler })).rejects.toThrow('no handler');
  });
});

describe('wrong use', () => {
  const bad = (value: unknown) => value as never;
  it.each<[description: unknown, options: unknown, message: string]>([
    ['x', {}, 'serveCluster: description must be an object, not "x"'],
    [{ tables: [] }, {}, 'serveCluster: memoryCluster: description: unknown key "tables"'],
    [{ metaServers: 0 }, {}, 'serveCluster: metaServers must be an integer from 1 to 1000, not 0'],
    [{ nodes: -1 }, {}, 'serveCluster: nodes must be an integer from 0 to 1000, not -1'],
    [{ nodes: [''] }, {}, 'serveCluster: nodes[0] must be a non-empty string, not ""'],
    [
      { nodes: [{ address: 'a', status: 'DEAD' }] },
      {},
      'serveCluster: nodes[0].status must be one of ALIVE, UNALIVE, UNKNOWN, not "DEAD"',
    ],
    [{ metaServers: ['a'], nodes: ['a'] }, {}, 'serveCluster: metaServers and nodes has "a" twice'],
    [
      { metaServers: [{ address: 'a', url: 'http://a' }] },
      {},
      'serveCluster: metaServers[0] must be a non-empty string, not an object',
    ],
    [{ primaryMetaServer: 'b' }, {}, 'serveCluster: primaryMetaServer must be one of meta1, not "b"'],
    [
      { apps: [{ appName: 'x', partitions: [{ primary: 'n9' }] }] },
      {},
      'serveCluster: apps[0].partitions[0].primary must be one of node1, node2, node3, not "n9"',
    ],
    [
      { apps: [{ appName: 'x', partitions: [{ primary: 'node1', secondaries: ['n9'] }] }] },
      {},
      'serveCluster: apps[0].partitions[0].secondaries[0] must be one of node1, node2, node3, not "n9"',
    ],
    [
      { apps: [{ appName: 'x', compaction: { n9: {} } }] },
      {},
      'serveCluster: apps[0].compaction must be one of node1, node2, node3, not "n9"',
    ],
    [{}, { port: 1 }, 'serveCluster: unknown option "port", did you mean "ports"?'],
    [{}, { ports: 'fixed' }, 'serveCluster: ports must be one of free, described, not "fixed"'],
    [{}, { createHandler: 1 }, 'serveCluster: createHandler must be a function, not 1'],
    [
      {},
      { ports: 'described' },
      'serveCluster: the name of each server must be an address such as "127.0.0.1:34801", not "meta1"',
    ],
  ])('%j, %j: %s', async (description, options, message) => {
    const error = await serveCluster(bad(description), bad(options)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ code: 'ERR_INVALID_PARAMETERS' });
    expect((error as Error).message).toContain(message);
  });

  type Operation = (fake: FakeCluster) => unknown;
  it.each<[Operation, code: string, message: string]>([
    [(f) => f.server('x'), 'ERR_OBJECT_NOT_FOUND', 'the fake cluster has no server "x"'],
    [(f) => f.killNode('meta1'), 'ERR_OBJECT_NOT_FOUND', 'the fake cluster has no node "meta1"'],
    [(f) => f.killMeta('node1'), 'ERR_OBJECT_NOT_FOUND', 'the fake cluster has no meta server "node1"'],
    [(f) => f.killNode(bad(undefined)), 'ERR_OBJECT_NOT_FOUND', 'the fake cluster has no node undefined'],
    [(f) => f.reviveNode('node1'), 'ERR_INVALID_STATE', 'is ALIVE already'],
    [(f) => f.reviveMeta('meta1'), 'ERR_INVALID_STATE', 'meta server meta1 is up already'],
    [
      (f) => Promise.all([f.killMeta('meta1'), f.killMeta('meta1')]),
      'ERR_INVALID_STATE',
      'meta server meta1 is down already',
    ],
    [(f) => f.addNode('meta1'), 'ERR_INVALID_PARAMETERS', 'the fake cluster has a server "meta1" already'],
    [
      (f) => f.setFault('meta1', bad({ delay: 1 })),
      'ERR_INVALID_PARAMETERS',
      'fault: unknown key "delay", did you mean "delayMs"?',
    ],
    [
      (f) => f.setFault('meta1', { path: 'meta' }),
      'ERR_INVALID_PARAMETERS',
      'fault.path must be a path such as "/meta/apps", not "meta"',
    ],
    [
      (f) => f.setFault('meta1', { response: 200 }),
      'ERR_INVALID_PARAMETERS',
      'fault.response must be an integer from 400 to 599, not 200',
    ],
    [
      (f) => f.setFault('meta1', { response: bad('cut') }),
      'ERR_INVALID_PARAMETERS',
      'fault.response must be an HTTP status or one of normal, reset, truncated, malformed, none, not "cut"',
    ],
    [
      (f) => f.setFault('meta1', { times: 0 }),
      'ERR_INVALID_PARAMETERS',
      'fault.times must be an integer from 1, not 0',
    ],
    [
      (f) => f.setFault('meta1', { delayMs: Number.POSITIVE_INFINITY }),
      'ERR_INVALID_PARAMETERS',
      'fault.delayMs must be a number from 0 to 2147483647, not Infinity',
    ],
  ])('%s: %s', async (operation, code, message) => {
    const fake = await serve();
    const error = await Promise.resolve()
      .then(() => operation(fake))
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'PegasusError', code });
    expect((error as Error).message).toContain(message);
  });
});

it('listens exactly where the cluster has living servers, after any sequence of operations', async () => {
  const step = fc.record({
    operation: fc.constantFrom('killNode', 'reviveNode', 'killMeta', 'reviveMeta', 'addNode', 'removeNode'),
    index: fc.nat(3),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
      const fake = await serveCluster({ metaServers: 2, nodes: 2, ...TEMP });
      try {
        for (const { operation, index } of steps) {
          const servers = operation.endsWith('Meta') ? fake.metas : fake.replicas;
          const server = servers[index];
          if (operation === 'addNode') await fake.addNode();
          else if (server !== undefined) await fake[operation](server).catch(() => {});
        }
        for (const { url, isListening } of fake.metas)
          expect(await statusOf(`${url}/version`)).toBe(isListening ? 200 : 'refused');
        const { nodes } = fake.cluster.metaState.cluster();
        expect(nodes.map(({ address }) => address)).toEqual(fake.replicas.map(({ address }) => address));
        for (const { address, status } of nodes)
          expect(await statusOf(`http://${address}/version`)).toBe(status === 'ALIVE' ? 200 : 'refused');
        expect(fake.primaryMeta?.isListening ?? fake.metas.some((meta) => meta.isListening)).toBe(
          fake.primaryMeta !== undefined,
        );
      } finally {
        await fake.close();
      }
    }),
    { numRuns: 20 },
  );
});
