import type { JSONSchemaType } from 'ajv';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  type ClusterSource,
  createPegasusHandler,
  type HandlerOptions,
  memoryCluster,
} from '../../lib/index.js';
import { ONEBOX } from '../support/fixtures.js';
import { MOUNTS, type Mount } from '../support/mounts.js';

/** The texts that the write endpoint of these tests has stored. */
let written: string[] = [];
/** The writes wait until there are as many. */
let atOnce = 1;
const waiting: (() => void)[] = [];

// An endpoint that changes its server and has all that a read endpoint may have: a key, frozen values and a cacheable body.
vi.mock(import('../../lib/endpoints/index.js'), async (importOriginal) => {
  const { createRoutes } = await importOriginal();
  const { defineRoute } = await import('../../lib/routing/route.js');
  const { param } = await import('../../lib/routing/params.js');
  const { jsonRequestBody } = await import('../../lib/routing/request-body.js');
  const { jsonBody } = await import('../../lib/http/body.js');
  const { Ajv } = await import('ajv');
  const schema = {
    type: 'object',
    properties: { text: { type: 'string' } },
    required: ['text'],
    additionalProperties: false,
  } as const satisfies JSONSchemaType<{ text: string }>;
  const writeRoute = defineRoute({
    path: '/meta/write',
    methods: ['GET', 'POST'],
    group: 'meta',
    access: 'write',
    summary: 'Stores a text.',
    params: { text: param.string('text') },
    body: jsonRequestBody(schema, new Ajv().compile<{ text: string }>(schema)),
    source: {
      part: 'processInfo',
      method: 'version',
      key: ({ text }) => text ?? '',
      async call(_, { text, body }) {
        written.push(body?.text ?? text ?? '');
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
          if (waiting.length >= atOnce) for (const go of waiting.splice(0)) go();
        });
        return Object.freeze({ count: written.length });
      },
    },
    response: {},
    render: ({ count }) => jsonBody(`{"written":"${count}"}\n`),
  });
  return { createRoutes: (...args) => [...createRoutes(...args), writeRoute] };
});

async function mounted(mount: Mount, options: HandlerOptions, source: ClusterSource = memoryCluster(ONEBOX)) {
  written = [];
  atOnce = 1;
  const { client, close } = await mount.start(
    (basePath) => createPegasusHandler(source, { ...options, basePath: basePath || '/' }),
    '/ops',
  );
  onTestFinished(async () => void (await close()));
  return client;
}

const allowed: HandlerOptions = { authorize: () => 'allow' };

describe.each(MOUNTS)('an endpoint that writes, mounted under $name', (mount) => {
  const body = '{"text":"a"}';
  const asJson = { 'content-type': 'application/json' };

  it('is denied unless the application sets authorize, and the source is not called', async () => {
    const { get, send } = await mounted(mount, {});
    for (const { status, json } of [
      await get('/meta/write?text=a'),
      await send('POST', '/meta/write', asJson, body),
      await send('GET', '/meta/write?text=a', { authorization: 'Bearer a' }),
    ]) {
      expect(status).toBe(403);
      expect(json()).toMatchObject({
        error: 'ERR_ACL_DENY',
        message: expect.stringContaining('it is denied unless the application sets the option authorize'),
      });
    }
    expect(written).toEqual([]);
    expect((await get('/meta/apps')).status).toBe(200);
  });

  it('is denied by authorize, which sees that it writes', async () => {
    const { get } = await mounted(mount, {
      authorize: (_, { access }) => (access === 'write' ? { challenge: 'Bearer' } : 'allow'),
    });
    const { status, headers } = await get('/meta/write?text=a');
    expect([status, headers['www-authenticate']]).toEqual([401, 'Bearer']);
    expect((await get('/meta/apps')).status).toBe(200);
    expect(written).toEqual([]);
  });

  it('runs once for each of two simultaneous clients', async () => {
    const { get } = await mounted(mount, allowed);
    // Two requests that shared a call would wait for a second call that never comes.
    atOnce = 2;
    const responses = await Promise.all([get('/meta/write?text=a'), get('/meta/write?text=a')]);
    expect(responses.map(({ status }) => status)).toEqual([200, 200]);
    expect(written).toEqual(['a', 'a']);
  });

  it('is never cached, by the server or on the way', async () => {
    const { get, send } = await mounted(mount, allowed);
    for (const count of ['1', '2']) {
      const { status, headers, json } = await get('/meta/write?text=a');
      expect(status).toBe(200);
      expect(json()).toEqual({ written: count });
      expect(headers['cache-control']).toBe('no-store');
      expect(headers['etag']).toBeUndefined();
    }
    const again = await send('GET', '/meta/write?text=a', { 'if-none-match': '*' });
    expect([again.status, again.json()]).toEqual([200, { written: '3' }]);
  });

  it('takes a JSON body', async () => {
    const { send } = await mounted(mount, allowed);
    // Fastify's own parser takes JSON from a route that is mounted without middie, and leaves it in its request.
    const isRead = mount.name === 'fastify 5 bare';
    const stored = await send('POST', '/meta/write', asJson, body);
    expect([stored.status, written]).toEqual(isRead ? [500, []] : [200, ['a']]);
    if (isRead) return;
    const wrong = await send('POST', '/meta/write', asJson, '{"txet":"a"}');
    expect(wrong.status).toBe(400);
    expect(wrong.body).toContain('must have the field');
    expect(written).toEqual(['a']);
  });

  it.each<[method: string, headers: Readonly<Record<string, string>>, status: number]>([
    ['HEAD', {}, 405],
    ['DELETE', {}, 405],
    ['GET', { 'if-match': '"v1"' }, 412],
    ['GET', { 'sec-fetch-site': 'cross-site' }, 403],
    ['GET', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }, 403],
    ['GET', { 'sec-fetch-site': 'same-site' }, 403],
  ])('does not run for %s with %j', async (method, headers, status) => {
    const { send } = await mounted(mount, allowed);
    expect((await send(method, '/meta/write?text=a', headers)).status).toBe(status);
    expect(written).toEqual([]);
  });
});

it('is named by handler.endpoints and by GET /', async () => {
  const handler = createPegasusHandler(memoryCluster(ONEBOX));
  expect(handler.endpoints.filter(({ access }) => access === 'write').map(({ path }) => path)).toContain(
    '/meta/write',
  );
});
