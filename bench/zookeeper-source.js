// Reads a cluster with zookeeperCluster and serves it, in a process without anything else, so that its memory is the source's alone.
// bench/zookeeper.js starts it: node --expose-gc bench/zookeeper-source.js ADDRESS ROOT CONCURRENCY
import { once } from 'node:events';
import { createServer } from 'node:http';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { createPegasusHandler } from 'pegasus-http';
import { zookeeperCluster } from 'pegasus-http/zookeeper';
import { memoryInUse } from './memory-in-use.js';

const [address = '', root = '', concurrency = ''] = process.argv.slice(2);
/** @type {import('node:http').RequestListener} */
let handler = () => {};
const server = createServer((req, res) => handler(req, res)).listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
const before = memoryInUse();
const cpu = process.cpuUsage();
const since = performance.now();
let onLoss = () => {};
const cluster = zookeeperCluster({
  servers: address,
  clusterRoot: root,
  maxConcurrentReads: Number(concurrency),
  onError: () => onLoss(),
});
await cluster.ready(300_000);
const { read } = cluster.progress();
const seconds = (performance.now() - since) / 1000;
const { user, system } = process.cpuUsage(cpu);
process.send?.({ read, seconds, cpu: (user + system) / 1e6, memory: memoryInUse() - before });

handler = createPegasusHandler(cluster);

process.on('message', async (command) => {
  if (command === 'progress') process.send?.({ read: cluster.progress().read, port });
  if (command === 'await loss') await measureOutage();
});
process.once('disconnect', async () => {
  server.close();
  server.closeAllConnections();
  await cluster.close();
});

/** Says when the connection is lost, and how long it takes from then until everything is read anew. */
async function measureOutage() {
  const snapshot = cluster.metaState.cluster();
  const used = memoryInUse() - before;
  await new Promise((resolve) => {
    onLoss = () => resolve(undefined);
    process.send?.({ memory: used });
  });
  const lost = performance.now();
  while (cluster.metaState.staleSince() !== undefined) await sleep(5);
  process.send?.({
    seconds: (performance.now() - lost) / 1000,
    isSame: cluster.metaState.cluster() === snapshot,
    memory: memoryInUse() - before,
  });
}
