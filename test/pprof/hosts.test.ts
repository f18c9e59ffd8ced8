import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import bodyParser from '@koa/bodyparser';
import express from 'express';
import Fastify from 'fastify';
import Koa from 'koa';
import koaConnect from 'koa-connect';
import koaMount from 'koa-mount';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  createPegasusHandler,
  type HandlerOptions,
  type PegasusHandler,
  processInfo,
} from '../../lib/index.js';
import { installed, run, temporaryDirectory } from '../support/commands.js';
import { profilerHere, WORKLOAD_FILE, workload } from '../support/profiled.js';

const GO = installed('go', 'golang-go');
const PERL = installed('google-pprof', 'google-perftools');

type CreateHandler = (options?: HandlerOptions) => PegasusHandler;

async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close().closeAllConnections());
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Hosts as docs/mounting.md and docs/security.md have them. Each returns the URL of the interface, without a slash at the end. */
const HOSTS: readonly [string, (createHandler: CreateHandler) => Promise<string>][] = [
  [
    'fastify alone',
    async (createHandler) => {
      const app = Fastify();
      const handler = createHandler({ basePath: '/pegasus' });
      app.register(async (scope) => {
        scope.removeAllContentTypeParsers();
        scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
        scope.all('/pegasus/*', (request, reply) => {
          reply.hijack();
          handler(request.raw, reply.raw);
        });
      });
      onTestFinished(() => app.close());
      return `${await app.listen({ port: 0, host: '127.0.0.1' })}/pegasus`;
    },
  ],
  [
    'koa behind a body parser',
    async (createHandler) => {
      const app = new Koa();
      app.use(bodyParser());
      app.use((ctx, next) => {
        Object.assign(ctx.req, { body: ctx.request.rawBody ?? ctx.request.body });
        return next();
      });
      app.use(koaMount('/pegasus', koaConnect(createHandler())));
      return `http://${await listening(createServer(app.callback()))}/pegasus`;
    },
  ],
  [
    'express behind its body parsers',
    async (createHandler) => {
      const app = express();
      app.use(express.json(), express.urlencoded({ extended: true }), express.text(), express.raw());
      app.use('/pegasus', createHandler());
      return `http://${await listening(createServer(app))}/pegasus`;
    },
  ],
  [
    'Basic authentication',
    async (createHandler) => {
      const right = `Basic ${Buffer.from('pprof:open-sesame').toString('base64')}`;
      const handler = createHandler({
        authorize: ({ headers }) =>
          headers.authorization === right ? 'allow' : { challenge: 'Basic realm="pegasus"' },
      });
      return `http://pprof:open-sesame@${await listening(createServer(handler))}`;
    },
  ],
];

describe.each(HOSTS)('%s', (_, start) => {
  async function serve(): Promise<string> {
    const profiler = profilerHere({ heapSampleBytes: 16_384 });
    const kept = workload.retain();
    onTestFinished(() => void kept);
    const source = { processInfo: { ...processInfo(), profiler } };
    return start((options) => createPegasusHandler(source, options));
  }

  it.skipIf(!GO).each([
    '/pprof/heap',
    // It asks for the names by POST.
    '/pprof/heap?format=gperftools',
    '/pprof/growth',
  ])('go tool pprof reads %s', async (target) => {
    const args = ['tool', 'pprof', '-top', '-nodefraction=0', '-nodecount=400', (await serve()) + target];
    const { stdout, stderr } = await run('go', args, { PPROF_TMPDIR: temporaryDirectory() });
    expect(stdout, stderr).toContain(` cachePages ${WORKLOAD_FILE}:`);
  });

  it.skipIf(!PERL).each(['/pprof/heap', '/pprof/growth'])('google-pprof reads %s', async (target) => {
    const args = ['--text', '--nodefraction=0', (await serve()) + target];
    const { stdout, stderr } = await run('google-pprof', args, { PPROF_TMPDIR: temporaryDirectory() });
    expect(stdout, stderr).toContain(` cachePages ${WORKLOAD_FILE}:`);
  });
});
