import { createServer, request } from 'node:http';
import { createRequire } from 'node:module';
import express from 'express';
import fastify from 'fastify';
import Koa from 'koa';
import koaConnect from 'koa-connect';
import { describe, expect, it } from 'vitest';
import {
  type CallNode,
  createPegasusHandler,
  memoryCluster,
  type PegasusError,
  type Profile,
  type Profiler,
} from '../../lib/index.js';
import { clientOf, listening, serve } from '../support/http.js';
import { serveProfiler } from '../support/profiled.js';

const express4: typeof express = createRequire(import.meta.url)('express4');

/** The first bytes of the two binary formats. */
const GZIP = '\x1f';
const CPU_BINARY = `${'\0'.repeat(8)}\x03${'\0'.repeat(7)}`;

const GO = { 'user-agent': 'Go-http-client/1.1' };

const ANSWER = '0x00123455\tboost::ptr\n';

function node(name: string, value: number, children: CallNode[] = []): CallNode {
  return { name, url: `/app/${name}.js`, line: 7, count: Math.ceil(value / 1000), value, children };
}

const PROFILE: Profile = {
  root: node('(root)', 0, [node('main', 0, [node('hot', 7000), node('cold', 3000)])]),
  startMs: 0,
  durationMs: 1000,
  period: 1000,
};

function fake(parts: Partial<Profiler> = {}): Profiler {
  return {
    cpu: () => PROFILE,
    heap: () => PROFILE,
    growth: () => PROFILE,
    symbolCount: () => 41,
    symbols: (addresses) => addresses.map((address) => (address === 0x123455 ? 'boost::ptr' : undefined)),
    mappedLibraries: () => ['00400000-0053f000 r-xp 00000000 fe:00 99 /usr/bin/node'],
    commandLine: () => ['/usr/bin/node', 'config.ini', '-app_list', 'replica'],
    ...parts,
  };
}

function expectBody(body: string, expected: string | RegExp): void {
  if (typeof expected === 'string') expect(body.slice(0, expected.length)).toBe(expected);
  else expect(body).toMatch(expected);
}

