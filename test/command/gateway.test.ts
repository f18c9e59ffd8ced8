import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createPegasusHandler, memoryCluster } from '../../lib/index.js';
import { ROOT, run } from '../support/child.js';
import { temporaryDirectory } from '../support/commands.js';
import { BIN, startGateway, temporaryFile } from '../support/gateway.js';
import { listening } from '../support/http.js';
import { recorded, startReplayCluster } from '../support/replay-server.js';

const PATIENCE = { timeout: 10_000 };
const TOKEN = '0123456789-secret-token';

/** A promise that is resolved from outside. */
function gate() {
  let resolve = (): void => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

/** A meta server in memory; requests for the table `slow` wait until they are released. */
async function startMeta(appName = 'temp') {
  const cluster = memoryCluster({
    nodes: ['127.0.0.1:34801', '127.0.0.1:34802', '127.0.0.1:34803'],
    apps: [{ appName, partitionCount: 4 }, { appName: 'slow' }],
  });
  const released = gate();
  const asked = gate();
  const handler = createPegasusHandler(cluster);
  const server = createServer(async (req, res) => {
    if (req.url?.includes('name=slow')) {
      asked.resolve();
      await released.promise;
    }
    handler(req, res);
  });
  const origin = await listening(server);
  return { cluster, address: origin.replace('http://', ''), asked: asked.promise, release: released.resolve };
}

describe('a gateway of one cluster', () => {
  it('answers at the root what the primary answered, with backups first', async () => {
    const { servers } = await startReplayCluster('2.5', 'healthy');
    const { get } = await startGateway(['--servers', servers.join(), '--compatibility', '2.5']);
    const answers = recorded('2.5', 'healthy');
    for (const target of ['/meta/apps', '/meta/cluster', '/meta/nodes?detail']) {
      const primary = answers.findLast((one) => one.target === target && one.body.length > 200);
      expect((await get(target)).body.length, target).toBe(
        primary?.body.replace(/(\d\d:\d\d:\d\d)\.0"/g, '$1.000"').length ?? 0,
      );
    }
  });

  it('has the console, the listing, its version and no way to write', async () => {
    const { address } = await startMeta();
    const { get, send } = await startGateway(['--servers', address]);
    expect((await get('/meta/app?name=temp')).json()).toMatchObject({ general: { app_name: 'temp' } });
    expect((await get('/version')).json()).toMatchObject({
      Version: expect.stringMatching(/^pegasus-http \d/),
    });
    expect((await send('GET', '/', { accept: 'text/html' })).status).toBe(302);
    expect((await get('/console/')).status).toBe(200);
    const paths = Object.keys((await get('/')).json() as object);
    expect(paths).toContain('/meta/apps');
    for (const path of ['/updateConfig', '/pprof/profile', '/meta/app/start_compaction', '/config']) {
      expect(paths).not.toContain(path);
      expect((await send('POST', path)).status, path).toBe(404);
    }
  });

  it('turns off what it is told to turn off', async () => {
    const { address } = await startMeta();
    const off = ['--no-console', '--no-prometheus', '--no-access-log'];
    const gateway = await startGateway(['--servers', address, ...off]);
    expect((await gateway.get('/console/')).status).toBe(404);
    expect((await gateway.get('/prometheus')).status).toBe(404);
    expect((await gateway.send('GET', '/', { accept: 'text/html' })).status).toBe(200);
    expect((await gateway.log()).map(({ msg }) => msg)).toEqual(['listening']);
  });

  it('answers only under names of loopback, except for /healthz and /readyz', async () => {
    const { address } = await startMeta();
    const { send, origin } = await startGateway(['--servers', address]);
    const statuses = async (host: string) =>
      Promise.all(
        ['/meta/apps', '/prometheus', '/healthz', '/readyz'].map(
          async (path) => (await send('GET', path, { host })).status,
        ),
      );
    const { port } = new URL(origin);
    for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`])
      expect(await statuses(host), host).toEqual([200, 200, 200, 200]);
    expect(await statuses('attacker.example')).toEqual([403, 403, 200, 200]);
  });

  it('refuses other methods on its own paths', async () => {
    const { address } = await startMeta();
    const { send } = await startGateway(['--servers', address]);
    for (const path of ['/healthz', '/readyz', '/prometheus']) {
      expect(await send('POST', path)).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
      expect(await send('HEAD', path)).toMatchObject({ status: 200, body: '' });
    }
  });
});

describe('a gateway of two clusters', () => {
  async function startTwo(extra: object = {}) {
    const [one, two] = [await startMeta('orders'), await startMeta('users')];
    const config = temporaryFile('gateway.json', {
      ...extra,
      clusters: [
        { name: 'prod', servers: one.address },
        { name: 'staging', servers: [two.address], compatibility: '2.6' },
      ],
    });
    return { ...(await startGateway(['--config', config])), one, two };
  }

  it('serves each below its prefix', async () => {
    const { get } = await startTwo();
    const prod = await get('/prod/meta/app?name=orders&detail=');
    expect(prod.json()).toMatchObject({ general: { app_name: 'orders' }, healthy: expect.anything() });
    expect((await get('/prod/meta/app?name=users')).status).toBe(404);
    expect((await get('/staging/meta/app?name=users')).status).toBe(200);
    expect((await get('/staging/meta/cluster')).body).toContain('balance_operation_count":"{\\n');
    for (const path of ['/meta/apps', '/test/meta/apps', '/prodx/meta/apps', '/__proto__/meta/apps'])
      expect((await get(path)).status, path).toBe(404);
  });

  it('publishes the metrics of both, and its own', async () => {
    const { get } = await startTwo();
    const { headers, body } = await get('/prometheus');
    expect(headers['content-type']).toMatch(/^text\/plain/);
    for (const cluster of ['prod', 'staging']) {
      expect(body).toContain(`pegasus_cluster_up{cluster="${cluster}"} 1`);
      expect(body).toContain(`pegasus_cluster_upstream_requests_total{cluster="${cluster}"}`);
    }
    expect(body).toMatch(/^process_resident_memory_bytes \d+/m);
  });

  it('lists them, as JSON for tools and in the console for browsers', async () => {
    const { get, send } = await startTwo();
    expect((await get('/')).json()).toMatchObject({
      clusters: { prod: '/prod/', staging: '/staging/' },
      endpoints: { '/healthz': expect.any(String), '/prometheus': expect.any(String) },
    });
    const browser = await send('GET', '/', { accept: 'text/html' });
    expect([browser.status, browser.headers['location']]).toEqual([302, expect.stringMatching(/console\/$/)]);
    for (const page of ['/console/', '/prod/console/']) {
      expect((await get(page)).body, page).toContain('&#34;staging&#34;');
    }
  });

  it('says of each whether it is ready', async () => {
    const { get, one, two } = await startTwo({ readyMaxAgeMs: 0, maxAgeMs: 1 });
    expect((await get('/readyz')).json()).toEqual({
      status: 'ready',
      clusters: { prod: { ready: true, ageSeconds: 0 }, staging: { ready: true, ageSeconds: 0 } },
    });
    expect(one.address).not.toBe(two.address);
  });
});

describe('readiness', () => {
  it('follows the upstream: away and back, which the log says once each', async () => {
    const { primary, servers } = await startReplayCluster('2.6', 'healthy');
    const file = { readyMaxAgeMs: 0, maxAgeMs: 50, clusters: [{ name: 'c1', servers }] };
    const gateway = await startGateway(['--config', temporaryFile('gateway.json', file)]);
    const ready = async () => {
      const { status, body } = await gateway.get('/readyz');
      return { status, ...(JSON.parse(body) as { clusters: { c1: Record<string, unknown> } }).clusters.c1 };
    };
    await vi.waitFor(async () => expect(await ready()).toMatchObject({ status: 200, ready: true }), PATIENCE);
    await primary.kill();
    const away = { status: 503, ready: false, reason: expect.stringMatching(/^the state is \d+ s old$/) };
    await vi.waitFor(async () => expect(await ready()).toMatchObject(away), PATIENCE);
    expect((await gateway.get('/healthz')).status).toBe(200);
    await primary.restart();
    await vi.waitFor(async () => expect(await ready()).toMatchObject({ status: 200, ready: true }), PATIENCE);
    const messages = (await gateway.log()).filter(({ msg }) => msg.startsWith('upstream is'));
    expect(messages).toMatchObject([
      {
        level: 'error',
        msg: 'upstream is silent: the meta servers',
        cluster: 'c1',
        code: expect.any(String),
      },
      { level: 'warn', msg: 'upstream is back: the meta servers', cluster: 'c1' },
    ]);
  });

  it('is 503 from the start while no cluster answers, and names no address', async () => {
    const gateway = await startGateway(['--servers', '127.0.0.1:1,127.0.0.1:2']);
    const { status, body } = await gateway.get('/readyz');
    expect(status).toBe(503);
    expect(body).not.toContain('127.0.0.1');
    expect(JSON.parse(body)).toEqual({
      status: 'not ready',
      clusters: {
        cluster: {
          ready: false,
          reason: expect.stringMatching(/^the cluster does not answer \(ERR_|^no answer in/),
        },
      },
    });
    // It says so without having been asked.
    await vi.waitFor(
      async () =>
        expect((await gateway.log()).map(({ msg }) => msg)).toContain('upstream is silent: the meta servers'),
      PATIENCE,
    );
  });
});

describe('the guard', () => {
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
  const PATHS = ['/', '/meta/apps', '/version', '/prometheus', '/console/', '/openapi.json'];

  it('opens everything to the token, and only /healthz and /readyz without', async () => {
    const { address } = await startMeta();
    const { send, log } = await startGateway(['--servers', address], { PEGASUS_HTTP_TOKEN: TOKEN });
    const status = async (path: string, authorization?: string) =>
      (await send('GET', path, authorization === undefined ? {} : { authorization })).status;
    for (const path of PATHS) {
      for (const right of [`Bearer ${TOKEN}`, `bearer ${TOKEN}`, basic(`any:${TOKEN}`)])
        expect([path, right, await status(path, right)]).toEqual([path, right, 200]);
      for (const wrong of [
        undefined,
        'Bearer',
        'Bearer x',
        TOKEN,
        basic(TOKEN),
        basic(`${TOKEN}:`),
        basic(`a:${TOKEN}b`),
      ])
        expect([path, wrong, await status(path, wrong)]).toEqual([path, wrong, 401]);
    }
    const denied = await send('GET', '/prometheus');
    expect(denied.headers['www-authenticate']).toBe('Basic realm="pegasus", Bearer realm="pegasus"');
    expect(await status('/healthz')).toBe(200);
    expect(await status('/readyz')).toBe(200);
    const lines = JSON.stringify(await log());
    expect(lines).not.toContain('secret');
    expect(lines).not.toContain(basic(`any:${TOKEN}`).slice(6));
  });

  it('takes a user and a password, and leaves groups open that it is told to', async () => {
    const { address } = await startMeta();
    const env = { PEGASUS_HTTP_USER: 'ops', PEGASUS_HTTP_PASSWORD: 'open: sesame' };
    const { send, child } = await startGateway(
      ['--servers', address, '--unguarded', 'prometheus,listing'],
      env,
    );
    const status = async (path: string, authorization = '') =>
      (await send('GET', path, { authorization })).status;
    for (const path of ['/meta/apps', '/console/', '/version']) {
      expect([path, await status(path, basic('ops:open: sesame'))]).toEqual([path, 200]);
      for (const wrong of ['', basic('ops:open'), basic('root:open: sesame'), 'Bearer open: sesame'])
        expect([path, wrong, await status(path, wrong)]).toEqual([path, wrong, 401]);
    }
    for (const path of ['/', '/openapi.json', '/prometheus'])
      expect([path, await status(path)]).toEqual([path, 200]);
    const commandLine = readFileSync(`/proc/${child.process.pid}/cmdline`, 'utf8');
    expect(commandLine).not.toContain('sesame');
  });

  it('is missed in one line when everyone can reach the gateway', async () => {
    const { address } = await startMeta();
    const open = ['--servers', address, '--host', '0.0.0.0', '--no-access-log'];
    const levels = async (env: NodeJS.ProcessEnv, args = open) =>
      (await (await startGateway(args, env)).log())
        .filter(({ level }) => level === 'warn')
        .map(({ msg }) => msg);
    expect(await levels({})).toEqual([
      'every host that reaches 0.0.0.0 may read everything: set PEGASUS_HTTP_TOKEN to guard it',
    ]);
    expect(await levels({ PEGASUS_HTTP_TOKEN: TOKEN })).toEqual([]);
    expect(await levels({}, open.with(3, '127.0.0.1'))).toEqual([]);
  });
});

describe('the log', () => {
  it('has a line for each request, without credentials', async () => {
    const { address } = await startMeta();
    const gateway = await startGateway(['--servers', address]);
    const { port } = new URL(gateway.origin);
    const raw = connect(Number(port), '127.0.0.1');
    onTestFinished(() => void raw.destroy());
    raw.write(
      `GET http://user:hunter2@127.0.0.1/meta/app?name=%1b HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`,
    );
    raw.resume();
    await once(raw, 'close');
    await vi.waitFor(async () => {
      const lines = (await gateway.log()).filter(({ msg }) => msg === 'request');
      expect(lines).toMatchObject([
        {
          method: 'GET',
          url: '/meta/app?name=%1b',
          status: 404,
          client: '127.0.0.1',
          ms: expect.any(Number),
        },
      ]);
    }, PATIENCE);
    expect(JSON.stringify(await gateway.log())).not.toContain('hunter2');
  });

  it('names the requests whose clients left', async () => {
    const meta = await startMeta();
    const gateway = await startGateway(['--servers', meta.address]);
    const leaving = new AbortController();
    const left = fetch(`${gateway.origin}/meta/app?name=slow`, { signal: leaving.signal });
    await meta.asked;
    leaving.abort();
    await expect(left).rejects.toThrow();
    await vi.waitFor(
      async () =>
        expect(await gateway.log()).toContainEqual(
          expect.objectContaining({ url: '/meta/app?name=slow', isComplete: false }),
        ),
      PATIENCE,
    );
    meta.release();
  });
});

describe('a stop', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('by %s finishes what is being answered', async (signal) => {
    const meta = await startMeta();
    const gateway = await startGateway(['--servers', meta.address]);
    const slow = gateway.get('/meta/app?name=slow');
    await meta.asked;
    gateway.child.process.kill(signal);
    await vi.waitFor(
      () => expect(gateway.get('/healthz')).rejects.toThrow(/ECONNREFUSED|ECONNRESET/),
      PATIENCE,
    );
    expect(gateway.child.process.exitCode).toBe(null);
    meta.release();
    expect(await slow).toMatchObject({ status: 200, body: expect.stringContaining('slow') });
    expect(await gateway.child.ended).toMatchObject({ code: 0, signal: null, stderr: '' });
    expect((await gateway.log()).map(({ msg }) => msg).slice(-1)).toEqual(['stopped']);
  });

  it('accepts requests while it drains, and is not ready', async () => {
    const { address } = await startMeta();
    const gateway = await startGateway(['--servers', address, '--drain-ms', '600000']);
    expect((await gateway.get('/readyz')).status).toBe(200);
    gateway.child.process.kill('SIGTERM');
    await vi.waitFor(
      async () =>
        expect(await gateway.get('/readyz')).toMatchObject({ status: 503, body: '{"status":"stopping"}\n' }),
      PATIENCE,
    );
    expect((await gateway.get('/meta/apps')).status).toBe(200);
    // A second signal ends it at once.
    gateway.child.process.kill('SIGTERM');
    expect(await gateway.child.ended).toMatchObject({ code: 143 });
  });

  it('cuts off what takes too long, and says so', async () => {
    const meta = await startMeta();
    const gateway = await startGateway(['--servers', meta.address, '--stop-timeout-ms', '100']);
    const slow = gateway.get('/meta/app?name=slow').catch((error: Error) => error);
    await meta.asked;
    gateway.child.process.kill('SIGTERM');
    expect(await slow).toBeInstanceOf(Error);
    expect(await gateway.child.ended).toMatchObject({ code: 0 });
    expect((await gateway.log()).map(({ msg }) => msg)).toContain(
      'cut 1 connections off, whose requests took longer than stopTimeoutMs',
    );
    meta.release();
  });
});

