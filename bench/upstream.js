// Runs a meta server that answers as a real one does, from texts that are rendered once: text/plain, no compression, no ETag.
// `upstream.js TABLES PARTITIONS`. It sends its port to the parent, and on request
// its CPU time and how many requests it has got.
import { createServer } from 'node:http';
import { createPegasusHandler } from 'pegasus-http';
import { clusterOf } from './clusters.js';

const [tables = '', partitions = ''] = process.argv.slice(2);
const handler = createPegasusHandler(clusterOf(Number(tables), Number(partitions)));

/** @type {Map<string, Promise<{ status: number, body: string }>>} */
const rendered = new Map();
const renderer = createServer(handler);

let requests = 0;
const server = createServer(async (req, res) => {
  requests += 1;
  const target = req.url ?? '/';
  let answer = rendered.get(target);
  if (answer === undefined) {
    answer = render(target);
    rendered.set(target, answer);
  }
  const { status, body } = await answer;
  res
    .writeHead(status, { 'Content-Type': 'text/plain', 'Content-Length': Buffer.byteLength(body) })
    .end(body);
});

/** @param {string} target */
async function render(target) {
  const response = await fetch(`http://127.0.0.1:${portOf(renderer)}${target}`);
  return { status: response.status, body: await response.text() };
}

/** @param {import('node:http').Server} listening */
function portOf(listening) {
  return /** @type {import('node:net').AddressInfo} */ (listening.address()).port;
}

renderer.listen(0, '127.0.0.1', () => {
  server.listen(0, '127.0.0.1', () => process.send?.({ port: portOf(server) }));
});
process.on('message', () => process.send?.({ cpu: process.cpuUsage(), requests }));
process.on('disconnect', () => process.exit());
