import { createServer, type IncomingMessage, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import express from 'express';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createPegasusHandler, memoryCluster } from '../../lib/index.js';
import { run } from '../support/child.js';
import { clientOf, listening } from '../support/http.js';

type Middleware = (req: unknown, res: ServerResponse, next: () => void) => void;

// Some of these have no types.
const require = createRequire(import.meta.url);
const compression: () => Middleware = require('compression');
const morgan: (format: string, options: object) => Middleware = require('morgan');
const onHeaders: (res: ServerResponse, listener: () => void) => void = require('on-headers-1.0');

const cluster = memoryCluster({
  nodes: ['10.0.0.1:34801', '10.0.0.2:34801', '10.0.0.3:34801'],
  apps: [{ appName: 'temp', partitionCount: 32 }, { appName: 'small' }],
});

const MIDDLEWARES: Record<string, Middleware> = {
  'on-headers 1.0': (_req, res, next) => {
    onHeaders(res, () => {});
    next();
  },
  compression: compression(),
  morgan: morgan('tiny', { stream: { write() {} } }),
  'all of them': (req, res, next) => {
    onHeaders(res, () => {});
    compression()(req, res, () => morgan('tiny', { stream: { write() {} } })(req, res, next));
  },
  'a function in the place of writeHead that reads an object': (_req, res, next) => {
    const { writeHead } = res;
    res.writeHead = ((status: number, headers: Record<string, string>) => {
      for (const [name, value] of Object.entries(headers ?? {})) res.setHeader(name, value);
      return writeHead.call(res, status);
    }) as typeof writeHead;
    next();
  },
  'headers that are set before': (_req, res, next) => {
    res.setHeader('content-type', 'text/html');
    res.setHeader('etag', '"other"');
    res.setHeader('content-length', '7');
    next();
  },
};

const REQUESTS: [target: string, headers: Record<string, string>][] = [
  ['/meta/app?name=temp&detail', {}],
  ['/meta/app?name=temp&detail', { 'accept-encoding': 'gzip' }],
  ['/meta/app?name=temp&detail', { 'accept-encoding': 'br' }],
  ['/meta/app?name=temp&detail', { 'if-none-match': '*' }],
  ['/meta/app?name=small', {}],
  ['/meta/app?name=none', {}],
  ['/meta/apps?detail', {}],
];

async function served(middleware: Middleware | undefined, options?: object) {
  const app = express().disable('x-powered-by');
  if (middleware !== undefined) app.use(middleware as express.RequestHandler);
  app.use(createPegasusHandler(cluster, options));
  const server = createServer(app);
  onTestFinished(() => void server.close());
  return clientOf(await listening(server));
}

describe.each(Object.entries(MIDDLEWARES))('behind %s', (_, middleware) => {
  it.each([
    ['', undefined],
    [' with authorize', { authorize: () => 'allow' }],
  ])('a cached response%s has the same headers and bytes, sent once and again', async (_with, options) => {
    const plain = await served(undefined, options);
    const patched = await served(middleware, options);
    for (const [target, headers] of [...REQUESTS, ...REQUESTS]) {
      const [expected, found] = [
        await plain.send('GET', target, headers),
        await patched.send('GET', target, headers),
      ];
      const { date: _date, ...wanted } = expected.headers;
      expect({ status: found.status, body: found.body }, target).toEqual({
        status: expected.status,
        body: expected.body,
      });
      // compression adds the header that it would vary by.
      expect({ ...wanted, vary: 'accept-encoding', ...found.headers }, target).toMatchObject(wanted);
    }
  });
});

it('gives Node a list of headers, and an object where writeHead has been patched', async () => {
  const given: boolean[] = [];
  class Recording extends ServerResponse<IncomingMessage> {
    _storeHeader(firstLine: string, headers: unknown): void {
      given.push(Array.isArray(headers));
      Reflect.get(ServerResponse.prototype, '_storeHeader').call(this, firstLine, headers);
    }
  }
  let isPatched = false;
  const handler = createPegasusHandler(cluster);
  const server = createServer(
    { ServerResponse: Recording as unknown as typeof ServerResponse },
    (req, res) => {
      if (isPatched)
        res.writeHead = (...args: unknown[]) => Reflect.apply(ServerResponse.prototype.writeHead, res, args);
      handler(req, res);
    },
  );
  onTestFinished(() => void server.close());
  const { get } = clientOf(await listening(server));
  await get('/meta/app?name=temp&detail');
  isPatched = true;
  await get('/meta/app?name=temp&detail');
  expect(given).toEqual([true, false]);
});

it('gives an object where a module that was loaded before has patched the prototype', async () => {
  const program = `
    import { createServer, ServerResponse } from 'node:http';
    const { writeHead } = ServerResponse.prototype;
    const given = [];
    ServerResponse.prototype.writeHead = function (...args) {
      given.push(Array.isArray(args[1]));
      return writeHead.apply(this, args);
    };
    const { createPegasusHandler, memoryCluster } = await import('pegasus-http');
    const handler = createPegasusHandler(memoryCluster({ apps: [{ appName: 'temp' }] }));
    const server = createServer(handler).listen(0, '127.0.0.1', async () => {
      await fetch('http://127.0.0.1:' + server.address().port + '/meta/app?name=temp').then((res) => res.text());
      console.log(given.join());
      process.exit();
    });`;
  const { stdout, stderr } = await run(['--input-type=module', '--eval', program]);
  expect({ stdout, stderr }).toEqual({ stdout: 'false\n', stderr: '' });
});
