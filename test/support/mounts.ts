import { createServer, type Server } from 'node:http';
import { connect as connectHttp2, createServer as createHttp2Server } from 'node:http2';
import { createServer as createHttpsServer, request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import middie from '@fastify/middie';
import express from 'express';
import express4 from 'express4';
import Fastify from 'fastify';
import Koa from 'koa';
import koaConnect from 'koa-connect';
import koaMount from 'koa-mount';
import { generate } from 'selfsigned';
import type { PegasusHandler } from '../../lib/index.js';
import { type Answer, type Client, clientOf } from './http.js';

/** A host that is running. */
export interface Mounted {
  readonly client: Client;
  /** Where HTTP/1.1 can be spoken byte by byte; `undefined` for HTTP/2. */
  readonly origin?: string;
  close(): Promise<unknown>;
}

/** One way of mounting a handler; `makeHandler` takes the basePath that this host needs for the prefix. */
export interface Mount {
  readonly name: string;
  start(makeHandler: (basePath?: string) => PegasusHandler, prefix: string): Promise<Mounted>;
}

let pems: ReturnType<typeof generate> | undefined;

/** A self-signed certificate, made once. */
export async function certificate(): Promise<{ key: string; cert: string }> {
  pems ??= generate([{ name: 'commonName', value: 'localhost' }]);
  const { private: key, cert } = await pems;
  return { key, cert };
}

export const MOUNTS: readonly Mount[] = [
  {
    name: 'node:http',
    start: (makeHandler, prefix) => listening(createServer(makeHandler(prefix)), prefix),
  },
  {
    name: 'node:https',
    start: async (makeHandler, prefix) =>
      listening(createHttpsServer(await certificate(), makeHandler(prefix)), prefix, 'https'),
  },
  {
    name: 'node:http2',
    async start(makeHandler, prefix) {
      const server = createHttp2Server(makeHandler(prefix));
      const origin = await listen(server as unknown as Server, 'http');
      const client = http2ClientOf(origin);
      const close = async () => {
        client.close();
        server.close();
      };
      return { client: below(client, prefix), close };
    },
  },
  {
    name: 'express 5',
    async start(makeHandler, prefix) {
      const app = express();
      app.use(express.json());
      app.use(prefix || '/', makeHandler());
      return listening(createServer(app), prefix);
    },
  },
  {
    name: 'express 5 with a router of its own',
    async start(makeHandler, prefix) {
      const router = express.Router();
      router.use(makeHandler());
      return listening(createServer(express().use(prefix || '/', router)), prefix);
    },
  },
  {
    name: 'express 4',
    async start(makeHandler, prefix) {
      const app = express4();
      app.use(express4.json());
      app.use(prefix || '/', makeHandler());
      return listening(createServer(app), prefix);
    },
  },
  {
    name: 'fastify 5 with middie',
    async start(makeHandler, prefix) {
      const app = Fastify();
      await app.register(middie);
      app.use(prefix || '/', makeHandler());
      await app.listen({ port: 0, host: '127.0.0.1' });
      const origin = originOf(app.server);
      return { client: below(clientOf(origin), prefix), origin, close: () => app.close() };
    },
  },
  {
    name: 'fastify 5 bare',
    async start(makeHandler, prefix) {
      const app = Fastify();
      const handler = makeHandler(prefix);
      app.all(`${prefix}/*`, (request, reply) => {
        reply.hijack();
        handler(request.raw, reply.raw);
      });
      await app.listen({ port: 0, host: '127.0.0.1' });
      const origin = originOf(app.server);
      return { client: below(clientOf(origin), prefix), origin, close: () => app.close() };
    },
  },
  {
    name: 'koa 3 with koa-mount and koa-connect',
    async start(makeHandler, prefix) {
      const app = new Koa();
      app.use(koaMount(prefix || '/', koaConnect(makeHandler())));
      return listening(createServer(app.callback()), prefix);
    },
  },
  {
    name: 'koa 3 bare',
    async start(makeHandler, prefix) {
      const app = new Koa();
      const handler = makeHandler(prefix);
      app.use((ctx) => {
        ctx.respond = false;
        handler(ctx.req, ctx.res);
      });
      return listening(createServer(app.callback()), prefix);
    },
  },
];

async function listening(server: Server, prefix: string, scheme = 'http'): Promise<Mounted> {
  const origin = await listen(server, scheme);
  const client = scheme === 'https' ? clientOf(origin, trusting) : clientOf(origin);
  return {
    client: below(client, prefix),
    origin,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

async function listen(server: Server, scheme: string): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return originOf(server, scheme);
}

function originOf(server: Pick<Server, 'address'>, scheme = 'http'): string {
  return `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Accepts the self-signed certificate of the tests. */
export const trusting = ((options: object, onAnswer: never) =>
  httpsRequest({ ...options, rejectUnauthorized: false }, onAnswer)) as Parameters<typeof clientOf>[1];

/** A client whose targets stand below a prefix. */
export function below({ send }: Client, prefix: string): Client {
  const prefixed: Client['send'] = (method, target, ...rest) => send(method, prefix + target, ...rest);
  return { send: prefixed, get: (target) => prefixed('GET', target) };
}

export function http2ClientOf(origin: string): Client & { close(): void } {
  const session = connectHttp2(origin, { rejectUnauthorized: false });
  session.on('error', () => {});
  const send: Client['send'] = (method, target, headers = {}, body) =>
    new Promise<Answer>((resolve, reject) => {
      const stream = session.request({ ':method': method, ':path': target, ...headers });
      let received = '';
      stream.setEncoding('utf8');
      stream.on('response', ({ ':status': status = 0, ...rest }) => {
        stream.on('data', (chunk) => {
          received += chunk;
        });
        stream.on('end', () =>
          resolve({ status, headers: rest, body: received, json: () => JSON.parse(received) }),
        );
      });
      stream.on('error', reject);
      stream.end(body);
    });
  return { send, get: (target) => send('GET', target), close: () => session.close() };
}
