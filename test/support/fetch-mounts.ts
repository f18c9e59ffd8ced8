import 'reflect-metadata';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { INestApplication, MiddlewareConsumer } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import express4 from 'express4';
import { Hono } from 'hono';
import {
  type AuthorizeResult,
  type ClusterSource,
  createPegasusFetch,
  createPegasusHandler,
  type Endpoint,
  type HandlerOptions,
  type PegasusFetch,
} from '../../lib/index.js';
import { type Answer, type Client, clientOf } from './http.js';
import { below, MOUNTS, type Mounted } from './mounts.js';

/** Options that both kinds of handler take. */
interface SharedOptions extends Pick<HandlerOptions, 'timeoutMs'> {
  readonly authorize?: (request: unknown, endpoint: Endpoint) => AuthorizeResult;
}

/** A way of mounting that takes the source itself. */
export interface SourceMount {
  readonly name: string;
  start(source: ClusterSource, options: SharedOptions, prefix: string): Promise<Mounted>;
}

/** Those that pass a `Request` and expect a `Response`. */
export const FETCH_MOUNTS: readonly SourceMount[] = [
  {
    name: 'createPegasusFetch itself',
    async start(source, options, prefix) {
      const pegasus = createPegasusFetch(source, { ...options, basePath: prefix || '/' });
      return inProcess(pegasus, prefix);
    },
  },
  {
    name: 'a route file of Next',
    async start(source, options, prefix) {
      const pegasus = createPegasusFetch(source, { ...options, basePath: prefix || '/' });
      const route: Record<string, (request: Request, context: object) => Promise<Response>> = {
        GET: pegasus,
        HEAD: pegasus,
        POST: pegasus,
      };
      const dispatch = async (request: Request) => {
        const context = { params: Promise.resolve({ path: ['version'] }) };
        return route[request.method]?.(request, context) ?? new Response(null, { status: 405 });
      };
      return inProcess(dispatch, prefix);
    },
  },
  {
    name: 'hono, by app.fetch',
    async start(source, options, prefix) {
      const app = new Hono();
      const pegasus = createPegasusFetch(source, { ...options, basePath: prefix || '/' });
      app.all(`${prefix}/*`, (c) => pegasus(c.req.raw));
      return inProcess(async (request: Request) => app.fetch(request), prefix);
    },
  },
  {
    name: 'hono on @hono/node-server, a route',
    async start(source, options, prefix) {
      const app = new Hono();
      const pegasus = createPegasusFetch(source, { ...options, basePath: prefix || '/' });
      app.all(`${prefix}/*`, (c) => pegasus(c.req.raw));
      return served(createAdaptorServer(app) as Server, prefix);
    },
  },
  {
    name: 'hono on @hono/node-server, app.mount',
    async start(source, options, prefix) {
      const app = new Hono();
      app.mount(prefix || '/', createPegasusFetch(source, options));
      return served(createAdaptorServer(app) as Server, prefix);
    },
  },
];

/** Those that strip the mount path by a framework's own notion of it. */
export const NEST_MOUNTS: readonly SourceMount[] = [
  {
    name: 'NestJS, app.use',
    async start(source, options, prefix) {
      const app = await nest(() => {});
      app.use(prefix || '/', createPegasusHandler(source, options));
      return started(app, prefix);
    },
  },
  ...['{/*path}', ''].map((wildcard) => ({
    name: `NestJS, forRoutes('${wildcard}')`,
    async start(source: ClusterSource, options: SharedOptions, prefix: string) {
      const handler = createPegasusHandler(source, options);
      const route = prefix + wildcard || '/';
      return started(await nest((consumer) => void consumer.apply(handler).forRoutes(route)), prefix);
    },
  })),
  {
    name: "NestJS, forRoutes('{/*path}') with basePath",
    async start(source, options, prefix) {
      const handler = createPegasusHandler(source, { ...options, basePath: prefix || '/' });
      const route = `${prefix}{/*path}`;
      return started(await nest((consumer) => void consumer.apply(handler).forRoutes(route)), prefix);
    },
  },
  {
    name: 'express 4 with a wildcard',
    async start(source, options, prefix) {
      const app = express4();
      app.use(`${prefix}/*`, createPegasusHandler(source, options));
      app.use(prefix || '/', createPegasusHandler(source, options));
      return served(createServer(app), prefix);
    },
  },
];

/** All ways of mounting. */
export const ALL_MOUNTS: readonly SourceMount[] = [
  ...MOUNTS.map(({ name, start }) => ({
    name,
    start: (source: ClusterSource, options: SharedOptions, prefix: string) =>
      start((basePath) => createPegasusHandler(source, { ...options, basePath: basePath || '/' }), prefix),
  })),
  ...FETCH_MOUNTS,
  ...NEST_MOUNTS,
];

async function nest(configure: (consumer: MiddlewareConsumer) => void): Promise<INestApplication> {
  class AppModule {
    configure(consumer: MiddlewareConsumer): void {
      configure(consumer);
    }
  }
  Module({})(AppModule);
  return NestFactory.create(AppModule, { logger: false });
}

async function started(app: INestApplication, prefix: string): Promise<Mounted> {
  await app.listen(0, '127.0.0.1');
  const origin = originOf(app.getHttpServer());
  return { client: below(clientOf(origin), prefix), origin, close: () => app.close() };
}

async function served(server: Server, prefix: string): Promise<Mounted> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = originOf(server);
  return {
    client: below(clientOf(origin), prefix),
    origin,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

function originOf(server: Pick<Server, 'address'>): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The origin of requests that never leave the process. */
const ORIGIN = 'http://127.0.0.1:34609';

function inProcess(
  handle: PegasusFetch | ((request: Request) => Response | Promise<Response>),
  prefix: string,
): Mounted {
  return {
    client: below(fetchClientOf(handle), prefix),
    origin: ORIGIN,
    close: async () => {},
  };
}

/** A client of a function from `Request` to `Response`. */
export function fetchClientOf(handle: (request: Request) => Response | Promise<Response>): Client {
  const send: Client['send'] = async (method, target, headers = {}, body) => {
    const response = await handle(new Request(ORIGIN + target, { method, headers, body: body ?? null }));
    return answerOf(response);
  };
  return { send, get: (target) => send('GET', target) };
}

/** Reads a response. */
export async function answerOf(response: Response): Promise<Answer> {
  const body = await response.text();
  const headers = Object.fromEntries(response.headers);
  return { status: response.status, headers, body, json: () => JSON.parse(body) };
}
