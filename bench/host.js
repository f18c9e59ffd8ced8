// Runs one server of a benchmark: `host.js KIND TARGET TABLES PARTITIONS`. It sends its port to the parent, and its CPU time on request.
import { createServer } from 'node:http';
import { createPegasusHandler } from 'pegasus-http';
import { expressHost, fastifyHost } from './baselines.js';
import { changer, clusterOf, mutableSource } from './clusters.js';

const [kind = '', target = '', tables = '', partitions = ''] = process.argv.slice(2);
const cluster = clusterOf(Number(tables), Number(partitions));
const handler = createPegasusHandler(cluster);
const change = changer(cluster);

/** @returns {Promise<import('node:http').RequestListener>} */
async function listener() {
  switch (kind) {
    case 'bare': {
      const { body } = await responseOf(handler);
      return (_req, res) => res.end(body);
    }
    case 'bare, same headers': {
      const { body, headers } = await responseOf(handler);
      return (_req, res) => res.writeHead(200, headers).end(body);
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
    case 'fastify, changing':
      return fastifyHost(cluster, change);
    case 'express':
      return expressHost(cluster, () => {});
    default:
      throw new Error(`no such kind: ${kind}`);
  }
}

/** @param {import('node:http').RequestListener} listener */
async function responseOf(listener) {
  const server = createServer(listener);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const response = await fetch(`http://127.0.0.1:${port}${target}`, {
    headers: { 'accept-encoding': 'identity' },
  });
  const body = Buffer.from(await response.arrayBuffer());
  server.close();
  server.closeAllConnections();
  const headers = Object.fromEntries(response.headers);
  for (const added of ['connection', 'date', 'keep-alive']) delete headers[added];
  return { body, headers };
}

const server = createServer(await listener());
server.listen(0, '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  process.send?.({ port });
});
process.on('message', () => process.send?.({ cpu: process.cpuUsage() }));
process.on('disconnect', () => process.exit());
