import { createServer } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  type ClusterSource,
  createPegasusHandler,
  type Endpoint,
  memoryCluster,
  type Profiler,
} from '../../lib/index.js';
import { ALL_MOUNTS } from '../support/fetch-mounts.js';
import { clientOf, listening } from '../support/http.js';
import { rawRequest, sendRaw } from '../support/raw.js';

const CANARY = 'canary';

const profiler: Profiler = {
  cpu: () => 'disabled' as never,
  heap: () => 'disabled',
  growth: () => 'disabled',
  symbolCount: () => 1,
  symbols: () => [],
  mappedLibraries: () => [],
  commandLine: () => [CANARY],
};

/** All that it tells has the canary in it. */
const source: ClusterSource = {
  metaState: memoryCluster({ apps: [{ appName: CANARY, envs: { [CANARY]: CANARY } }] }).metaState,
  perfCounters: { read: (name) => ({ name, type: 'NUMBER', value: 1, description: CANARY }) },
  processInfo: { version: () => ({ version: CANARY, gitCommit: '' }), startSecond: () => 1, profiler },
};

/** Every way to write a path that some server or other has taken for the same. */
function spellings(path: string): string[] {
  const [, first = '', ...rest] = path.split('/');
  const encoded = `/%${first.charCodeAt(0).toString(16)}${[first.slice(1), ...rest].join('/')}`;
  return [
    path,
    path.toUpperCase(),
    `/${path}`,
    `//${path}//`,
    `${path}/`,
    `${path}//`,
    path.replace(/(?!^)\//g, '%2F'),
    `/%2f${path.slice(1)}`,
    `%2f${path.slice(1)}`,
    `${path}%2f`,
    encoded,
    encoded.replace('%', '%25'),
    `/.${path}`,
    `/x/..${path}`,
    `/../..${path}`,
    `/%2e${path}`,
    `/x/%2e%2e${path}`,
    `/x/%2E%2E%2F${path.slice(1)}`,
    `/..;${path}`,
    `${path}/.`,
    `${path}/..`,
    `${path};x=y`,
    `${path}?`,
    `${path}??`,
    `${path}?x=1&y=2`,
    `${path}%3F`,
    `${path}#x`,
    `${path}%23`,
    `${path}%00`,
    `${path}%20`,
    `${path}%0d%0a`,
    `${path}.json`,
    `\\${path.slice(1)}`,
    path.replaceAll('/', '\\'),
    `${path}%c0%af`,
    `${path}%`,
    path.slice(1),
    `/x${path}`,
  ];
}

/** Spellings that no client of node:http lets out. */
function rawSpellings(path: string): string[] {
  return [
    ...spellings(path),
    `http://a${path}`,
    `HTTP://user@a:80/${path}`,
    `http://a?x${path}`,
    `https:///${path}`,
    `//a${path}`,
    `ftp://a${path}`,
    `${path}\0`,
    `/\0${path}`,
    `${path}\x7f`,
    `${path}\x80`,
    `\t${path}`,
    '*',
    '?',
    '',
  ];
}

const PATHS = [
  '/',
  '/version',
  '/meta/app?name=canary',
  '/meta/apps',
  '/perfCounter?name=x',
  '/pprof/cmdline',
];
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE', 'PROPFIND', 'get'];

/** What a guard that notes whom it was asked about is told. */
function noting(verdict: (endpoint: Endpoint) => 'allow' | 'deny') {
  const asked: Endpoint[] = [];
  const authorize = (_: unknown, endpoint: Endpoint) => {
    asked.push(endpoint);
    return verdict(endpoint);
  };
  return { asked, authorize };
}

const tells = (body: string) => body.includes(CANARY) || body.includes('/meta/cluster');

/** A path with or without its query, spelled in all ways; the query stays behind it. */
const withQuery = (path: string, spell: (path: string) => string[]) => {
  const [bare = '', query] = path.split('?');
  return spell(bare).map((spelled) =>
    query === undefined || spelled.includes('?') ? spelled : `${spelled}?${query}`,
  );
};

describe.each(['', '/ops'])('over a raw socket, below "%s"', (basePath) => {
  async function host(verdict: (endpoint: Endpoint) => 'allow' | 'deny') {
    const { asked, authorize } = noting(verdict);
    const handler = createPegasusHandler(source, { basePath: basePath || '/', authorize });
    return { asked, origin: await listening(createServer(handler)) };
  }

  it.each(METHODS)('%s gets nothing past a guard that forbids', async (method) => {
    const { asked, origin } = await host(() => 'deny');
    for (const path of PATHS) {
      for (const target of withQuery(path, rawSpellings)) {
        asked.length = 0;
        const { status, body } = await sendRaw(origin, rawRequest(method, basePath + target));
        // Node itself refuses some; whatever reaches an endpoint is the guard's first, whichever method it is.
        expect([target, status]).toEqual([target, asked.length > 0 ? 403 : expect.toSatisfy(isNone)]);
        expect([target, tells(body)]).toEqual([target, false]);
      }
    }
  });

  it('GET gets only what the guard has allowed for exactly that endpoint', async () => {
    const { asked, origin } = await host(({ path }) => (path === '/version' ? 'allow' : 'deny'));
    const { body: version } = await clientOf(origin).get(`${basePath}/version`);
    let answered = 0;
    for (const path of PATHS) {
      for (const target of withQuery(path, rawSpellings)) {
        asked.length = 0;
        const { status, body } = await sendRaw(origin, rawRequest('GET', basePath + target));
        if (!tells(body) && status !== 200) continue;
        answered += 1;
        expect([target, status, body]).toEqual([target, 200, version]);
        expect(asked.map((endpoint) => endpoint.path)).toEqual(['/version']);
      }
    }
    // The guard does let something through, else this would test nothing.
    expect(answered).toBeGreaterThan(5);
  });

  it('GET reaches the endpoint that authorize has seen, and no other', async () => {
    const { asked, origin } = await host(() => 'allow');
    let answered = 0;
    for (const path of PATHS) {
      for (const target of withQuery(path, rawSpellings)) {
        asked.length = 0;
        const { status, body } = await sendRaw(origin, rawRequest('GET', basePath + target));
        if (!tells(body) && status !== 200) continue;
        answered += 1;
        const [endpoint, ...others] = asked;
        expect([target, others]).toEqual([target, []]);
        const query = target.includes('?') ? `?${target.split('?').slice(1).join('?')}` : '';
        expect(body).toBe((await clientOf(origin).get(basePath + endpoint?.path + query)).body);
      }
    }
    expect(answered).toBeGreaterThan(30);
  });
});

function isNone(status: number): boolean {
  return status === 404 || status === 400 || status === 0;
}

describe.each(ALL_MOUNTS)('mounted on $name', ({ start }) => {
  it.each(['', '/ops'])('nothing gets past a guard, below "%s"', async (prefix) => {
    const { asked, authorize } = noting(({ path }) => (path === '/version' ? 'allow' : 'deny'));
    const { client, close } = await start(source, { authorize }, prefix);
    onTestFinished(() => void close());
    for (const path of ['/', '/version', '/meta/apps', '/pprof/cmdline']) {
      for (const target of spellings(path)) {
        for (const method of ['GET', 'HEAD', 'POST', 'OPTIONS']) {
          asked.length = 0;
          const answer = await client.send(method, target).catch(() => undefined);
          if (answer === undefined) continue;
          const allowed = asked.length === 1 && asked[0]?.path === '/version';
          const about = [method, target, answer.status];
          if (asked.length > 0 && !allowed) expect(about).toEqual([method, target, 403]);
          if (!allowed) expect([...about, tells(answer.body)]).toEqual([...about, false]);
          // An answer to HEAD has no body to look at: without the guard's word it may be no success either.
          if (!allowed) expect([...about, answer.status < 400]).toEqual([...about, false]);
        }
      }
    }
    expect((await client.get('/version')).json()).toMatchObject({ Version: CANARY });
    expect((await client.get('/meta/apps')).status).toBe(403);
  });
});
