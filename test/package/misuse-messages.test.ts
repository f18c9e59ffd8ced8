import { once } from 'node:events';
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { join } from 'node:path';
import express from 'express';
import Fastify from 'fastify';
import Koa from 'koa';
import { describe, expect, it, onTestFinished } from 'vitest';
import { metaStateContract } from '../../lib/contract/index.js';
import {
  combinePerfCounters,
  createPegasusHandler,
  memoryCluster,
  perfCounterRegistry,
  processCounters,
  processInfo,
  requestCounters,
} from '../../lib/index.js';
import { processProfiler } from '../../lib/sources/profiler/index.js';
import { promClientCounters } from '../../lib/sources/prom-client/index.js';
import { electPrimary, zookeeperCluster } from '../../lib/sources/zookeeper/index.js';
import { ROOT, run } from '../support/child.js';
import { temporaryDirectory } from '../support/commands.js';
import { clientOf, listening, originOf } from '../support/http.js';

class MySource {
  readonly processInfo = processInfo();
}

const cluster = memoryCluster();
// What TypeScript would refuse, and JavaScript lets pass.
// biome-ignore lint/suspicious/noExplicitAny: every call below is a mistake of types
const untyped = (value: unknown) => value as any;
const make = untyped(createPegasusHandler);
const handler = untyped(createPegasusHandler(cluster));

describe('a mistake of a new user names its solution', () => {
  it.each<[mistake: string, make: () => unknown, message: string]>([
    ['no source', () => make(), 'source must be an object, not undefined'],
    ['a function for a source', () => make(() => cluster), 'not a function: call it'],
    ['a class for a source', () => make(MySource), 'not the class MySource: new MySource() makes one'],
    ['a promise for a source', () => make(Promise.resolve(cluster)), 'must not be a promise: await it first'],
    ['a part for a source', () => make(cluster.metaState), 'by their names: { metaState: ... }'],
    ['another part for a source', () => make(perfCounterRegistry()), 'by their names: { perfCounters: ... }'],
    ['an empty source', () => make({}), 'at least one of metaState, perfCounters, processInfo'],
    [
      'a misspelt part beside a good one',
      () => make({ metaState: cluster.metaState, perfCounter: cluster.perfCounters }),
      'unknown part "perfCounter" of the source, did you mean "perfCounters"?',
    ],
    ['a misspelt part', () => make({ metastate: cluster.metaState }), 'did you mean "metaState"?'],
    [
      'a source without a method',
      () => make({ metaState: { role: () => ({ role: 'primary' }), app: () => undefined } }),
      'source.metaState.cluster must be a function, not undefined',
    ],
    [
      'a value for a method',
      () => make({ processInfo: { version: '1.0.0', startSecond: () => 0 } }),
      'source.processInfo.version must be a function, not "1.0.0"',
    ],
    ['a maker called as a class', () => new (untyped(createPegasusHandler))(cluster), 'call it without new'],
    ['a handler called as a class', () => new handler(), 'not a constructor'],
    ['a handler without a response', () => handler({ url: '/' }), "takes node:http's (req, res, next?)"],
    ['options that are none', () => make(cluster, 10_000), 'options must be an object, not 10000'],
    [
      'a misspelt option',
      () => make(cluster, { timeoutMS: 1 }),
      'createPegasusHandler: unknown option "timeoutMS", did you mean "timeoutMs"?',
    ],
    ['an option of another library', () => make(cluster, { cors: true }), 'known are basePath, timeoutMs,'],
    [
      'a misspelt option of pprof',
      () => make(cluster, { pprof: { maxDurationSecond: 1 } }),
      '"maxDurationSeconds"?',
    ],
    ['a path that is none', () => make(cluster, { basePath: 'pegasus' }), 'a path such as "/pegasus"'],
    ['seconds for milliseconds', () => make(cluster, { timeoutMs: '10s' }), 'not "10s"'],
    ['a misspelt field', () => memoryCluster(untyped({ tables: [] })), 'unknown key "tables"'],
    [
      'a name as Pegasus prints it',
      () => memoryCluster(untyped({ apps: [{ app_name: 'temp' }] })),
      'apps[0]: unknown key "app_name", did you mean "appName"?',
    ],
    ['a port for an address', () => memoryCluster({ nodes: untyped([34801]) }), 'such as "127.0.0.1:34801"'],
    ['a misspelt profiler', () => memoryCluster({}, untyped({ profile: {} })), 'did you mean "profiler"?'],
    ['a misspelt clock', () => perfCounterRegistry(untyped({ Now: Date.now })), 'did you mean "now"?'],
    ['a name without stars', () => perfCounterRegistry().number('qps', ''), 'must be app*section*name'],
    ['a misspelt window', () => processCounters(untyped({ idleMS: 1 })), 'did you mean "idleMs"?'],
    ['a misspelt commit', () => processInfo(untyped({ gitcommit: 'cf428dc' })), 'did you mean "gitCommit"?'],
    ['a misspelt app', () => requestCounters(untyped({ apps: 'meta' })), 'did you mean "app"?'],
    [
      'a server watched',
      () => requestCounters().observe(untyped(createServer())),
      'a handler that createPegasusHandler or createPegasusFetch returned',
    ],
    ['a misspelt sample', () => processProfiler(untyped({ heapSampleByte: 1 })), '"heapSampleBytes"?'],
    [
      'a name for a source',
      () => combinePerfCounters(untyped('a*b*c')),
      'source 1 must have a function read',
    ],
    ['options for a registry', () => promClientCounters(untyped({ windowMs: 1 })), "one of prom-client's"],
    ['no options', () => zookeeperCluster(untyped(undefined)), 'zookeeperCluster: options must be an object'],
    [
      'a misspelt root',
      () => zookeeperCluster(untyped({ servers: '127.0.0.1:1', clusterroot: '/' })),
      'zookeeperCluster: unknown option "clusterroot", did you mean "clusterRoot"?',
    ],
    [
      'a host without its port',
      () => zookeeperCluster({ servers: 'zk1', clusterRoot: '/' }),
      'servers[0] must be',
    ],
    [
      'a misspelt address',
      () => electPrimary(untyped({ servers: '127.0.0.1:1', lockRoot: '/', adress: 'a:1' })),
      'did you mean "address"?',
    ],
  ])('%s', (_, mistake, message) => {
    expect(mistake).toThrow(message);
  });

  it('a subject that is none', async () => {
    const [check] = metaStateContract(untyped(() => cluster));
    await expect(check?.run()).rejects.toThrow('the subject must have a source with role, app and cluster');
  });
});

