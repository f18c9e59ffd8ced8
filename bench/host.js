// One server process of a benchmark: `host.js KIND TARGET TABLES PARTITIONS`. Tells its port, and its CPU time when asked.
import { createServer } from 'node:http';
import { createPegasusHandler } from 'pegasus-http';
import { changer, clusterOf, plainSource } from './clusters.js';
import { expressHost, fastifyHost } from './rivals.js';

const [kind = '', target = '', tables = '', partitions = ''] = process.argv.slice(2);
const cluster = clusterOf(Number(tables), Number(partitions));
const handler = createPegasusHandler(cluster);
const change = changer(cluster);

/** @returns {Promise<import('node:http').RequestListener>} */
async function listener() {
  switch (kind) {
    case 'bare': {
      const { body } = await answerOf(handler);
      return (_req, res) => res.end(body);
    }
    case 'bare, same headers': {
      const { body, headers } = await answerOf(handler);
      return (_req, res) => res.writeHead(200, headers).end(body);
    }
    case 'pegasus':
      return handler;
    case 'pegasus, warm':
      return (req, res) => {
        change();
        handler(req, res);
      };
    case 'pegasus, plain source':
      return createPegasusHandler(plainSource(cluster));
    case 'pegasus, backup': {
      const role = () => /** @type {const} */ ({ role: 'backup', primaryUrl: 'http://10.0.0.9:34601' });
      return createPegasusHandler({ metaState: { ...cluster.metaState, role } });
    }
    case 'fastify':
      return fastifyHost(cluster, () => {});
    case 'fastify, warm':
      return fastifyHost(cluster, change);
    case 'express':
      return expressHost(cluster, () => {});
    default:
      throw new Error(`no such kind: ${kind}`);
  }
}

/** @param {import('node:http').RequestListener} answering */
async function answerOf(answering) {
  const server = createServer(answering);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const answer = await fetch(`http://127.0.0.1:${port}${target}`, {
    headers: { 'accept-encoding': 'identity' },
  });
  const body = Buffer.from(await answer.arrayBuffer());
  server.close();
  server.closeAllConnections();
  const headers = Object.fromEntries(answer.headers);
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
