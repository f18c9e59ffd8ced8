import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  createPegasusHandler,
  type HandlerOptions,
  memoryCluster,
  type StaticFile,
} from '../../lib/index.js';

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

function file(text: string, isImmutable: boolean): StaticFile {
  const content = Buffer.from(text);
  const encoded = { content, br: brotliCompressSync(content), gzip: gzipSync(content) };
  return { contentType: 'text/html; charset=utf-8', isImmutable, headers: {}, ...encoded };
}

const files = new Map([
  ['', file('<p>page</p>', false)],
  ['app-1.js', file('script', true)],
]);
const served = { console: { summary: 'Shows a page.', files } };

async function listen(options: HandlerOptions): Promise<string> {
  const server = createServer(createPegasusHandler(memoryCluster(), options));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const get = (url: string, accept: string) => fetch(url, { redirect: 'manual', headers: { accept } });

describe('GET / with a console', () => {
  it.each([
    ['/', undefined, 'console/'],
    ['/ops/pegasus', '/ops/pegasus', './pegasus/console/'],
    ['/ops/pegasus/', '/ops/pegasus', 'console/'],
  ])('redirects a browser at %s to the page', async (path, basePath, location) => {
    const url = await listen({ ...served, basePath });
    const response = await get(url + path, BROWSER);
    expect([response.status, response.headers.get('location')]).toEqual([302, location]);
    expect(response.headers.get('vary')).toBe('accept');
    const page = await fetch(new URL(location, url + path));
    expect(await page.text()).toBe('<p>page</p>');
  });

  it.each(['*/*', 'application/json', 'application/json, text/html;q=0.9'])(
    'answers JSON to a client that accepts %s',
    async (accept) => {
      const response = await get(`${await listen(served)}/`, accept);
      expect(response.headers.get('vary')).toBe('accept, accept-encoding');
      expect(await response.json()).toHaveProperty(['/console'], 'Shows a page.');
    },
  );

  it.each([
    ['no console', {}],
    ['an excluded console', { ...served, exclude: ['console'] as const }],
  ])('answers JSON to a browser with %s', async (_, options) => {
    const response = await get(`${await listen(options)}/`, BROWSER);
    expect(await response.json()).not.toHaveProperty(['/console']);
  });
});

describe('the files of a console', () => {
  it.each([
    ['br', files.get('app-1.js')?.br],
    ['gzip', files.get('app-1.js')?.gzip],
    ['identity', files.get('app-1.js')?.content],
  ])('are sent as %s', async (encoding, bytes) => {
    const url = await listen(served);
    const response = await fetch(`${url}/console/app-1.js`, { headers: { 'accept-encoding': encoding } });
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('content-length')).toBe(String(bytes?.length));
  });

  it('are revalidated where their names do not change', async () => {
    const url = `${await listen(served)}/console/`;
    const etag = (await fetch(url)).headers.get('etag') ?? '';
    expect((await fetch(url, { headers: { 'if-none-match': etag } })).status).toBe(304);
  });

  it('are private behind authorize', async () => {
    const url = await listen({ ...served, authorize: () => 'allow' });
    expect((await fetch(`${url}/console/`)).headers.get('cache-control')).toBe('no-store');
    expect((await fetch(`${url}/console/app-1.js`)).headers.get('cache-control')).toContain('private');
  });

  it('are denied by authorize as the group console', async () => {
    const url = await listen({
      ...served,
      authorize: (_, { group }) => (group === 'console' ? 'deny' : 'allow'),
    });
    expect((await fetch(`${url}/console/app-1.js`)).status).toBe(403);
  });

  it.each(['/console/none.js', '/console/__proto__', '/console/%2e%2e%2fpackage.json'])(
    'do not include %s',
    async (path) => {
      const response = await fetch((await listen(served)) + path);
      expect([response.status, await response.json()]).toMatchObject([
        404,
        { error: 'ERR_HANDLER_NOT_FOUND' },
      ]);
    },
  );

  it('must be a map', () => {
    const wrong = { console: true } as unknown as HandlerOptions;
    expect(() => createPegasusHandler(memoryCluster(), wrong)).toThrow('console must be what webConsole()');
  });
});