describe('what each endpoint answers', () => {
  const JSON_TYPE = 'application/json; charset=utf-8';
  const TEXT = 'text/plain; charset=utf-8';
  const BYTES = 'application/octet-stream';

  it.each([
    ['/pprof/profile', BYTES, GZIP],
    ['/pprof/profile?seconds=1&format=proto', BYTES, GZIP],
    ['/pprof/profile?format=gperftools', BYTES, CPU_BINARY],
    ['/pprof/heap', TEXT, /^heap profile: {5}10: {4}10000 \[ {4}10: {4}10000\] @ heapprofile\n/],
    ['/pprof/heap?seconds=2', TEXT, /@ heapprofile\n/],
    ['/pprof/heap?format=proto', BYTES, GZIP],
    ['/pprof/growth', TEXT, /@ growth\n.*\n\nMAPPED_LIBRARIES:\n00400000-.*node\n$/s],
    ['/pprof/growth?format=proto&seconds=x', BYTES, GZIP],
    ['/pprof/symbol', TEXT, /^num_symbols: 41\n$/],
    ['/pprof/cmdline', TEXT, /^\/usr\/bin\/node\nconfig.ini\n-app_list\nreplica\n$/],
  ])('GET %s', async (target, type, body) => {
    const { get, send } = await serveProfiler(fake());
    const answer = await get(target);
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe(type);
    expectBody(answer.body, body);
    const head = await send('HEAD', target);
    expect([head.status, head.headers['content-type'], head.body]).toEqual([200, type, '']);
  });

  it.each([
    ['/pprof/profile?seconds=0', 'seconds must be an integer from 1 to 300, not "0"'],
    ['/pprof/profile?seconds=-1', 'seconds must be an integer from 1 to 300, not "-1"'],
    ['/pprof/profile?seconds=abc', 'seconds must be an integer from 1 to 300, not "abc"'],
    ['/pprof/profile?seconds=1e9', 'seconds must be an integer from 1 to 300, not "1e9"'],
    ['/pprof/profile?seconds=301', 'seconds must be an integer from 1 to 300, not "301"'],
    ['/pprof/profile?seconds=', 'seconds must be an integer from 1 to 300, not ""'],
    ['/pprof/heap?seconds=1.5', 'seconds must be an integer from 1 to 300, not "1.5"'],
    ['/pprof/heap?seconds=1&seconds=1', 'duplicate parameter: "seconds"'],
    ['/pprof/heap?format=svg', 'format must be proto or gperftools, not "svg"'],
    ['/pprof/growth?format=', 'format must be proto or gperftools, not ""'],
  ])('GET %s is a 400', async (target, message) => {
    const { get, send } = await serveProfiler(fake());
    const answer = await get(target);
    expect(answer.status).toBe(400);
    expect(answer.headers['content-type']).toBe(JSON_TYPE);
    expect(answer.headers['x-go-pprof']).toBe('1');
    expect(answer.json()).toEqual({ error: 'ERR_INVALID_PARAMETERS', message });
    const toGo = await send('GET', target, GO);
    expect([toGo.status, toGo.headers['content-type'], toGo.headers['x-go-pprof'], toGo.body]).toEqual([
      400,
      TEXT,
      '1',
      `${message}\n`,
    ]);
  });

  it.each(['POST', 'PUT', 'DELETE'])('%s is a 405 elsewhere than on /pprof/symbol', async (method) => {
    const { send } = await serveProfiler(fake());
    const answer = await send(method, '/pprof/heap', GO);
    expect([answer.status, answer.headers['allow'], answer.headers['x-go-pprof']]).toEqual([
      405,
      'GET, HEAD',
      '1',
    ]);
    expect((await send('PUT', '/pprof/symbol')).headers['allow']).toBe('GET, HEAD, POST');
  });

  it.each([
    ['disabled', 500, 'ERR_INVALID_STATE', 'TCMALLOC_SAMPLE_PARAMETER=524288'],
    ['restarted', 503, 'ERR_SERVICE_NOT_ACTIVE', 'other code of this process had stopped the heap sampler'],
  ] as const)('says what to do when the heap sampler is %s', async (state, status, error, message) => {
    const { get } = await serveProfiler(fake({ heap: () => state, growth: () => state }));
    for (const target of ['/pprof/heap', '/pprof/heap?seconds=1&format=proto', '/pprof/growth']) {
      const answer = await get(target);
      expect([answer.status, answer.json()]).toEqual([
        status,
        { error, message: expect.stringContaining(message) },
      ]);
    }
  });

  it.each([
    ['no profile', 'nonsense'],
    ['no tree', { ...PROFILE, root: null }],
    ['a value that is no number', { ...PROFILE, root: node('x', Number.NaN) }],
    ['a negative count', { ...PROFILE, root: { ...node('x', 1), count: -1 } }],
    ['nothing', undefined],
  ])('answers 500 when the profiler hands out %s', async (_, profile) => {
    const errors: PegasusError[] = [];
    const { get } = await serveProfiler(fake({ heap: () => profile as unknown as Profile }), {
      onError: (error) => errors.push(error),
    });
    for (const target of ['/pprof/heap', '/pprof/heap?format=proto']) {
      const answer = await get(target);
      expect([answer.status, answer.json()]).toEqual([
        500,
        { error: 'ERR_UNKNOWN', message: 'the process information source gave an unusable answer' },
      ]);
    }
    expect(errors.length).toBe(2);
  });

  it('writes an empty profile in every format', async () => {
    const empty = { ...PROFILE, root: node('(root)', 0) };
    const { get } = await serveProfiler(fake({ heap: () => empty, cpu: () => empty }));
    expect((await get('/pprof/heap')).body).toMatch(
      /^heap profile: {6}0: {8}0 \[ {5}0: {8}0\] @ heapprofile\n\nMAPPED/,
    );
    expect((await get('/pprof/profile?format=gperftools')).status).toBe(200);
    expect((await get('/pprof/profile')).status).toBe(200);
  });
});

