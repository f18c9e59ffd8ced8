import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { DEFAULT_CLUSTER } from '../../lib/command/onebox/default-cluster.js';
import type { OneboxAddresses } from '../../lib/command/onebox/describe.js';
import { type Child, node, ROOT, run } from '../support/child.js';
import { BIN, temporaryFile } from '../support/gateway.js';
import { type Client, clientOf } from '../support/http.js';

const PATIENCE = { timeout: 10_000 };

/** A running onebox with its control interface. */
interface Controlled {
  readonly addresses: OneboxAddresses;
  readonly child: Child;
  readonly control: Client;
  /** Posts an operation, which must succeed, and returns its answer. */
  post(operation: string, body?: object): Promise<unknown>;
  /** Asks the first meta server that is up. */
  meta(target: string, index?: number): Promise<unknown>;
}

async function startOnebox(description?: object): Promise<Controlled> {
  const file = description === undefined ? [] : [temporaryFile('cluster.json', description)];
  const flags = ['--free-ports', '--print-addresses', '--control', '0', '--no-workload'];
  const child = node([BIN, 'onebox', ...flags, ...file]);
  const addresses: OneboxAddresses = JSON.parse(await child.says(/^\{.*\}\n/));
  const control = clientOf(addresses.control ?? '');
  return {
    addresses,
    child,
    control,
    async post(operation, body = {}) {
      const headers = { 'content-type': 'application/json' };
      const answer = await control.send('POST', `/${operation}`, headers, JSON.stringify(body));
      expect(answer, answer.body).toMatchObject({ status: 200 });
      return answer.json();
    },
    meta: async (target, index = 0) =>
      (await fetch(new URL(target, addresses.metaServers[index]?.url))).json(),
  };
}

describe('a onebox on free ports', () => {
  it('prints the addresses of all servers as its only line', async () => {
    const { addresses, child } = await startOnebox();
    expect(addresses).toEqual({
      metaServers: ['meta1', 'meta2', 'meta3'].map((name) => server(name)),
      nodes: ['node1', 'node2', 'node3'].map((name) => server(name)),
      control: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/$/),
    });
    for (const { url } of [...addresses.metaServers, ...addresses.nodes])
      expect((await fetch(`${url}version`)).status).toBe(200);
    child.process.kill('SIGTERM');
    const { code, stdout, stderr } = await child.ended;
    expect({ code, lines: stdout.split('\n').length, stderr }).toEqual({ code: 0, lines: 2, stderr: '' });
  });

  it('takes a file without addresses', async () => {
    const { addresses, meta } = await startOnebox({
      metaServers: 1,
      nodes: ['east', { address: 'west', status: 'UNALIVE' }],
      apps: [{ appName: 'orders', partitions: [{ primary: 'east' }] }],
    });
    expect(addresses.nodes.map(({ name }) => name)).toEqual(['east', 'west']);
    expect(await meta('/meta/app?name=orders&detail')).toMatchObject({
      replicas: { 0: { primary: addresses.nodes[0]?.address } },
    });
  });

  it('serves a collector where it is told to', async () => {
    const child = node([BIN, 'onebox', '--free-ports', '--print-addresses', '--collector', '0']);
    const { collector }: OneboxAddresses = JSON.parse(await child.says(/\n/));
    const name = encodeURIComponent('collector*app.pegasus*app.stat.write_qps#_all_');
    expect((await fetch(`${collector}perfCounter?name=${name}`)).status).toBe(200);
  });

  function server(name: string) {
    const address = expect.stringMatching(/^127\.0\.0\.1:\d+$/);
    return { name, address, url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/$/) };
  }
});

