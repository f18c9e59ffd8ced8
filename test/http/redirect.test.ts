import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  type ClusterSource,
  createPegasusHandler,
  type MemoryCluster,
  memoryCluster,
} from '../../lib/index.js';
import { ONEBOX } from '../support/fixtures.js';
import { clientOf, listening, serve } from '../support/http.js';

const [PRIMARY, BACKUP] = ['127.0.0.1:34601', '127.0.0.1:34602'];

/** Three meta servers on real ports; the last two are backups of the first. */
async function threeMetas(mount = ''): Promise<{ cluster: MemoryCluster; origins: string[] }> {
  const handlers: ReturnType<typeof createPegasusHandler>[] = [];
  const servers = [0, 1, 2].map((i) => createServer((req, res) => handlers[i]?.(req, res)));
  const origins = await Promise.all(servers.map(listening));
  const metaServers = origins.map((origin, i) => ({
    address: `127.0.0.1:3460${i + 1}`,
    url: origin + mount,
  }));
  const cluster = memoryCluster({
    ...ONEBOX,
    metaServers,
    apps: [...(ONEBOX.apps ?? []), { appName: 'a&b#c+d e', partitionCount: 2 }],
  });
  for (const { address } of metaServers) {
    handlers.push(createPegasusHandler(cluster.metaServer(address), { basePath: mount || '/' }));
  }
  return { cluster, origins };
}

const TARGETS = [
  '/meta/apps?detail',
  '/meta/nodes?detail',
  '/meta/cluster',
  '/meta/app?name=stat&detail',
  '/meta/app?detail&name=a%26b%23c+d%20e',
  '/meta/app_envs?name=a%26b%23c+d%20e&else=%2B',
];

describe.each(['', '/ops/pegasus'])(
  'a real client follows a backup to the primary, mounted at "%s"',
  (mount) => {
    it.each(TARGETS)('fetch %s', async (target) => {
      const { origins } = await threeMetas(mount);
      const expected = await fetch(origins[0] + mount + target);
      const body = await expected.text();
      expect(expected.status).toBe(200);
      for (const backup of origins.slice(1)) {
        const answer = await fetch(backup + mount + target);
        expect(answer.status).toBe(200);
        expect(answer.redirected).toBe(true);
        expect(answer.url).toBe(origins[0] + mount + target);
        expect(await answer.text()).toBe(body);
      }
    });

    it.each(TARGETS)('curl -L %s', async (target) => {
      const { origins } = await threeMetas(mount);
      const curl = async (url: string) => (await promisify(execFile)('curl', ['-sSfL', '-g', url])).stdout;
      const body = await curl(origins[0] + mount + target);
      for (const backup of origins.slice(1)) expect(await curl(backup + mount + target)).toBe(body);
    });
  },
);

describe('a backup meta server', () => {
  it('is 307 with the path of the endpoint and the query as it came', async () => {
    const { get, send } = await serve(memoryCluster(ONEBOX).metaServer(BACKUP));
    for (const [target, location] of [
      ['/meta/apps', '/meta/apps'],
      ['//meta///apps/?detail', '/meta/apps?detail'],
      ['/meta/app_envs?b=2&name=%23%26+%2b&a', '/meta/app_envs?b=2&name=%23%26+%2b&a'],
      ['/meta/app_envs?name=a#b', '/meta/app_envs?name=a%23b'],
      ['/meta/app?name=http://evil.example/', '/meta/app?name=http://evil.example/'],
    ] as const) {
      const answer = await get(target);
      expect(answer.status).toBe(307);
      expect(answer.headers['location']).toBe(`http://${PRIMARY}${location}`);
      expect(answer.body).toBe('');
      const head = await send('HEAD', target);
      expect(head.status).toBe(307);
      expect(head.headers['location']).toBe(answer.headers['location']);
    }
  });

  it('escapes what may not stand in a header', async () => {
    const handler = createPegasusHandler(memoryCluster(ONEBOX).metaServer(BACKUP));
    // No parser lets these through; a host that makes requests up might.
    const location = await locationOf(
      handler,
      '/meta/app_envs?name=a\r\nSet-Cookie: x=1\u00e4\u00b8\u00ad中\ud800',
    );
    expect(location).toBe(
      `http://${PRIMARY}/meta/app_envs?name=a%0D%0ASet-Cookie:%20x=1%E4%B8%AD%E4%B8%AD%EF%BF%BD`,
    );
  });

  it.each([
    ['/meta/app', 400],
    ['/meta/app?name=a&x', 400],
    ['/meta/apps?detail&detail=1', 400],
    ['/meta/nope', 404],
    ['/version', 200],
    ['/recentStartTime', 200],
    ['/', 200],
  ])('%s is answered where it arrives: %d', async (target, status) => {
    const { get } = await serve(memoryCluster(ONEBOX).metaServer(BACKUP));
    expect((await get(target)).status).toBe(status);
  });

  it('follows an election', async () => {
    const cluster = memoryCluster(ONEBOX);
    const { get } = await serve(cluster.metaServer(BACKUP));
    cluster.electPrimaryMeta('127.0.0.1:34603');
    expect((await get('/meta/apps')).headers['location']).toBe('http://127.0.0.1:34603/meta/apps');
    cluster.electPrimaryMeta(null);
    const answer = await get('/meta/apps');
    expect(answer.status).toBe(503);
    expect(answer.headers['retry-after']).toBe('1');
    expect(answer.json()).toEqual({
      error: 'ERR_FORWARD_TO_OTHERS',
      message: 'no primary meta server is known',
    });
    cluster.electPrimaryMeta(BACKUP);
    expect((await get('/meta/apps')).status).toBe(200);
  });
});