describe('POST /pprof/symbol', () => {
  it.each([
    ['123455', ANSWER],
    ['0x123455', ANSWER],
    ['0X00123455', ANSWER],
    ['"0x123455"', ANSWER],
    ["'0x123455'", ANSWER],
    ['0x123455\n', ANSWER],
    ['0x0000000000123455', '0x0000000000123455\tboost::ptr\n'],
    ['0xABCDEF12', '0xabcdef12\t0xabcdef12\n'],
    ['0x123455+0x7f+123455', `${ANSWER}0x0000007f\t0x0000007f\n${ANSWER}`],
    ['+0x123455++', ANSWER],
    ['ffffffffffffffff', '0xffffffffffffffff\t0xffffffffffffffff\n'],
    ['0x10000000000008', '0x10000000000008\t0x10000000000008\n'],
    ['', ''],
  ])('%j', async (body, expected) => {
    const { send } = await serveProfiler(fake());
    for (const type of ['application/x-www-form-urlencoded', 'application/octet-stream', 'text/plain']) {
      const answer = await send('POST', '/pprof/symbol', { 'content-type': type }, body);
      expect([answer.status, answer.body]).toEqual([200, expected]);
    }
  });

  it('knows the functions of the profiles that were handed out', async () => {
    const { get, send } = await serveProfiler(fake());
    const [, addresses] = /@ (0x\S+ 0x\S+)\n\n/.exec((await get('/pprof/heap')).body) ?? [];
    const answer = await send('POST', '/pprof/symbol', {}, addresses?.replace(' ', '+'));
    expect(answer.body).toMatch(/^0x1\w+\thot \/app\/hot\.js:7\n0x1\w+\tmain \/app\/main\.js:7\n$/);
    expect((await get('/pprof/symbol')).body).toBe('num_symbols: 44\n');
  });

  it.each(['xyz', '0x', '12 zz', '12&34', '-1', `0x${'1'.repeat(65)}`])('%j is a 400', async (body) => {
    const { send } = await serveProfiler(fake());
    const answer = await send('POST', '/pprof/symbol', {}, body);
    expect([answer.status, answer.json()]).toEqual([
      400,
      {
        error: 'ERR_INVALID_PARAMETERS',
        message: expect.stringMatching(/^addresses must be in hex, joined by "\+", not "/),
      },
    ]);
  });

  it('refuses a body that is too large, announced or not, and answers the next', async () => {
    const { send, origin } = await serveProfiler(fake());
    const body = '0x123455+'.repeat(600_000);
    const message = 'the body may have 4194304 bytes at most';
    const announced = await send('POST', '/pprof/symbol', {}, body);
    expect([announced.status, announced.json()]).toEqual([413, { error: 'ERR_INVALID_PARAMETERS', message }]);
    const chunked = await fetch(`${origin}/pprof/symbol`, {
      method: 'POST',
      body: new Blob([body]).stream(),
      duplex: 'half',
    } as RequestInit);
    expect([chunked.status, await chunked.json()]).toEqual([
      413,
      { error: 'ERR_INVALID_PARAMETERS', message },
    ]);
    const many = await send('POST', '/pprof/symbol', {}, '1+'.repeat(260_000));
    expect([many.status, many.json()]).toMatchObject([
      400,
      { message: 'at most 250000 addresses at a time' },
    ]);
    expect((await send('POST', '/pprof/symbol', {}, '123455')).body).toBe(ANSWER);
  });

  it('does not wait for a client that disconnects within the body', async () => {
    const errors: PegasusError[] = [];
    const { origin, send } = await serveProfiler(fake(), { onError: (error) => errors.push(error) });
    const req = request(`${origin}/pprof/symbol`, { method: 'POST' });
    const lost = new Promise((resolve) => req.once('error', resolve));
    req.write('0x1234');
    setTimeout(() => req.destroy(new Error('gone')), 100);
    await lost;
    expect((await send('POST', '/pprof/symbol', {}, '123455')).body).toBe(ANSWER);
    expect(errors).toEqual([]);
  });

  const PARSERS = {
    'express.urlencoded': () => express().use(express.urlencoded({ extended: false })),
    'express.urlencoded extended': () => express().use(express.urlencoded({ extended: true })),
    'express.json': () => express().use(express.json()),
    'express.text': () => express().use(express.text({ type: '*/*' })),
    'express.raw': () => express().use(express.raw({ type: '*/*' })),
    'express 4, json and urlencoded': () =>
      express4()
        .use(express4.json())
        .use(express4.urlencoded({ extended: true })),
  };

  it.each(Object.keys(PARSERS) as (keyof typeof PARSERS)[])('behind %s', async (name) => {
    const app = PARSERS[name]();
    const processInfo = { ...memoryCluster().processInfo, profiler: fake() };
    app.use(createPegasusHandler({ processInfo }) as never);
    const { send } = clientOf(await listening(createServer(app)));
    for (const type of ['application/x-www-form-urlencoded', 'application/octet-stream']) {
      const answer = await send('POST', '/pprof/symbol', { 'content-type': type }, '0x123455+0x7f');
      expect(answer.body).toBe(`${ANSWER}0x0000007f\t0x0000007f\n`);
      expect((await send('POST', '/pprof/symbol', { 'content-type': type }, '')).body).toBe('');
    }
  });

  it("behind fastify's own parsers", async () => {
    const app = fastify();
    const handler = createPegasusHandler({
      processInfo: { ...memoryCluster().processInfo, profiler: fake() },
    });
    app.addContentTypeParser('*', { parseAs: 'string' }, (_, body, done) => done(null, body));
    app.all('*', (request, reply) => {
      reply.hijack();
      handler(Object.assign(request.raw, { body: request.body }), reply.raw);
    });
    await app.ready();
    const { send } = clientOf(await listening(app.server));
    const answer = await send(
      'POST',
      '/pprof/symbol',
      { 'content-type': 'application/octet-stream' },
      '123455',
    );
    expect(answer.body).toBe(ANSWER);
  });
});

describe('POST /pprof/symbol under fastify alone and koa', () => {
  const TYPES = ['application/octet-stream', 'application/x-www-form-urlencoded', 'text/plain'];
  const processInfo = { ...memoryCluster().processInfo, profiler: fake() };
  const HOW_TO_MOUNT = 'other code has read the body: mount the handler before body parsers';

  function fastifyAlone(removesParsers: boolean) {
    const app = fastify();
    const handler = createPegasusHandler({ processInfo }, { onError: () => {} });
    app.register(async (scope) => {
      if (removesParsers) {
        scope.removeAllContentTypeParsers();
        scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
      }
      scope.all('/*', (request, reply) => {
        reply.hijack();
        handler(request.raw, reply.raw);
      });
    });
    return app;
  }

  /** A koa body parser. All of them leave their result in `ctx.request`. */
  async function koaParser(ctx: Koa.Context, next: () => unknown) {
    let text = '';
    for await (const chunk of ctx.req) text += chunk;
    Object.assign(ctx.request, { rawBody: text, body: Object.fromEntries(new URLSearchParams(text)) });
    await next();
  }

  function koaHost(...middleware: Koa.Middleware[]) {
    const app = new Koa();
    for (const one of middleware) app.use(one);
    app.use(koaConnect(createPegasusHandler({ processInfo }, { onError: () => {} })));
    return createServer(app.callback());
  }

  /** The middleware of the mounting guide. */
  const passBodyOn: Koa.Middleware = (ctx, next) => {
    const { rawBody, body } = ctx.request as { rawBody?: unknown; body?: unknown };
    Object.assign(ctx.req, { body: rawBody ?? body });
    return next();
  };

  it.each(TYPES)('gets its body as the guide mounts it: %s', async (type) => {
    const app = fastifyAlone(true);
    await app.ready();
    const hosts = [app.server, koaHost(), koaHost(passBodyOn), koaHost(koaParser, passBodyOn)];
    for (const host of hosts) {
      const { send } = clientOf(await listening(host));
      const { status, body } = await send('POST', '/pprof/symbol', { 'content-type': type }, '123455');
      expect([status, body]).toEqual([200, ANSWER]);
    }
  });

  it('says how to mount where a parser has read the body', async () => {
    const app = fastifyAlone(false);
    await app.ready();
    for (const host of [app.server, koaHost(koaParser)]) {
      const { send } = clientOf(await listening(host));
      const answer = await send('POST', '/pprof/symbol', { 'content-type': 'text/plain' }, '123455');
      expect(answer.status).toBe(500);
      expect(answer.json()).toMatchObject({ message: expect.stringContaining(HOW_TO_MOUNT) });
    }
  });
});

describe('one profile of a kind at a time', () => {
  it('rejects a second profile immediately on every handler, and takes the next', async () => {
    let finish: ((profile: Profile) => void) | undefined;
    const profiler = fake({
      cpu: () =>
        new Promise((resolve) => {
          finish = resolve;
        }),
    });
    const [one, other] = [await serveProfiler(profiler), await serveProfiler(profiler)];
    const first = one.get('/pprof/profile?seconds=1');
    await expect.poll(() => finish).toBeDefined();
    const second = await other.send('GET', '/pprof/profile', GO);
    expect([second.status, second.headers['retry-after'], second.body]).toEqual([
      503,
      '1',
      'a CPU profile is being taken already, and only one can be at a time\n',
    ]);
    expect((await other.get('/pprof/heap')).status).toBe(200);
    finish?.(PROFILE);
    expect((await first).status).toBe(200);
    const next = other.get('/pprof/profile');
    await new Promise((resolve) => setTimeout(resolve, 50));
    finish?.(PROFILE);
    expect((await next).status).toBe(200);
  });

  it('ends a profile whose client has left', async () => {
    const reasons: unknown[] = [];
    const profiler = fake({
      cpu: (_, { signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            reasons.push(signal.reason.name);
            reject(signal.reason);
          });
        }),
    });
    const { origin, get } = await serveProfiler(profiler);
    const controller = new AbortController();
    const left = fetch(`${origin}/pprof/profile`, { signal: controller.signal }).catch(() => 'left');
    setTimeout(() => controller.abort(), 100);
    expect(await left).toBe('left');
    await expect.poll(() => reasons).toEqual(['AbortError']);
    const next = get('/pprof/profile?seconds=1');
    await expect(
      Promise.race([next, new Promise((resolve) => setTimeout(resolve, 100, 'runs'))]),
    ).resolves.toBe('runs');
  });

  it('gives a profile its seconds on top of the time limit', async () => {
    const slow = (ms: number) => () => new Promise<Profile>((resolve) => setTimeout(resolve, ms, PROFILE));
    const { get } = await serveProfiler(fake({ cpu: slow(700), growth: slow(700) }), { timeoutMs: 200 });
    expect((await get('/pprof/profile?seconds=1')).status).toBe(200);
    const late = await get('/pprof/growth');
    expect([late.status, late.headers['x-go-pprof']]).toEqual([504, '1']);
  });
});