describe('the control interface', () => {
  it('lists its operations with bodies that work', async () => {
    const { control, post } = await startOnebox();
    const { operations } = (await control.get('/')).json() as {
      operations: Record<string, { summary: string; body: object }>;
    };
    for (const [name, { summary }] of Object.entries(operations)) expect(summary, name).toMatch(/\.$/);
    const bodyOf = (name: string) => operations[`POST /${name}`]?.body;
    // In an order in which each finds what it needs; they are all there are.
    const order = [
      ...[
        'setFault',
        'clearFaults',
        'killNode',
        'reviveNode',
        'addNode',
        'removeNode',
        'killMeta',
        'reviveMeta',
      ],
      ...['electPrimaryMeta', 'createApp', 'setAppEnvs', 'setPartition', 'setMetaFunctionLevel'],
      ...['setBalanceOperations', 'setPerfCounter', 'setMetric', 'addDuplication', 'setDuplicationStatus'],
      ...['setDuplicationProgress', 'removeDuplication', 'setBackupPolicy', 'dropApp'],
    ];
    for (const name of order.filter(
      (one) => !one.startsWith('setDuplication') && one !== 'removeDuplication',
    ))
      await post(name, bodyOf(name));
    await post('recallApp', { appId: 3 });
    const { dupId } = (await post('addDuplication', {
      appName: 'orders',
      duplication: { remote: 'c3' },
    })) as {
      dupId: number;
    };
    for (const name of order.filter((one) => one.startsWith('setDuplication') || one === 'removeDuplication'))
      await post(name, { ...bodyOf(name), dupId });
    await post('renameApp', bodyOf('renameApp'));
    await post('setAppStatus', { table: 'orders2', status: 'DROPPING' });
    const others = [
      'recallApp',
      'renameApp',
      'setAppStatus',
      'setBulkLoadStatus',
      'advanceCompaction',
      'stop',
    ];
    expect(Object.keys(operations).sort()).toEqual(
      ['GET /state', ...[...order, ...others].map((name) => `POST /${name}`)].sort(),
    );
  });

  it('kills and revives a node: its port refuses, and the tables lose its replicas', async () => {
    const { addresses, post, meta, control } = await startOnebox();
    const [node1] = addresses.nodes;
    await post('killNode', { server: 'node1' });
    await expect(fetch(node1?.url ?? '')).rejects.toThrow();
    expect(await meta('/meta/nodes')).toMatchObject({ summary: { unalive_node_count: '1' } });
    const { nodes } = (await control.get('/state')).json() as { nodes: object[] };
    expect(nodes[0]).toMatchObject({ name: 'node1', isListening: false, status: 'UNALIVE' });
    await post('reviveNode', { server: node1?.address });
    expect((await fetch(`${node1?.url}version`)).status).toBe(200);
    expect(await meta('/meta/nodes')).toMatchObject({ summary: { unalive_node_count: '0' } });
  });

  it('moves the primary, by an election and by a death', async () => {
    const { addresses, post, meta, control } = await startOnebox();
    const primary = async () =>
      ((await control.get('/state')).json() as { primaryMetaServer: string }).primaryMetaServer;
    await post('electPrimaryMeta', { server: null });
    expect(await primary()).toBe(null);
    expect(await meta('/meta/apps')).toMatchObject({ error: 'ERR_FORWARD_TO_OTHERS' });
    await post('electPrimaryMeta', { server: 'meta2' });
    expect(await primary()).toBe(addresses.metaServers[1]?.address);
    await post('killMeta', { server: 'meta2' });
    await expect(fetch(addresses.metaServers[1]?.url ?? '')).rejects.toThrow();
    expect(await meta('/meta/cluster', 2)).toMatchObject({
      primary_meta_server: addresses.metaServers[0]?.address,
    });
  });

  it('breaks answers and repairs them', async () => {
    const { addresses, post } = await startOnebox();
    const url = `${addresses.metaServers[0]?.url}meta/apps`;
    const text = async () => (await fetch(url)).text();
    await post('setFault', { path: '/meta/apps', response: 500 });
    expect((await fetch(url)).status).toBe(500);
    expect((await fetch(`${addresses.metaServers[0]?.url}meta/nodes`)).status).toBe(200);
    await post('setFault', { server: 'meta1', path: '/meta/apps', response: 'truncated' });
    await expect(text()).rejects.toThrow();
    await post('setFault', { server: 'meta1', path: '/meta/apps', response: 'malformed' });
    expect(() => JSON.parse('{"malformed":')).toThrow();
    expect(await text()).toBe('{"malformed":');
    await post('clearFaults');
    expect((await fetch(url)).status).toBe(200);
    await post('setFault', { server: 'meta1', response: 503, times: 2 });
    const statuses = [(await fetch(url)).status, (await fetch(url)).status, (await fetch(url)).status];
    expect(statuses).toEqual([503, 503, 200]);
  });

  it('changes tables, by the names of servers', async () => {
    const { addresses, post, meta } = await startOnebox();
    expect(await post('createApp', { appName: 'orders', partitionCount: 2 })).toMatchObject({ appId: 3 });
    const changed = await post('setPartition', {
      appName: 'orders',
      pidx: 1,
      primary: 'node3',
      secondaries: ['node1'],
    });
    const [node1, , node3] = addresses.nodes;
    expect(changed).toMatchObject({ primary: node3?.address, secondaries: [node1?.address] });
    await post('setAppEnvs', { appName: 'orders', envs: { node1: 'node1' } });
    expect(await meta('/meta/app_envs?name=orders')).toEqual({ node1: 'node1' });
    expect(await post('dropApp', { appName: 'orders' })).toMatchObject({ status: 'DROPPED' });
    expect(await meta('/meta/app?name=orders')).toMatchObject({ error: 'ERR_OBJECT_NOT_FOUND' });
  });

  it('stops the onebox', async () => {
    const { post, child } = await startOnebox();
    await post('stop');
    expect(await child.ended).toMatchObject({ code: 0, stderr: '' });
  });

  type Refused = [
    what: string,
    method: string,
    path: string,
    headers: object,
    body: string,
    status: number,
    message: RegExp,
  ];
  const REFUSED: readonly Refused[] = [
    [
      'an unknown operation',
      'POST',
      '/killNod',
      {},
      '{}',
      404,
      /no operation \\"killNod\\", did you mean \\"killNode\\"/,
    ],
    ['a wrong method', 'GET', '/killNode', {}, '', 405, /this path takes POST/],
    ['a wrong method of the listing', 'POST', '/', {}, '{}', 405, /this path takes GET, HEAD/],
    ['a preflight', 'OPTIONS', '/killNode', {}, '', 405, /this path takes POST/],
    [
      'a form',
      'POST',
      '/killNode',
      { 'content-type': 'text/plain' },
      '{}',
      400,
      /Content-Type must be application\/json/,
    ],
    ['a body without a type', 'POST', '/killNode', { 'content-type': '' }, '{}', 400, /Content-Type must be/],
    [
      'a body that is no JSON',
      'POST',
      '/killNode',
      {},
      '{"server": node1}',
      400,
      /expected a value in line 1, column 12/,
    ],
    ['an array', 'POST', '/killNode', {}, '[]', 400, /must be a JSON object, not an empty array/],
    [
      'an unknown key',
      'POST',
      '/killNode',
      {},
      '{"sever":1}',
      400,
      /unknown key \\"sever\\", did you mean \\"server\\"/,
    ],
    ['a missing key', 'POST', '/killNode', {}, '{}', 400, /server must be a non-empty string, not undefined/],
    ['an unknown server', 'POST', '/killNode', {}, '{"server":"node9"}', 404, /has no node \\"node9\\"/],
    ['an unknown table', 'POST', '/dropApp', {}, '{"appName":"x"}', 404, /no table \\"x\\"/],
    ['a table that is there', 'POST', '/createApp', {}, '{"appName":"temp"}', 409, /temp/],
    ['a living node', 'POST', '/reviveNode', {}, '{"server":"node1"}', 409, /alive/i],
    [
      'a wrong fault',
      'POST',
      '/setFault',
      {},
      '{"response":200}',
      400,
      /response must be an integer from 400 to 599/,
    ],
    [
      'another host name',
      'POST',
      '/killNode',
      { host: 'evil.example' },
      '{"server":"node1"}',
      403,
      /no name of loopback/,
    ],
    ['another host name', 'GET', '/state', { host: 'evil.example' }, '', 403, /no name of loopback/],
    [
      'a page',
      'POST',
      '/killNode',
      { 'sec-fetch-site': 'cross-site' },
      '{"server":"node1"}',
      403,
      /pages of other sites/,
    ],
    ['a page', 'POST', '/stop', { 'sec-fetch-site': 'same-site' }, '{}', 403, /pages of other sites/],
    [
      'a page',
      'POST',
      '/killNode',
      { origin: 'http://evil.example' },
      '{"server":"node1"}',
      403,
      /pages of other sites/,
    ],
    ['a page', 'POST', '/killNode', { origin: 'null' }, '{"server":"node1"}', 403, /pages of other sites/],
  ];

  it('refuses with a clear error what is wrong, and what a page in a browser could send', async () => {
    const { control } = await startOnebox();
    for (const [what, method, path, headers, body, status, message] of REFUSED) {
      const all = { 'content-type': 'application/json', ...headers };
      const answer = await control.send(method, path, all, body);
      expect(answer, what).toMatchObject({ status, body: expect.stringMatching(message) });
      expect(answer.headers['access-control-allow-origin'], what).toBeUndefined();
    }
    expect((await control.get('/state')).json()).toMatchObject({ nodes: [{ status: 'ALIVE' }, {}, {}] });
  });
});

