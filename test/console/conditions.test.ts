import { createServer } from 'node:http';
import { createSecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { webConsole } from '../../lib/console/index.js';
import { createPegasusHandler, type HandlerOptions, memoryCluster } from '../../lib/index.js';
import { browserOfFile, listenUntilFinished, serveConsole, shows } from '../support/browser.js';
import { NODES, smallCluster } from '../support/console-cluster.js';
import { certificate } from '../support/mounts.js';

const open = browserOfFile();

const HEALTHY = 'All 2 tables on 3 nodes are healthy.';

/** What the page says about its connection. */
const PILL = '.pill';

describe('the console shows as text', () => {
  it.each([
    ['markup', '<img src=x onerror="globalThis.attacked = true">'],
    ['a name of the object prototype', '__proto__'],
    ['Chinese', '中文'],
    ['4,000 characters', 'x'.repeat(4_000)],
    ['what URLs give a meaning', 'a/b?c=d&e#f%20'],
  ])('a table whose name is %s', async (_, appName) => {
    const envs = { [appName]: appName };
    const cluster = memoryCluster({ nodes: NODES, apps: [{ appName, partitionCount: 4, envs }] });
    const { page, problems } = await open(`${await serveConsole(cluster)}/console/#/tables`);
    await shows(page, appName);
    await page.locator('td a.name').click();
    await shows(page, 'Partitions by nodes');
    expect(await page.locator('h1').innerText()).toBe(appName);
    await expect.poll(() => page.locator('.facts dd').first().innerText()).toBe(appName);
    await page.reload();
    await shows(page, 'Partitions by nodes');
    expect(await page.evaluate(() => 'attacked' in globalThis)).toBe(false);
    expect(problems).toEqual([]);
  });
});

describe('the console works', () => {
  it('under a prefix, from a link with and without a slash at its end', async () => {
    const url = await serveConsole(smallCluster(), { basePath: '/ops/pegasus' });
    for (const end of ['', '/', '/console', '/console/']) {
      const { page, problems } = await open(url + end);
      await shows(page, HEALTHY);
      expect(page.url()).toBe(`${url}/console/`);
      expect(problems).toEqual([]);
    }
  });

  it('behind authorize, with credentials that the browser asks for', async () => {
    const expected = `Basic ${Buffer.from('ops:sesame').toString('base64')}`;
    const url = await serveConsole(smallCluster(), {
      authorize: ({ headers }) =>
        headers.authorization === expected ? 'allow' : { challenge: 'Basic realm="pegasus"' },
    });
    const { page } = await open(`${url}/`, { httpCredentials: { username: 'ops', password: 'sesame' } });
    await shows(page, HEALTHY);
  });

  it('over http2', async () => {
    const handler = createPegasusHandler(smallCluster(), { console: webConsole() });
    const server = createSecureServer(await certificate(), (req, res) => void handler(req, res));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { page, problems } = await open(`${url}/`, { ignoreHTTPSErrors: true });
    await shows(page, HEALTHY);
    const protocol = await page.evaluate("performance.getEntriesByType('navigation')[0].toJSON()");
    expect(protocol).toMatchObject({ nextHopProtocol: 'h2' });
    expect(problems).toEqual([]);
  });
});

describe('the console says', () => {
  it('that authorize denies a view, and goes on when it does not', async () => {
    let isDenied = true;
    const url = await serveConsole(smallCluster(), {
      authorize: (_, { group }) => (group === 'meta' && isDenied ? 'deny' : 'allow'),
    });
    const { page } = await open(`${url}/console/`);
    await shows(page, 'Access denied');
    isDenied = false;
    await shows(page, HEALTHY);
  });

  it.each<[scheme: string, goesOn: boolean]>([
    ['Bearer', true],
    // Another request would make the browser ask again.
    ['Basic', false],
  ])('that the server needs credentials of the scheme %s', async (scheme, goesOn) => {
    let isOut = false;
    const authorize: NonNullable<HandlerOptions['authorize']> = (_, { group }) =>
      group === 'meta' && isOut ? { challenge: `${scheme} realm="pegasus"` } : 'allow';
    const url = await serveConsole(smallCluster(), { authorize });
    // Else the browser would wait for a person to sign in.
    const httpCredentials = { username: 'ops', password: 'wrong' };
    const { page } = await open(`${url}/console/`, { httpCredentials });
    await shows(page, HEALTHY);
    isOut = true;
    await expect.poll(() => page.locator(PILL).innerText(), { timeout: 10_000 }).toBe('Sign in');
    isOut = false;
    if (goesOn) await expect.poll(() => page.locator(PILL).innerText(), { timeout: 10_000 }).toBe('Live');
  });

  it('that the state is old', async () => {
    const cluster = smallCluster();
    const staleSince = () => Math.floor(Date.now() / 1000) - 42;
    const { page, problems } = await open(
      `${await serveConsole({ ...cluster, metaState: { ...cluster.metaState, staleSince } })}/console/`,
    );
    await shows(page, /The data is 4\d s old/);
    expect(await page.locator(PILL).innerText()).toMatch(/4\d s old/);
    expect(problems).toEqual([]);
  });

  it('that the server is a backup, and shows the cluster when it is elected', async () => {
    const cluster = memoryCluster({
      metaServers: ['127.0.0.1:1', '127.0.0.1:2'],
      nodes: NODES,
      apps: [{ appName: 'a' }, { appName: 'b' }],
    });
    const { page } = await open(`${await serveConsole(cluster.metaServer('127.0.0.1:2'))}/console/`);
    await shows(page, 'This meta server is a backup');
    cluster.electPrimaryMeta('127.0.0.1:2');
    await shows(page, HEALTHY);
  });

  it('that the server is gone, keeps what it knows, and goes on when it is back', async () => {
    const handler = createPegasusHandler(smallCluster(), { console: webConsole() });
    const first = createServer(handler);
    const url = await listenUntilFinished(first);
    const { page } = await open(`${url}/console/`);
    await shows(page, HEALTHY);
    first.closeAllConnections();
    await new Promise((resolve) => first.close(resolve));
    await expect.poll(() => page.locator(PILL).innerText(), { timeout: 10_000 }).toBe('Offline');
    await shows(page, HEALTHY);
    await listenUntilFinished(createServer(handler), Number(new URL(url).port));
    await expect.poll(() => page.locator(PILL).innerText(), { timeout: 10_000 }).toBe('Live');
  });
});

describe('the console polls', () => {
  it('with conditional requests that get 304', async () => {
    const { page, problems } = await open(`${await serveConsole(smallCluster())}/console/`);
    const unchanged = await page.waitForResponse(
      (response) => response.url().endsWith('/meta/apps?detail') && response.status() === 304,
    );
    expect(unchanged.request().headers()['if-none-match']).toMatch(/"/);
    expect(problems).toEqual([]);
  });

  it('only while it is visible', async () => {
    const { page } = await open(`${await serveConsole(smallCluster())}/console/`);
    await shows(page, HEALTHY);
    const show = (isHidden: boolean) =>
      page.evaluate(`
        Object.defineProperty(document, 'hidden', { value: ${isHidden}, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      `);
    await show(true);
    // What was under way may end.
    await page.waitForTimeout(2_500);
    let requests = 0;
    page.on('request', () => {
      requests += 1;
    });
    await page.waitForTimeout(2_500);
    expect(requests).toBe(0);
    await show(false);
    await expect.poll(() => requests).toBeGreaterThan(0);
  });
});
