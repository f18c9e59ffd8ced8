import { createServer } from 'node:http';
import { expect, it } from 'vitest';
import { createPegasusHandler, memoryCluster } from '../../lib/index.js';
import { clientOf, listening } from '../support/http.js';

const nodes = ['127.0.0.1:34801', '127.0.0.1:34802'];
const handler = createPegasusHandler(
  memoryCluster({ nodes, apps: [{ appName: 'temp', partitionCount: 64 }] }),
);

it.each([
  ['Origin', 'Origin, accept-encoding'],
  ['Origin, Accept-Encoding', 'Origin, Accept-Encoding'],
  ['*', '*'],
  [['Origin', 'Cookie'], 'Origin, Cookie, accept-encoding'],
])('joins the Vary %j that a middleware has set', async (preset, vary) => {
  const origin = await listening(
    createServer((req, res) => {
      res.setHeader('Vary', preset);
      handler(req, res);
    }),
  );
  const { send } = clientOf(origin);
  const large = await send('GET', '/meta/app?name=temp&detail');
  expect(large.headers['vary']).toBe(vary);
  const again = await send('GET', '/meta/app?name=temp&detail', {
    'if-none-match': String(large.headers['etag']),
    'cache-control': 'no-cache',
  });
  expect([again.status, again.headers['vary']]).toEqual([304, vary]);
  const small = await send('GET', '/meta/app?name=temp');
  expect(small.headers['vary']).toBe([preset].flat().join(', '));
});

it.each([
  ['Cache-Control', 'private', 'private, no-cache'],
  ['Cache-Control', 'no-store, no-transform', 'no-store, no-transform, no-cache'],
  ['Cache-Control', 'public, max-age=60, immutable', 'no-cache'],
  ['Cache-Control', 'No-Cache', 'No-Cache'],
  ['Link', '</style.css>; rel=preload', '</style.css>; rel=preload'],
  ['Access-Control-Expose-Headers', 'ETag', 'ETag'],
  ['X-Request-Id', '7', '7'],
  ['Content-Type', 'text/html', 'application/json; charset=utf-8'],
  ['X-Content-Type-Options', 'off', 'nosniff'],
])('of %s: %s makes %s', async (name, preset, sent) => {
  const origin = await listening(
    createServer((req, res) => {
      res.setHeader(name, preset);
      handler(req, res);
    }),
  );
  const { headers } = await clientOf(origin).get('/meta/app?name=temp&detail');
  expect(headers[name.toLowerCase()]).toBe(sent);
});

it('replaces a Content-Length and an ETag of another body', async () => {
  const origin = await listening(
    createServer((req, res) => {
      res.setHeader('Content-Length', '3');
      res.setHeader('ETag', '"other"');
      handler(req, res);
    }),
  );
  const { headers, body } = await clientOf(origin).get('/meta/app?name=temp');
  expect(headers['content-length']).toBe(String(Buffer.byteLength(body)));
  expect(headers['etag']).not.toBe('"other"');
});

it('keeps a challenge that a middleware has set as a line of its own', async () => {
  const guarded = createPegasusHandler(memoryCluster({ nodes }), {
    authorize: () => ({ challenge: 'Bearer realm="pegasus"' }),
  });
  const origin = await listening(
    createServer((req, res) => {
      res.setHeader('WWW-Authenticate', 'Negotiate');
      guarded(req, res);
    }),
  );
  const { status, headers } = await clientOf(origin).get('/meta/apps');
  expect([status, headers['www-authenticate']]).toEqual([401, 'Negotiate, Bearer realm="pegasus"']);
});
