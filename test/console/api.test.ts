import { createServer } from 'node:http';
import { expect, it } from 'vitest';
import { webConsole } from '../../lib/console/index.js';
import { createPegasusHandler } from '../../lib/index.js';
import { browserOfFile, listenUntilFinished, shows } from '../support/browser.js';
import { fullSource } from '../support/console-cluster.js';

const open = browserOfFile();

const responses = {
  200: { description: 'OK' },
  404: { $ref: '#/components/responses/NotFound' },
};

/** The kinds of operations and parameters that a document has. */
const DOCUMENT = {
  openapi: '3.1.1',
  info: { title: 'Apache Pegasus HTTP interface', version: '1' },
  paths: {
    '/meta/app': {
      get: {
        tags: ['meta'],
        summary: 'Returns one table.',
        'x-pegasus-access': 'read',
        parameters: [
          { name: 'name', in: 'query', required: true, schema: { type: 'string' } },
          { name: 'detail', in: 'query', schema: { type: 'boolean' } },
        ],
        responses,
      },
    },
    '/updateConfig': {
      post: {
        tags: ['config'],
        summary: 'Changes one flag.',
        'x-pegasus-access': 'write',
        parameters: [{ name: 'changes', in: 'query', schema: { type: 'object' } }],
        requestBody: { content: { 'application/x-www-form-urlencoded': {} } },
        responses,
      },
    },
  },
  components: { responses: { NotFound: { description: 'There is no such table.' } } },
};

/** Serves the document beside a handler, which lists it. */
async function serveDocument(): Promise<string> {
  const handler = createPegasusHandler(fullSource(), { console: webConsole(), authorize: () => 'allow' });
  const listing = Object.fromEntries(handler.endpoints.map(({ path, summary }) => [path, summary]));
  const answers: Record<string, object> = {
    '/': { ...listing, '/openapi.json': 'Describes the endpoints.' },
    '/openapi.json': DOCUMENT,
  };
  const server = createServer((req, res) => {
    const answer = answers[req.url ?? ''];
    if (answer === undefined) void handler(req, res);
    else res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  return listenUntilFinished(server);
}

it('shows the endpoints and sends requests to them', async () => {
  const { page, problems } = await open(`${await serveDocument()}/console/#/api`);
  await page.getByText('Returns one table.').click();
  const opened = page.locator('.endpoint[open]');
  await expect.poll(() => opened.innerText()).toContain('There is no such table.');
  await opened.getByLabel('name').fill('temp');
  await opened.getByLabel('detail').check();
  await opened.getByRole('button', { name: 'Send' }).click();
  await expect.poll(() => opened.locator('pre').innerText()).toContain('"app_name": "temp"');
  await page.reload();
  await shows(page, 'There is no such table.');
  expect(problems).toEqual([]);
});

it('asks before it changes the server', async () => {
  const { page, problems } = await open(`${await serveDocument()}/console/#/api`);
  await page.getByText('Changes one flag.').click();
  const opened = page.locator('.endpoint[open]');
  await opened.getByLabel('changes').fill('max_batch_size=7');
  await opened.getByRole('button', { name: 'Send' }).click();
  expect(await opened.locator('pre').count()).toBe(0);
  await opened.getByRole('button', { name: 'This changes the server. Send anyway' }).click();
  await expect.poll(() => opened.locator('pre').innerText()).toContain('ERR_OK');
  expect(problems).toEqual([]);
});
