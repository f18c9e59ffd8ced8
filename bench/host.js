// Runs one server of a benchmark: `host.js KIND TARGET TABLES PARTITIONS LOAD`. It sends its port and the ETag of its response to the parent, and
// its CPU time on request.
import { createServer, request } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import { createPegasusHandler } from 'pegasus-http';
import { expressHost, fastifyHost } from './baselines.js';
import { changer, clusterOf, mutableSource } from './clusters.js';

const [kind = '', target = '', tables = '', partitions = '', json = '{}'] = process.argv.slice(2);
/** @type {import('./side-by-side.js').Load} */
const load = JSON.parse(json);
const cluster = clusterOf(Number(tables), Number(partitions));
const handler = createPegasusHandler(cluster);
const change = changer(cluster);

/** @returns {Promise<import('node:http').RequestListener>} */
async function listener() {
  switch (kind) {
    case 'bare': {
      const { status, body } = await responseOf(handler);
      return (_req, res) => {
        res.statusCode = status;
        res.end(body);
      };
    }
    case 'bare, same headers': {
      const { status, body, headers } = await responseOf(handler);
      return (_req, res) => res.writeHead(status, headers).end(body);
    }
    case 'pegasus':
      return handler;
    case 'pegasus, changing':
      return (req, res) => {
        change();
        handler(req, res);
      };
    case 'pegasus, mutable source':
      return createPegasusHandler(mutableSource(cluster));
    case 'pegasus, backup': {
      const role = () => /** @type {const} */ ({ role: 'backup', primaryUrl: 'http://10.0.0.9:34601' });
      return createPegasusHandler({ metaState: { ...cluster.metaState, role } });
    }
    case 'fastify':
      return fastifyHost(cluster, () => {});
    case 'fastify, same headers': {
      const { headers } = await responseOf(handler);
      return fastifyHost(cluster, () => {}, headers);
    }
    case 'fastify, changing':
      return fastifyHost(cluster, change);
    case 'express':
      return expressHost(cluster, () => {});
    default:
      throw new Error(`no such kind: ${kind}`);
  }
}

/**
 * Returns what the clients of the load get, as it is sent.
 *
 * @param {import('node:http').RequestListener} listener
 * @param {Record<string, string>} [given]
 * @returns {Promise<{ status: number, body: string | Buffer, headers: Record<string, string> }>}
 */
async function responseOf(listener, given = load.headers ?? {}) {
  const etag = given['if-none-match'] === '{etag}' ? (await responseOf(listener, {})).headers['etag'] : '';
  const server = createServer(listener);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const sent = Object.entries(given).map(([name, value]) => [name, value.replace('{etag}', etag ?? '')]);
  /** @type {import('node:http').IncomingMessage} */
  const response = await new Promise((resolve, reject) => {
    request(`http://127.0.0.1:${port}${target}`, { headers: Object.fromEntries(sent) }, resolve)
      .on('error', reject)
      .end();
  });
  const chunks = [];
  for await (const chunk of response) chunks.push(chunk);
  server.close();
  server.closeAllConnections();
  const headers = /** @type {Record<string, string>} */ ({ ...response.headers });
  for (const added of ['connection', 'date', 'keep-alive']) delete headers[added];
  const body = Buffer.concat(chunks);
  // Node writes a head and a short string in one packet, but a head and a buffer in two.
  const isText = body.length < 8_192 && headers['content-encoding'] === undefined;
  return { status: response.statusCode ?? 0, body: isText ? body.toString() : body, headers };
}

const { headers: own } = await responseOf(handler, {});
const answer = await listener();
const server = load.http2 ? createHttp2Server(/** @type {any} */ (answer)) : createServer(answer);
server.listen(0, '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  process.send?.({ port, etag: own['etag'] });
});
process.on('message', () => process.send?.({ cpu: process.cpuUsage() }));
process.on('disconnect', () => process.exit());