describe('the program', () => {
  it.each<[args: string[], code: number, output: RegExp]>([
    [['--help'], 0, /^Usage: pegasus-http COMMAND/],
    [['--version'], 0, /^\d+\.\d+\.\d+\n$/],
    [['gateway', '--help'], 0, /--max-stale-ms MS/],
    [['onebox', '--help'], 0, /^Usage: pegasus-http onebox/],
    [[], 2, /^pegasus-http: a command is missing: gateway, onebox, --help, --version\n$/],
    [['gatway'], 2, /^pegasus-http: unknown command "gatway", did you mean "gateway"\?\n$/],
    [['gateway', '--prt', '1'], 2, /^gateway: unknown option --prt, did you mean --port\?\n$/],
    [['gateway', '--config', 'nowhere.json'], 1, /^gateway: cannot read nowhere.json: there is no such file/],
    [['gateway', '--servers', 'a:1', '--check'], 0, /^the configuration is valid: 1 cluster, at \/\n$/],
  ])('%j ends with %i', async (args, code, output) => {
    const ended = await run([BIN, ...args]);
    expect(code === 0 ? ended.stdout : ended.stderr).toMatch(output);
    expect(code === 0 ? ended.stderr : ended.stdout).toBe('');
    expect(ended.code).toBe(code);
  });

  it('says in one line that the port is taken', async () => {
    const taken = createTcpServer().listen(0, '127.0.0.1');
    onTestFinished(() => void taken.close());
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    expect(await run([BIN, 'gateway', '--servers', 'a:1', '--port', String(port)])).toMatchObject({
      code: 1,
      stderr: `gateway: 127.0.0.1:${port} is taken: stop the program that listens there, or choose another port with --port\n`,
    });
    expect(await run([BIN, 'gateway', '--servers', 'a:1', '--host', '203.0.113.1'])).toMatchObject({
      code: 1,
      stderr: 'gateway: 203.0.113.1 is no address of this machine\n',
    });
  });

  it('runs by the link that npm makes', async () => {
    const { bin } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(bin).toEqual({ 'pegasus-http': `./${BIN}` });
    expect(readFileSync(join(ROOT, BIN), 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
    const link = join(temporaryDirectory(), 'pegasus-http');
    symlinkSync(join(ROOT, BIN), link);
    expect(await run([link, '--version'])).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('without optional packages', () => {
  /** The package as it is installed beside its dependencies only. */
  function alone(): string {
    const folder = temporaryDirectory();
    const home = join(folder, 'node_modules/pegasus-http');
    mkdirSync(home, { recursive: true });
    for (const part of ['dist', 'package.json']) symlinkSync(join(ROOT, part), join(home, part));
    const missing = ['.', 'pino', 'prom-client', 'node-zookeeper-client', 'pegasus-http'];
    for (const name of readdirSync(join(ROOT, 'node_modules'))) {
      if (!missing.some((one) => (one === '.' ? name.startsWith('.') : name === one)))
        symlinkSync(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name));
    }
    return join(home, 'dist/command/bin.js');
  }

  const FLAGS = ['--preserve-symlinks', '--preserve-symlinks-main'];

  it('it runs, and says what to install for the log and for Prometheus', async () => {
    const { address } = await startMeta();
    const child = spawn(process.execPath, [
      ...FLAGS,
      alone(),
      'gateway',
      '--servers',
      address,
      '--port',
      '0',
    ]);
    onTestFinished(() => void child.kill('SIGKILL'));
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (text) => {
      stdout += text;
    });
    child.stderr.on('data', (text) => {
      stderr += text;
    });
    await vi.waitFor(
      () =>
        expect(stderr).toBe(
          'gateway: there is no access log: npm install pino\ngateway: there is no /prometheus: npm install prom-client\n',
        ),
      PATIENCE,
    );
    const [, origin = ''] = /^listening on (http:.+)\/\n$/.exec(stdout) ?? [];
    expect((await fetch(`${origin}/meta/app?name=temp`)).status).toBe(200);
    expect((await fetch(`${origin}/prometheus`)).status).toBe(404);
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  });

  it('a cluster in ZooKeeper is an error that says how to start', async () => {
    const args = ['gateway', '--zookeeper', '127.0.0.1:1', '--zookeeper-root', '/pegasus/c1', '--check'];
    expect(await run([...FLAGS, alone(), ...args])).toMatchObject({
      code: 1,
      stderr:
        'gateway: ZooKeeper needs the package node-zookeeper-client: npx -p pegasus-http -p node-zookeeper-client pegasus-http gateway ...\n',
    });
  });
});
