import { createServer } from 'node:http';
import express from 'express';
import { describe, expect, it } from 'vitest';
import {
  type ClusterSource,
  createPegasusHandler,
  type HandlerOptions,
  memoryCluster,
} from '../../lib/index.js';
import { clientOf, listening, serve } from '../support/http.js';

describe('an invalid source', () => {
  const { metaState, perfCounters, processInfo } = memoryCluster();
  it.each<[source: unknown, message: string]>([
    [undefined, 'source must be an object, not undefined'],
    [null, 'source must be an object, not null'],
    ['x', 'source must be an object, not "x"'],
    [
      {},
      'source must have at least one of metaState, perfCounters, processInfo, metrics, config, replicas: it is empty',
    ],
    [metaState, 'source must hold its parts by their names: { metaState: ... }'],
    [{ metaState: {} }, 'source.metaState.role must be a function, not undefined'],
    [{ metaState: null }, 'source.metaState.role must be a function, not undefined'],
    [{ metaState: { ...metaState, app: 7 } }, 'source.metaState.app must be a function, not 7'],
    [
      { metaState: { ...metaState, cluster: undefined } },
      'source.metaState.cluster must be a function, not undefined',
    ],
    [{ metaState, perfCounters: {} }, 'source.perfCounters.read must be a function, not undefined'],
    [
      { processInfo: { version: () => 1 } },
      'source.processInfo.startSecond must be a function, not undefined',
    ],
  ])('%#', (source, message) => {
    expect(() => createPegasusHandler(source as ClusterSource)).toThrow(
      new TypeError(`createPegasusHandler: ${message}`),
    );
  });

  it('may have its functions on a prototype, and use `this`', async () => {
    class Info {
      readonly number = '1.2.3';
      version() {
        return { version: this.number, gitCommit: '' };
      }
      startSecond() {
        return 1;
      }
    }
    class Source {
      get processInfo() {
        return new Info();
      }
      readonly perfCounters = perfCounters;
    }
    const { get } = await serve(new Source());
    expect((await get('/version')).json()).toEqual({ Version: '1.2.3', GitCommit: '' });
  });

  it('may lose its parts later', async () => {
    const source: { processInfo?: typeof processInfo } = { processInfo };
    const { get } = await serve(source);
    delete source.processInfo;
    expect((await get('/version')).status).toBe(200);
  });
});

describe('options', () => {
  it.each<[options: unknown, message: string]>([
    [null, 'options must be an object, not null'],
    ['/x', 'options must be an object, not "/x"'],
    [{ basePath: 'pegasus' }, 'basePath must be a path such as "/pegasus", not "pegasus"'],
    [{ basePath: '' }, 'basePath must be a path such as "/pegasus", not ""'],
    [{ basePath: '/:app' }, 'basePath must be a path such as "/pegasus", not "/:app"'],
    [{ basePath: '/*' }, 'basePath must be a path such as "/pegasus", not "/*"'],
    [{ basePath: '/a?b' }, 'basePath must be a path such as "/pegasus", not "/a?b"'],
    [{ basePath: '/a%20b' }, 'basePath must be a path such as "/pegasus", not "/a%20b"'],
    [{ basePath: 7 }, 'basePath must be a path such as "/pegasus", not 7'],
    [{ timeoutMs: 0 }, 'timeoutMs must be an integer from 1 to 2147483647, not 0'],
    [{ timeoutMs: 2 ** 31 }, 'timeoutMs must be an integer from 1 to 2147483647, not 2147483648'],
    [{ timeoutMs: '5' }, 'timeoutMs must be an integer from 1 to 2147483647, not "5"'],
    [{ timeoutMs: 1.5 }, 'timeoutMs must be an integer from 1 to 2147483647, not 1.5'],
    [{ timeoutMs: Number.NaN }, 'timeoutMs must be an integer from 1 to 2147483647, not NaN'],
    [{ onError: {} }, 'onError must be a function, not an object'],
  ])('%j are refused', (options, message) => {
    const make = () => createPegasusHandler(memoryCluster(), options as HandlerOptions);
    expect(make).toThrow(new TypeError(`createPegasusHandler: ${message}`));
  });

  it('are read once and not changed', async () => {
    const options = { basePath: '//ops//pegasus/', timeoutMs: 50, onError: () => {} };
    const before = { ...options };
    const { get } = await serve(memoryCluster(), Object.freeze(options));
    expect(options).toEqual(before);
    const changing: { basePath: string } = { basePath: '/one' };
    const { get: second } = await serve(memoryCluster(), changing);
    changing.basePath = '/two';
    expect((await get('/ops/pegasus/version')).status).toBe(200);
    expect((await second('/one/version')).status).toBe(200);
    expect((await second('/two/version')).status).toBe(404);
  });

  it.each([
    ['/pegasus', '/pegasus', 200],
    ['/pegasus', '/pegasus/', 200],
    ['/pegasus', '/pegasus?x', 200],
    ['/pegasus', '//pegasus//version', 200],
    ['/pegasus', '/pegasus/meta/apps/', 200],
    ['/pegasus', '/pegasusx', 404],
    ['/pegasus', '/pegasusversion', 404],
    ['/pegasus', '/version', 404],
    ['/pegasus', '/', 404],
    ['/pegasus', '/pegasus/pegasus/version', 404],
    ["/a.b-c_d~e!f$g&h'(i)+,;=@", "/a.b-c_d~e!f$g&h'(i)+,;=@/version", 200],
    ['/', '/version', 200],
  ])('basePath %s: %s is %d', async (basePath, target, status) => {
    const { get } = await serve(memoryCluster(), { basePath });
    expect((await get(target)).status).toBe(status);
  });

  it('basePath may be as long as one likes', async () => {
    const basePath = `/${'x'.repeat(500)}`;
    const { get } = await serve(memoryCluster(), { basePath });
    expect((await get(`${basePath}/version`)).status).toBe(200);
  });
});

describe('next', () => {
  it('is called for a path without an endpoint, before anything is written', async () => {
    const app = express();
    app.use('/pegasus', createPegasusHandler(memoryCluster()));
    app.use((req, res) => void res.status(418).json({ url: req.url, sent: res.headersSent }));
    const { get, send } = clientOf(await listening(createServer(app)));
    expect((await get('/pegasus/nope?x')).json()).toEqual({ url: '/pegasus/nope?x', sent: false });
    expect((await get('/other')).status).toBe(418);
    expect((await send('POST', '/pegasus/nope')).status).toBe(418);
  });

  it.each(['/version', '/meta/app', '/meta/app?name=x', '/meta/apps?x'])('is not for %s', async (target) => {
    let called = false;
    const handler = createPegasusHandler(memoryCluster());
    const server = createServer((req, res) =>
      handler(req, res, () => {
        called = true;
      }),
    );
    const { get, send } = clientOf(await listening(server));
    await get(target);
    expect((await send('DELETE', target)).status).toBe(405);
    expect(called).toBe(false);
  });
});

it('has three parameters, as middleware has: four would make it an error handler', () => {
  expect(createPegasusHandler(memoryCluster())).toHaveLength(3);
});

it('never touches the request', async () => {
  const handler = createPegasusHandler(memoryCluster(), { basePath: '/pegasus' });
  let touched: unknown;
  const server = createServer((req, res) => {
    const { url } = req;
    Object.defineProperty(req, 'url', {
      get: () => url,
      set: (value) => {
        touched = value;
      },
    });
    handler(req, res);
  });
  expect((await clientOf(await listening(server)).get('/pegasus/version')).status).toBe(200);
  expect(touched).toBeUndefined();
});
