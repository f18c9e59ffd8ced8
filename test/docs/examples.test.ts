import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ClusterDescription } from '../../lib/index.js';
import { installed } from '../support/commands.js';
import { EXAMPLES_CONFORMANCE } from '../support/conformance.js';
import { fetchClientOf } from '../support/fetch-mounts.js';
import { clientOf } from '../support/http.js';
import { below, certificate, http2ClientOf, trusting } from '../support/mounts.js';
import { freeAddresses } from '../support/onebox.js';

const EXAMPLES = fileURLToPath(new URL('../../examples/', import.meta.url));
const HOSTS = [
  'http.js',
  'https.js',
  'http2.js',
  'express.js',
  'express4.js',
  'fastify.js',
  'fastify-alone.js',
  'hono.js',
  'koa.js',
  'nest.js',
  'commonjs.cjs',
];
/** Those with tests of their own below, and what is no program. */
const OTHERS = [
  'custom-source.js',
  'fetch.js',
  'guarded.js',
  'telemetry.js',
  'consumer.test.js',
  'deploy',
  'monitoring',
  'onebox.js',
  'onebox.json',
  'port.js',
  'cluster.js',
  'zookeeper-gateway.js',
  'zookeeper',
];

const run = promisify(execFile);
const GO = installed('go', 'golang-go');

/** Starts an example as a user would and waits for a line of its output. */
async function start(file: string, args: string[], awaited: RegExp, env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [join(EXAMPLES, file), ...args], {
    env: { ...process.env, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const output = { stdout: '', stderr: '' };
  child.stderr.on('data', (chunk) => {
    output.stderr += chunk;
  });
  const found = await new Promise<RegExpExecArray>((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      output.stdout += chunk;
      const match = awaited.exec(output.stdout);
      if (match !== null) resolve(match);
    });
    child.on('exit', (code) => reject(new Error(`${file} ended with ${code}: ${output.stderr}`)));
  });
  return { child, output, found };
}

