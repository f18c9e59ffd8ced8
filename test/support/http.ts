import { createServer, type IncomingMessage, type RequestOptions, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { type ClusterSource, createPegasusHandler, type HandlerOptions } from '../../lib/index.js';

/** What came back over the wire. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  json(): unknown;
}

/** Sends one request to a host. The target goes out as it is: no normalising, no escaping. */
export interface Client {
  get(target: string): Promise<Answer>;
  send(
    method: string,
    target: string,
    headers?: Readonly<Record<string, string>>,
    body?: string,
  ): Promise<Answer>;
}

/** Starts a server on a free port of loopback until the test is over. */
export async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => close(server));
  return originOf(server);
}

export function originOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export async function close(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}

/** A client of a server of the handler of a source. */
export async function serve(
  source: ClusterSource,
  options?: HandlerOptions,
): Promise<Client & { readonly origin: string }> {
  const origin = await listening(createServer(createPegasusHandler(source, options)));
  return { origin, ...clientOf(origin) };
}

/** A client of `node:http`. */
export function clientOf(origin: string, open: typeof request = request): Client {
  const send: Client['send'] = (method, target, headers = {}, body) =>
    new Promise((resolve, reject) => {
      const url = new URL(origin);
      const options: RequestOptions = {
        hostname: url.hostname,
        port: url.port,
        path: target,
        method,
        headers,
        agent: false,
      };
      const req = open(options, (res) => {
        read(res).then(resolve, reject);
      });
      req.on('error', reject);
      req.end(body);
    });
  return { send, get: (target) => send('GET', target) };
}

async function read(res: IncomingMessage): Promise<Answer> {
  let body = '';
  res.setEncoding('utf8');
  for await (const chunk of res) body += chunk;
  return { status: res.statusCode ?? 0, headers: res.headers, body, json: () => JSON.parse(body) };
}