describe('mistakes', () => {
  it.each<[args: string[], code: number, message: string]>([
    [
      ['--control', '0.0.0.0:0'],
      2,
      '--control listens on loopback only, such as 127.0.0.1:34600, not on 0.0.0.0:0',
    ],
    [
      ['--control', '10.0.0.1:80'],
      2,
      '--control listens on loopback only, such as 127.0.0.1:34600, not on 10.0.0.1:80',
    ],
    [['--control', 'here'], 2, '--control takes an address such as 127.0.0.1:34101, not here'],
    [['--free-port'], 2, 'unknown option --free-port, did you mean --free-ports?'],
    [['--delay', '-1'], 2, '--delay needs a value: --delay MS'],
    [['--workload'], 2, 'unknown option --workload, did you mean --no-workload?'],
  ])('%j', async (args, code, message) => {
    expect(await run([BIN, 'onebox', ...args])).toEqual({
      code,
      signal: null,
      stdout: '',
      stderr: `onebox: ${message}\n`,
    });
  });

  it.each<[description: unknown, message: string]>([
    [{ metaServers: 0 }, 'the description is wrong: metaServers must be an integer from 1 to 1000, not 0'],
    [{ nodes: ['a', 'a'] }, 'the description is wrong: metaServers and nodes has "a" twice'],
    [{ metaServers: 1, app: [] }, 'the description is wrong: '],
    [{ metaServers: 1, apps: [{ name: 'x' }] }, 'apps[0]: unknown key "name", did you mean "appName"?'],
  ])('in a description: %j', async (description, message) => {
    const { code, stderr } = await run([BIN, 'onebox', temporaryFile('cluster.json', description)]);
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^onebox: .*\n$/);
    expect(code).toBe(1);
  });

  it('leave no server behind when a port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await vi.waitFor(() => expect(taken.address()).not.toBe(null), PATIENCE);
    const { port } = taken.address() as { port: number };
    for (const flag of ['--control', '--collector']) {
      expect(await run([BIN, 'onebox', '--free-ports', flag, String(port)])).toMatchObject({
        code: 1,
        stderr: `onebox: 127.0.0.1:${port} is taken: stop the program that listens there, or take free ports with --free-ports\n`,
      });
    }
    taken.close();
  });
});

it('the default cluster is that of the example', () => {
  expect(DEFAULT_CLUSTER).toEqual(JSON.parse(readFileSync(`${ROOT}examples/onebox.json`, 'utf8')));
});