async function stopped(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  const ended = once(child, 'exit');
  child.kill(signal);
  return (await ended)[0];
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pegasus-http-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

it('knows every example', async () => {
  expect((await readdir(EXAMPLES)).sort()).toEqual([...HOSTS, ...OTHERS].sort());
});

describe.each(HOSTS)('examples/%s', (file) => {
  it('serves the interface', async () => {
    const folder = await temporaryFolder();
    const { key, cert } = await certificate();
    const tls = { TLS_KEY: join(folder, 'key.pem'), TLS_CERT: join(folder, 'cert.pem') };
    await writeFile(tls.TLS_KEY, key);
    await writeFile(tls.TLS_CERT, cert);
    const { found, output } = await start(file, [], /open (https?:\/\/[\w.:]+)(\S*)\/\n/, tls);
    const [, origin = '', prefix = ''] = found;
    const http2 = file === 'http2.js' ? http2ClientOf(origin) : undefined;
    onTestFinished(() => http2?.close());
    const client = http2 ?? clientOf(origin, origin.startsWith('https') ? trusting : undefined);
    for (const { run: check } of EXAMPLES_CONFORMANCE) await check(below(client, prefix));
    if (http2 !== undefined) expect((await clientOf(origin, trusting).get('/version')).status).toBe(200);
    if (/express|fastify|hono|koa|nest/.test(file))
      expect((await client.get('/')).body).toBe('the service itself');
    expect(output.stderr).toBe('');
  });
});

it('examples/fetch.js serves the interface, as Bun and Deno would call it', async () => {
  const { default: server } = await import('../../examples/fetch.js');
  const client = fetchClientOf((request) => server.fetch(request));
  for (const { run: check } of EXAMPLES_CONFORMANCE) await check(below(client, '/pegasus'));
  expect((await client.get('/')).body).toBe('the service itself');
});

it.skipIf(!GO)('examples/fastify-alone.js is readable by go tool pprof, with names', async () => {
  const { found } = await start('fastify-alone.js', [], /open (\S+)\/\n/);
  const env = { ...process.env, PPROF_TMPDIR: await temporaryFolder() };
  const { stdout } = await run('go', ['tool', 'pprof', '-top', `${found[1]}/pprof/heap`], { env });
  expect(stdout).toMatch(/^File: /);
  expect(stdout).toMatch(/% +\S+ (?:node:internal|file:|\/)\S*:\d+/);
  expect(stdout).not.toMatch(/% +0x[\da-f]+/);
});

it('examples/custom-source.js shows a source written by hand', async () => {
  const { found, output } = await start('custom-source.js', [], /open (\S+)\/\n/);
  const { get } = clientOf(found[1] ?? '');
  expect((await get('/meta/app?name=orders&detail')).json()).toMatchObject({
    replicas: { 0: { primary: '10.0.0.1:34801', replica_count: '2/2' } },
  });
  expect((await get('/meta/cluster')).json()).toMatchObject({ balance_operation_count: 'unknown' });
  expect((await get('/meta/apps?detail')).json()).toMatchObject({
    summary: { fully_healthy_app_count: '1' },
  });
  expect((await get('/perfCounter?name=orders*server*rss(MB)')).json()).toMatchObject({ type: 'NUMBER' });
  expect((await get('/perfCounter?name=nope')).status).toBe(404);
  expect((await get('/perfCounter?name=orders*server*broken')).json()).toEqual({
    error: 'ERR_NETWORK_FAILURE',
    message: 'the perf counter source failed',
  });
  expect(output.stderr).toContain('no route to 10.0.0.9');
});

describe('examples/guarded.js', () => {
  const TOKEN = 'a token of some length';
  const right = { authorization: `Bearer ${TOKEN}` };
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

  it('opens to a token, on a server that sees IPv4 clients by mapped addresses, too', async () => {
    const { found, output } = await start('guarded.js', [], /open (\S+)\/\n/, { TOKEN, HOST: '::' });
    const { send } = clientOf(found[1] ?? '');
    const status = async (target: string, headers: Record<string, string>) =>
      (await send('GET', target, headers)).status;
    for (const target of ['/', '/meta/apps', '/version', '/pprof/cmdline']) {
      expect([target, await status(target, right)]).toEqual([target, 200]);
      for (const authorization of [basic(`pprof:${TOKEN}`), basic(`:${TOKEN}`).replace('B', 'b')])
        expect([target, await status(target, { authorization })]).toEqual([target, 200]);
      for (const authorization of [
        '',
        'Bearer',
        'Bearer ',
        'Bearer wrong',
        `Basic ${TOKEN}`,
        basic(''),
        basic(TOKEN),
        basic(`${TOKEN}:`),
        basic(`pprof:${TOKEN}x`),
        basic(`pprof::${TOKEN}`),
        TOKEN,
        `Bearer ${TOKEN}x`,
      ])
        expect([authorization, await status(target, { authorization })]).toEqual([authorization, 401]);
      const answer = await send('GET', target);
      const challenge = 'Basic realm="pegasus", Bearer realm="pegasus"';
      expect([answer.status, answer.headers['www-authenticate']]).toEqual([401, challenge]);
    }
    expect(output.stderr).toBe('');
  });

  it.skipIf(!installed('go', 'golang-go'))(
    'gives profiles to go tool pprof with a password in the URL',
    {
      timeout: 90_000,
    },
    async () => {
      const { found } = await start('guarded.js', [], /open (\S+)\/\n/, { TOKEN: 'token-of-some-length' });
      const url = `${(found[1] ?? '').replace('//', '//pprof:token-of-some-length@')}/pprof/profile?seconds=1`;
      const env = { ...process.env, PPROF_TMPDIR: await temporaryFolder() };
      const { stdout, stderr } = await run('go', ['tool', 'pprof', '-top', url], { env });
      expect(stdout, stderr).toMatch(/^File: node/m);
    },
  );

  it('shows profiles to this machine alone', async () => {
    const peers = [
      ['127.0.0.1', 200],
      ['127.8.8.8', 200],
      ['::1', 200],
      ['::ffff:127.0.0.1', 200],
      ['10.0.0.7', 403],
      ['128.0.0.1', 403],
      ['::ffff:10.0.0.7', 403],
      ['::', 403],
      ['2001:db8::1', 403],
      ['fe80::1%eth0', 403],
      ['', 403],
    ] as const;
    // No test sends anything out of this machine: the sockets of the program say that they come from elsewhere, one after the other.
    const pretend = `
      import { Socket } from 'node:net';
      const peers = process.env.PEERS.split(',');
      const seen = new WeakMap();
      Socket.prototype._getpeername = function () {
        if (!seen.has(this)) seen.set(this, peers.shift());
        const address = seen.get(this);
        return address ? { address, family: address.includes(':') ? 'IPv6' : 'IPv4' } : {};
      };`;
    const { found } = await start('guarded.js', [], /open (\S+)\/\n/, {
      TOKEN,
      PEERS: peers.map(([peer]) => peer).join(),
      NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(pretend)}`,
    });
    const { send } = clientOf(found[1] ?? '');
    for (const [peer, status] of peers) {
      const forwarded = { ...right, 'x-forwarded-for': '127.0.0.1' };
      expect([peer, (await send('GET', '/pprof/cmdline', forwarded)).status]).toEqual([peer, status]);
    }
  });

  it.each(['', 'short'])('does not start with "%s" for a token', async (token) => {
    await expect(start('guarded.js', [], /open/, { TOKEN: token })).rejects.toThrow('at least 16 characters');
  });
});

it('examples/telemetry.js exports a span per request and source call, and a line per response and error', async () => {
  const { found, output } = await start('telemetry.js', [], /open (\S+)\/\n/);
  const { get } = clientOf(found[1] ?? '');
  await get('/meta/app?name=stat');
  await get('/perfCounter?name=broken');
  await get('/nope');
  const lines = () =>
    output.stdout
      .split('\n')
      .filter((line) => line.startsWith('{') && line.endsWith('}'))
      .map((line): Record<string, unknown> => JSON.parse(line));
  await expect.poll(() => lines().filter(({ msg }) => msg === 'responded')).toHaveLength(3);
  await expect.poll(() => lines().filter(({ span }) => span === 'GET no endpoint')).toHaveLength(1);
  const spans = lines().filter(({ span }) => span !== undefined);
  const spanOf = (name: string) => spans.find(({ span }) => span === name) ?? {};
  expect(spans.map(({ span }) => span).sort()).toEqual([
    'GET /meta/app',
    'GET /perfCounter',
    'GET no endpoint',
    'metaState.app',
    'metaState.role',
    'perfCounters.read',
  ]);
  for (const [child, parent] of [
    ['metaState.role', 'GET /meta/app'],
    ['metaState.app', 'GET /meta/app'],
    ['perfCounters.read', 'GET /perfCounter'],
  ] as const) {
    const { spanId: parentId, traceId } = spanOf(parent);
    expect(parentId).toMatch(/^[0-9a-f]{16}$/);
    expect(spanOf(child)).toMatchObject({ parentId, traceId });
  }
  expect(spanOf('GET /meta/app').attributes).toEqual({
    'http.request.method': 'GET',
    'http.route': '/meta/app',
    'http.response.status_code': 200,
  });
  expect(spanOf('GET /perfCounter').status).toMatchObject({ code: 2 });
  expect(spanOf('perfCounters.read').status).toMatchObject({ code: 2 });
  expect(lines().filter(({ level }) => level === 50)).toMatchObject([
    {
      endpoint: '/perfCounter',
      code: 'ERR_UNKNOWN',
      err: { message: expect.stringContaining('no route to 10.0.0.9') },
    },
  ]);
  expect(
    lines()
      .filter(({ msg }) => msg === 'responded')
      .map(({ status }) => status),
  ).toEqual([200, 500, 404]);
  expect(output.stderr).toBe('');
});

it('examples/consumer.test.js passes', async () => {
  const { stdout } = await run(process.execPath, ['--test', join(EXAMPLES, 'consumer.test.js')], {
    env: { ...process.env, NODE_TEST_CONTEXT: undefined },
  });
  expect(stdout).toMatch(/pass 4\n/);
  expect(stdout).toMatch(/fail 0\n/);
});

describe('examples/onebox.js', () => {
  /** The onebox's own description on other ports. */
  async function elsewhere(changes: Partial<ClusterDescription> = {}) {
    const own: ClusterDescription = JSON.parse(await readFile(join(EXAMPLES, 'onebox.json'), 'utf8'));
    const metas = await freeAddresses(own.metaServers?.length ?? 0);
    const replicas = await freeAddresses(own.nodes?.length ?? 0);
    const file = join(await temporaryFolder(), 'cluster.json');
    await writeFile(file, JSON.stringify({ ...own, metaServers: metas, nodes: replicas, ...changes }));
    return { file, metas, replicas };
  }

  it('serves six servers, says what to open, and stops on Ctrl-C', async () => {
    const { file, metas, replicas } = await elsewhere();
    const { child, output } = await start('onebox.js', [file], /Stop with Ctrl-C/);
    expect(output.stdout).toContain(`http://${metas[0]}/   (primary)`);
    for (const address of [...metas, ...replicas]) {
      expect(output.stdout).toContain(`http://${address}/`);
      const { get } = clientOf(`http://${address}`);
      expect((await get('/version')).json()).toMatchObject({ Version: '1.12.SNAPSHOT' });
      expect((await get('/meta/apps')).status).toBe(
        address === metas[0] ? 200 : metas.includes(address) ? 307 : 404,
      );
    }
    expect(metas.length + replicas.length).toBe(6);
    // The command that it prints shows a healthy cluster.
    const [, suggested = ''] = /curl -L '(\S+)'/.exec(output.stdout) ?? [];
    const apps = await (await fetch(suggested)).json();
    expect(apps).toMatchObject({ summary: { total_app_count: '2', fully_healthy_app_count: '2' } });
    const elsewhereApps = await fetch(`http://${metas[2]}/meta/apps?detail`);
    expect(await elsewhereApps.json()).toEqual(apps);
    expect(await stopped(child, 'SIGINT')).toBe(0);
    expect(output.stderr).toBe('');
  });

  it('answers only under host names of loopback', async () => {
    const { file, metas } = await elsewhere();
    await start('onebox.js', [file], /Stop with Ctrl-C/);
    const { send } = clientOf(`http://${metas[0]}`);
    const port = metas[0]?.split(':')[1];
    const hosts = [metas[0], `localhost:${port}`, `[::1]:${port}`, `evil.example:${port}`, 'evil.example'];
    const statuses = hosts.map(async (host = '') => (await send('GET', '/meta/apps', { host })).status);
    expect(await Promise.all(statuses)).toEqual([200, 200, 200, 403, 403]);
  });

  it('leaves a dead node silent', async () => {
    const [dead = ''] = await freeAddresses(1);
    const { file, metas } = await elsewhere({ nodes: [{ address: dead, status: 'UNALIVE' }] });
    const { child, output } = await start('onebox.js', [file], /Stop with Ctrl-C/);
    expect(output.stdout).toContain(`${dead} is UNALIVE`);
    await expect(clientOf(`http://${dead}`).get('/version')).rejects.toThrow('ECONNREFUSED');
    expect((await clientOf(`http://${metas[0]}`).get('/meta/nodes')).json()).toMatchObject({
      summary: { unalive_node_count: '1' },
    });
    expect(await stopped(child, 'SIGTERM')).toBe(0);
  });

  it('says how it is used', async () => {
    const { stdout } = await run(process.execPath, [join(EXAMPLES, 'onebox.js'), '--help']);
    expect(stdout).toMatch(/^Usage: pegasus-http onebox/);
    expect(stdout).toContain('npm start [-- options]');
  });

  it.each<[what: string, args: () => Promise<string[]>, message: RegExp, code?: number]>([
    ['an unknown option', async () => ['--port', '1'], /unknown option --port, see --help/, 2],
    [
      'two files',
      async () => ['a.json', 'b.json'],
      /takes one argument beside its options, not 2; see --help/,
      2,
    ],
    ['a file that is not there', async () => ['nowhere.json'], /cannot read nowhere.json: .*ENOENT/],
    [
      'a file that is no JSON',
      async () => [join(EXAMPLES, 'http.js')],
      /http.js is not JSON: expected a value in line 1, column 1/,
    ],
    [
      'a description that is wrong',
      async () => [(await elsewhere({ metaFunctionLevel: 'calm' as never })).file],
      /the description is wrong: metaFunctionLevel must be one of/,
    ],
    [
      'an address of elsewhere',
      async () => [(await elsewhere({ nodes: ['203.0.113.1:34801'] })).file],
      /203.0.113.1 is no address of this machine/,
    ],
  ])('refuses %s', async (_, args, message, code = 1) => {
    const failed = run(process.execPath, [join(EXAMPLES, 'onebox.js'), ...(await args())]);
    await expect(failed).rejects.toMatchObject({ code, stderr: expect.stringMatching(message) });
    await expect(failed).rejects.toMatchObject({ stderr: expect.stringMatching(/^onebox: .*\n$/) });
  });

  it('explains a port that is taken, and exits', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    onTestFinished(() => void taken.close());
    const { port } = taken.address() as { port: number };
    const { file } = await elsewhere({ nodes: [`127.0.0.1:${port}`] });
    const failed = run(process.execPath, [join(EXAMPLES, 'onebox.js'), file]);
    const message = `onebox: 127.0.0.1:${port} is taken: stop the program that listens there`;
    await expect(failed).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining(message) });
  });
});

it('examples/zookeeper-gateway.js shows the cluster that it has put into a ZooKeeper of its own', async () => {
  const { child, found, output } = await start('zookeeper-gateway.js', [], /open (\S+)\/\n/);
  const { get } = clientOf(found[1] ?? '');
  expect((await get('/meta/apps?detail')).json()).toMatchObject({
    summary: { total_app_count: '3', fully_healthy_app_count: '3' },
  });
  expect((await get('/meta/cluster')).json()).toMatchObject({
    primary_meta_server: '127.0.0.1:34601',
    meta_function_level: 'unknown',
  });
  expect(await stopped(child, 'SIGTERM')).toBe(0);
  expect(output.stderr).toBe('');
});
