import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { webConsole } from '../../lib/console/index.js';
import { type ClusterSource, createPegasusHandler, type HandlerOptions } from '../../lib/index.js';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((path) => existsSync(path));

/** A page with what went wrong in it: errors of its console and its scripts, and requests to other origins. */
export interface OpenPage {
  readonly page: Page;
  readonly problems: readonly string[];
}

/** Opens a page of the browser, which is closed when the test is over. */
export type OpenBrowserPage = (url: string, options?: BrowserContextOptions) => Promise<OpenPage>;

/** Starts Debian's chromium for the tests of a file. */
export function browserOfFile(): OpenBrowserPage {
  let browser: Browser | undefined;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM ?? 'chromium', args: ['--no-sandbox'] });
  }, 60_000);
  afterAll(() => browser?.close());
  return async (url, options) => {
    if (browser === undefined) throw new Error('the browser is there only while a test runs');
    const context = await browser.newContext({ locale: 'en-US', ...options });
    onTestFinished(() => context.close());
    const page = await context.newPage();
    const problems = watch(page, new URL(url).origin);
    await page.goto(url);
    return { page, problems };
  };
}

function watch(page: Page, origin: string): readonly string[] {
  const problems: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(origin) && !url.startsWith('data:')) problems.push(`request to ${url}`);
  });
  return problems;
}

/** Serves a source with the console until the test is over, and returns the URL of the handler's mount path. */
export async function serveConsole(source: ClusterSource, options: HandlerOptions = {}): Promise<string> {
  const handler = createPegasusHandler(source, { console: webConsole(), ...options });
  return (await listenUntilFinished(createServer(handler))) + (options.basePath ?? '');
}

/** Lets a server listen until the test is over, and returns its URL. */
export async function listenUntilFinished(server: Server, port = 0): Promise<string> {
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Waits until the page shows a text. */
export async function shows(page: Page, text: string | RegExp): Promise<void> {
  await expect.poll(() => page.locator('main').innerText(), { timeout: 15_000 }).toMatch(text);
}
