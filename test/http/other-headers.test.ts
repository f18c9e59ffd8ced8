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
