// Runs one server of a benchmark: `host.js KIND TABLES PARTITIONS http1|http2`. The parent sends what a bare host responds with; the server sends its
// port, and its CPU time on request.
// It makes no request itself: V8 would compile what Node's client and server share for both, and the server would be slower than those of users.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createPegasusHandler } from 'pegasus-http';
import { expressHost, fastifyHost } from './baselines.js';
import { changeInPlace, changer, clusterOf, mutableSource } from './clusters.js';

const [kind = '', tables = '', partitions = '', protocol = ''] = process.argv.slice(2);
const isHttp2 = protocol === 'http2';
/** @type {import('./response-of.js').FixedResponse[]} */
const [response = { status: 200, headers: {}, base64: '' }] = await once(process, 'message');
const cluster = clusterOf(Number(tables), Number(partitions));
const handler = createPegasusHandler(cluster);
const change = changer(cluster);

/** @returns {import('node:http').RequestListener | Promise<import('node:http').RequestListener>} */
function listener() {
  switch (kind) {
    case 'bare': {
      const { status } = response;
      const body = bodyOf(response);
      return (_req, res) => {
        res.statusCode = status;
        res.end(body);
      };
    }
    case 'bare, same headers': {
      const { status, headers } = response;
      const body = bodyOf(response);
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
      return createPegasusHandler(mutableSource(cluster, () => {}));
    case 'pegasus, mutable source, changing':
      return createPegasusHandler(mutableSource(cluster, changeInPlace));
    case 'pegasus, backup': {
      const role = () => /** @type {const} */ ({ role: 'backup', primaryUrl: 'http://10.0.0.9:34601' });
      return createPegasusHandler({ metaState: { ...cluster.metaState, role } });
    }
    case 'fastify':
      return fastifyHost(cluster, () => {});
    case 'fastify, same headers':
      return fastifyHost(cluster, () => {}, response.headers);
    case 'fastify, changing':
      return fastifyHost(cluster, change);
    case 'express':
      return expressHost(cluster, () => {});
    default:
      throw new Error(`no such kind: ${kind}`);
  }
}

/**
 * Node writes a head and a short string in one packet, but a head and a buffer in two.
 *
 * @param {import('./response-of.js').FixedResponse} response
 */
function bodyOf({ headers, base64 }) {
  const bytes = Buffer.from(base64, 'base64');
  return bytes.length < 8_192 && headers['content-encoding'] === undefined ? bytes.toString() : bytes;
}

const answer = await listener();
const server = isHttp2 ? await http2Server(answer) : createServer(answer);
server.listen(0, '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  process.send?.({ port });
});
process.on('message', () => process.send?.({ cpu: process.cpuUsage() }));
process.on('disconnect', () => process.exit());

/** @param {import('node:http').RequestListener} listener */
async function http2Server(listener) {
  const { createServer } = await import('node:http2');
  return createServer(/** @type {any} */ (listener));
}
