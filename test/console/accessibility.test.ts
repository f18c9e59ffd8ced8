import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { webConsole } from '../../lib/console/index.js';
import { createPegasusHandler, processInfo } from '../../lib/index.js';
import { browserOfFile, listenUntilFinished, serveConsole, shows } from '../support/browser.js';
import { COUNTERS, fullSource, NODES, smallCluster } from '../support/console-cluster.js';

const open = browserOfFile();
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const counters = COUNTERS.map(({ name }) => `name=${encodeURIComponent(name)}`).join('&');

const VIEWS = [
  ['#/clusters', 'of 3 nodes is down'],
  ['#/cluster', 'Primary meta server'],
  ['#/tables', 'temp'],
  ['#/tables/temp', 'replica.slow_query_threshold'],
  ['#/nodes', 'From the mean'],
  [`#/counters?${counters}`, 'p999'],
  ['#/metrics?plot=server%20get_latency_ns', 'p999'],
  ['#/profile', 'A CPU profile shows'],
  ['#/config', 'max_batch_size'],
  ['#/api', '/meta/apps'],
] as const;

it.each(['light', 'dark'] as const)(
  'has no serious fault in the theme %s',
  { timeout: 120_000 },
  async (theme) => {
    const clusters = [{ name: 'this one', path: '/' }];
    const url = await serveConsole({ ...fullSource(), ...degraded() }, { console: webConsole({ clusters }) });
    const { page, problems } = await open(`${url}/console/`, { colorScheme: theme });
    await shows(page, 'Primary meta server');
    // The policy of the page does not apply to what the debugger evaluates.
    await page.evaluate(AXE);
    const faults: unknown[] = [];
    for (const [hash, text] of VIEWS) {
      await page.evaluate(`location.hash = '${hash}'`);
      await shows(page, text);
      const { violations } = await page.evaluate(() => globalThis.axe.run());
      for (const { id, impact, nodes } of violations) {
        if (impact !== 'serious' && impact !== 'critical') continue;
        faults.push([hash, id, nodes.map(({ html }) => html)]);
      }
    }
    expect(faults).toEqual([]);
    expect(problems).toEqual([]);
  },
);

/** A cluster with tables in several states. */
function degraded() {
  const cluster = smallCluster();
  cluster.killNode(NODES[2] ?? '');
  cluster.setPartition('stat', 0, { primary: null });
  return { metaState: cluster.metaState };
}

it('shows which cluster of a list cannot answer, and is itself live', async () => {
  const clusters = [
    { name: 'lost', path: '/lost' },
    { name: 'prod', path: '/prod' },
  ];
  const list = createPegasusHandler({ processInfo: processInfo() }, { console: webConsole({ clusters }) });
  const prod = createPegasusHandler(smallCluster(), { basePath: '/prod' });
  const url = await listenUntilFinished(
    createServer((req, res) => {
      if (req.url?.startsWith('/lost/')) res.writeHead(503).end('{}');
      else prod(req, res, () => list(req, res));
    }),
  );
  const { page } = await open(`${url}/console/`);
  await shows(page, 'All 2 tables on 3 nodes are healthy.');
  expect(await page.locator('.clusters li', { hasText: 'lost' }).locator('.badge').textContent()).toBe(
    'Error 503',
  );
  await expect.poll(() => page.getByRole('status').first().innerText()).toContain('Live');
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id }) => id)).toEqual([]);
});

it('is used by keyboard', async () => {
  const { page } = await open(`${await serveConsole(smallCluster())}/console/#/tables`);
  await shows(page, 'temp');
  await page.keyboard.press('Tab');
  expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the content');
  await page.keyboard.press('Enter');
  expect(await page.evaluate('document.activeElement.tagName')).toBe('MAIN');
  await page.getByRole('link', { name: 'temp', exact: true }).focus();
  await page.keyboard.press('Enter');
  await shows(page, 'Partitions by nodes');
  expect(await page.evaluate('document.activeElement.textContent')).toBe('temp');
});

it('follows the theme of the system, until another one is chosen', async () => {
  const { page } = await open(`${await serveConsole(smallCluster())}/console/`, { colorScheme: 'dark' });
  await shows(page, 'Primary meta server');
  const themes = () =>
    page.evaluate(
      '[document.documentElement.dataset.theme, getComputedStyle(document.documentElement).colorScheme]',
    );
  expect(await themes()).toEqual(['dark', 'dark']);
  await page.emulateMedia({ colorScheme: 'light' });
  await expect.poll(themes).toEqual(['light', 'light']);
  const button = page.getByRole('button', { name: 'Theme' });
  for (const theme of ['light', 'dark']) {
    await button.click();
    await expect.poll(themes).toEqual([theme, theme]);
  }
  await page.reload();
  await shows(page, 'Primary meta server');
  expect(await themes()).toEqual(['dark', 'dark']);
  await button.click();
  await expect.poll(themes).toEqual(['light', 'light']);
});

declare global {
  var axe: {
    run(): Promise<{
      violations: readonly {
        id: string;
        impact?: string;
        nodes: readonly { html: string }[];
      }[];
    }>;
  };
}