describe('a handler mounted wrongly', () => {
  const advice = /under koa mount it with koa-mount and koa-connect, under fastify with @fastify\/middie/;

  it('under koa', async () => {
    const app = new Koa();
    const errors: Error[] = [];
    app.on('error', (error) => errors.push(error));
    app.use(handler);
    const { get } = clientOf(await listening(createServer(app.callback())));
    expect((await get('/version')).status).toBe(500);
    expect(errors[0]?.message).toMatch(advice);
  });

  it('under fastify', async () => {
    const app = Fastify();
    onTestFinished(() => app.close());
    app.get('/version', handler);
    await app.listen({ port: 0, host: '127.0.0.1' });
    const answer = await clientOf(originOf(app.server)).get('/version');
    expect(answer.status).toBe(500);
    expect(answer.body).toMatch(advice);
  });

  it('under express, the maker in the place of what it makes', async () => {
    const app = express();
    app.use(untyped(createPegasusHandler));
    const { get } = clientOf(await listening(createServer(app)));
    const { status, body } = await get('/version');
    expect(status).toBe(500);
    expect(body).toContain('mount what createPegasusHandler(source) returns');
  });
});

describe('a missing peer', () => {
  /** The package as it is installed, beside none of its peers. */
  function alone(): string {
    const folder = temporaryDirectory();
    const home = join(folder, 'node_modules/pegasus-http');
    mkdirSync(home, { recursive: true });
    for (const part of ['dist', 'package.json']) symlinkSync(join(ROOT, part), join(home, part));
    for (const name of readdirSync(join(ROOT, 'node_modules'))) {
      if (!PEERS.includes(name))
        symlinkSync(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name));
    }
    return folder;
  }

  const PEERS = ['prom-client', 'node-zookeeper-client'];

  it.each([
    ['prom-client', 'promClientCounters()'],
    ['zookeeper', "zookeeperCluster({ servers: '127.0.0.1:1', clusterRoot: '/' })"],
    ['zookeeper', "electPrimary({ servers: '127.0.0.1:1', lockRoot: '/', address: '127.0.0.1:1' })"],
  ])('of pegasus-http/%s: %s', async (subpath, call) => {
    const folder = alone();
    const program = `import * as all from 'pegasus-http/${subpath}'; const { ${call.split('(')[0]} } = all; ${call};\n`;
    writeFileSync(join(folder, 'program.mjs'), program);
    const flags = ['--preserve-symlinks', '--preserve-symlinks-main'];
    const { code, stderr } = await run([...flags, join(folder, 'program.mjs')], { cwd: folder });
    expect(code).toBe(1);
    const peer = subpath === 'zookeeper' ? 'node-zookeeper-client' : subpath;
    expect(stderr).toContain(`pegasus-http/${subpath} needs the package ${peer}: npm install ${peer}`);
  });

  it('is not needed by an application that passes a registry, or only names', async () => {
    const folder = alone();
    const program = `
      import { promClientCounters, promCounterName } from 'pegasus-http/prom-client';
      promClientCounters({ getSingleMetric() {}, getMetricsAsArray: () => [] });
      console.log(promCounterName({ metric: 'orders_total', stat: 'value' }));`;
    writeFileSync(join(folder, 'program.mjs'), program);
    const { stdout } = await run(['--preserve-symlinks', join(folder, 'program.mjs')], { cwd: folder });
    expect(stdout).toBe('prometheus*orders_total*value\n');
  });
});

describe('a wrong port', () => {
  const EXAMPLES = [
    'http.js',
    'express.js',
    'express4.js',
    'fastify.js',
    'fastify-alone.js',
    'hono.js',
    'koa.js',
    'nest.js',
    'commonjs.cjs',
    'custom-source.js',
    'telemetry.js',
  ];

  it.each(EXAMPLES)('that is taken: examples/%s', async (file) => {
    const taken = createTcpServer().listen(0, '127.0.0.1') as Server;
    onTestFinished(() => void taken.close());
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const { code, stderr } = await run([`examples/${file}`], { env: { PORT: String(port) } });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `port ${port} is taken: stop what listens there, or choose another, as in PORT=34610\n`,
    });
  });

  it.each(['http', '-1', '65536', '', '34601 '])('that is none: %j', async (PORT) => {
    const { code, stderr } = await run(['examples/http.js'], { env: { PORT } });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `PORT must be a number from 0 to 65535, not ${JSON.stringify(PORT)}\n`,
    });
  });
});