const unspecified = (host: string) => (origin: string) => origin.replace('127.0.0.1', host);

describe('a backup never redirects to itself', () => {
  const backupOf = (primaryUrl: string): ClusterSource => ({
    metaState: {
      role: () => ({ role: 'backup', primaryUrl }),
      app: () => undefined,
      cluster: () => memoryCluster().metaState.cluster(),
    },
  });

  it.each([
    ['as the client calls it', (origin: string) => origin, {}],
    ['as the socket has it', (origin: string) => origin, { host: 'behind.example' }],
    ['as an unspecified address', unspecified('0.0.0.0'), { host: 'behind.example' }],
    ['as an unspecified address of IPv6', unspecified('[::]'), { host: 'behind.example' }],
    ['with the default port said or not', () => 'http://pegasus.example', { host: 'pegasus.example:80' }],
    ['in capitals', () => 'http://Pegasus.example:8080', { host: 'pegasus.EXAMPLE:8080' }],
    ['over https', () => 'https://pegasus.example/', { host: 'pegasus.example:443' }],
  ])('%s', async (_, primaryUrl, headers) => {
    let url = '';
    const handler = (...args: Parameters<ReturnType<typeof createPegasusHandler>>) =>
      createPegasusHandler(backupOf(url))(...args);
    const origin = await listening(createServer(handler));
    url = primaryUrl(origin);
    const { send } = clientOf(origin);
    const answer = await send('GET', '//meta/apps/?detail', headers);
    expect(answer.status).toBe(503);
    expect(answer.json()).toMatchObject({ error: 'ERR_FORWARD_TO_OTHERS' });
  });

  it('but does to another mount on the same host', async () => {
    const origin = await listening(
      createServer((req, res) =>
        createPegasusHandler(backupOf(`${origin}/other`), { basePath: '/one' })(req, res),
      ),
    );
    const answer = await clientOf(origin).get('/one/meta/apps');
    expect(answer.headers['location']).toBe(`${origin}/other/meta/apps`);
  });
});

describe('a source with an invalid base URL', () => {
  it.each([
    '10.0.0.1:34601',
    '',
    '/meta',
    'ftp://a',
    'http://a/?x',
    'http://a/#x',
    'http://user:pw@a/',
    42,
    undefined,
  ])('%j: 500, and onError says why', async (primaryUrl) => {
    const errors: unknown[] = [];
    const source: ClusterSource = {
      metaState: {
        role: () => ({ role: 'backup', primaryUrl: primaryUrl as string }),
        app: () => undefined,
        cluster: () => memoryCluster().metaState.cluster(),
      },
    };
    const { get } = await serve(source, { onError: ({ cause }) => errors.push(cause) });
    const answer = await get('/meta/apps');
    expect(answer.status).toBe(500);
    expect(answer.headers['location']).toBeUndefined();
    expect(String(errors[0])).toContain('primaryUrl must be an http(s) URL without a query or credentials');
  });
});

/** The Location that a handler answers a request with that no socket has seen. */
function locationOf(
  handler: ReturnType<typeof createPegasusHandler>,
  url: string,
): Promise<unknown> | unknown {
  return new Promise((resolve) => {
    const req = { url, method: 'GET', headers: {}, socket: {} };
    const res = {
      writeHead: (_: number, headers: { location?: string }) => resolve(headers.location),
      end: () => {},
      on: () => {},
      off: () => {},
    };
    handler(req as never, res as never);
  });
}