it('is on every server of a memory cluster that was given a profiler', async () => {
  const cluster = memoryCluster({ nodes: ['127.0.0.1:34801'] }, { profiler: fake() });
  for (const source of [
    cluster,
    cluster.metaServer('127.0.0.1:34601'),
    cluster.replicaServer('127.0.0.1:34801'),
  ]) {
    const { get } = await serve(source);
    expect((await get('/pprof/cmdline')).status).toBe(200);
  }
});

describe('options', () => {
  it.each([
    ['/pprof/profile', CPU_BINARY],
    ['/pprof/heap', /^heap profile/],
    ['/pprof/profile?format=proto', GZIP],
  ])('defaultFormat gperftools: %s', async (target, body) => {
    const { get } = await serveProfiler(fake(), { pprof: { defaultFormat: 'gperftools' } });
    expectBody((await get(target)).body, body);
  });

  it("sends proto to Go's tools, unless the client or the options choose another format", async () => {
    const own = await serveProfiler(fake());
    for (const name of ['heap', 'growth', 'profile']) {
      expectBody((await own.send('GET', `/pprof/${name}`, GO)).body, GZIP);
      const head = await own.send('HEAD', `/pprof/${name}`, GO);
      expect(head.headers['content-type']).toBe('application/octet-stream');
    }
    expectBody((await own.send('GET', '/pprof/heap?format=gperftools', GO)).body, /^heap profile/);
    expectBody((await own.send('GET', '/pprof/heap', { 'user-agent': 'curl/8.5.0' })).body, /^heap profile/);
    const host = await serveProfiler(fake(), { pprof: { defaultFormat: 'gperftools' } });
    expectBody((await host.send('GET', '/pprof/heap', GO)).body, /^heap profile/);
  });

  it('defaultFormat proto', async () => {
    const { get } = await serveProfiler(fake(), { pprof: { defaultFormat: 'proto' } });
    for (const name of ['heap', 'growth', 'profile']) expectBody((await get(`/pprof/${name}`)).body, GZIP);
  });

  it('maxDurationSeconds limits the requested duration and the default', async () => {
    const asked: number[] = [];
    const profiler = fake({
      cpu: (seconds) => {
        asked.push(seconds);
        return PROFILE;
      },
    });
    const { get } = await serveProfiler(profiler, { pprof: { maxDurationSeconds: 5 } });
    expect((await get('/pprof/profile?seconds=6')).status).toBe(400);
    await get('/pprof/profile?seconds=5');
    await get('/pprof/profile');
    expect(asked).toEqual([5, 5]);
  });

  it.each([
    ['left out', { exclude: ['pprof'] } as const, fake()],
    ['a source without a profiler', {}, undefined],
  ])('is left out by %s', async (_, options, profiler) => {
    const { get } = await serveProfiler(profiler as Profiler, options);
    expect((await get('/pprof/heap')).status).toBe(404);
    expect((await get('/')).body).not.toContain('pprof');
  });

  it.each([
    [{ pprof: true }, 'pprof must be an object (exclude: ["pprof"] disables these endpoints), not true'],
    [{ pprof: null }, 'pprof must be an object (exclude: ["pprof"] disables these endpoints), not null'],
    [{ pprof: { defaultFormat: 'svg' } }, 'pprof.defaultFormat must be one of proto, gperftools, not "svg"'],
    [
      { pprof: { maxDurationSeconds: 0 } },
      'pprof.maxDurationSeconds must be an integer from 1 to 86400, not 0',
    ],
  ])('%j is refused', (options, message) => {
    const source = { processInfo: memoryCluster().processInfo };
    expect(() => createPegasusHandler(source, options as never)).toThrow(
      new TypeError(`createPegasusHandler: ${message}`),
    );
  });

  it('a profiler without one of its functions is refused', () => {
    const profiler = { ...fake(), growth: undefined } as unknown as Profiler;
    const source = { processInfo: { ...memoryCluster().processInfo, profiler } };
    expect(() => createPegasusHandler(source)).toThrow(
      'source.processInfo.profiler.growth must be a function, not undefined',
    );
  });
});
