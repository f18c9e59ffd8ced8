// Measures how a large cluster is read from a real ZooKeeper: node bench/zookeeper.js [TABLES] [PARTITIONS]
// It prints the time of the first reading beside a bare client that reads the same, the time from the change of a znode to the changed
// response, the cost of a reconnection, and the memory.
import { createServer, get } from 'node:http';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { createPegasusHandler } from 'pegasus-http';
import { zookeeperCluster } from 'pegasus-http/zookeeper';
import { startZookeeper } from '../examples/zookeeper/server.js';
import { writeZookeeper } from '../examples/zookeeper/writer.js';
import { readBare } from './bare-zookeeper.js';

const [tables = 1000, partitions = 64] = process.argv.slice(2).map(Number);
const CHANGES = 500;
const CONCURRENCY = Number(process.env['READS'] ?? 256);
const ROOT = '/pegasus/bench';

const zookeeper = await startZookeeper();
const writer = await writeZookeeper(zookeeper.address);

let since = performance.now();
await fill();
report('written', `${tables} tables of ${partitions} partitions in ${seconds(since)}`);

/** Before and after, because the machine and V8 grow faster meanwhile. */
const bare = [await readBare(zookeeper.address, ROOT, CONCURRENCY)];
const before = memory();
since = performance.now();
const cpu = process.cpuUsage();
let lost = () => {};
const cluster = zookeeperCluster({
  servers: zookeeper.address,
  clusterRoot: ROOT,
  maxConcurrentReads: CONCURRENCY,
  onError: () => lost(),
});
await cluster.ready(300_000);
const { read } = cluster.progress();
const took = (performance.now() - since) / 1000;
const { user, system } = process.cpuUsage(cpu);
report('first reading', `${read} znodes in ${took.toFixed(2)} s, ${Math.round(read / took)} a second`);
report('of that CPU', `${((user + system) / 1e6).toFixed(2)} s`);
const after = memory();
bare.push(await readBare(zookeeper.address, ROOT, CONCURRENCY));
const bareRates = bare.map(({ znodes, seconds }) => znodes / seconds);
report('a bare client, before and after', bareRates.map((rate) => `${Math.round(rate)} a second`).join(', '));
report('speed of the bare client reached', (read / took / Math.max(...bareRates)).toFixed(2));
report(
  'heap per partition',
  `${Math.round(((after.heap - before.heap) * 2 ** 20) / (tables * partitions))} bytes`,
);
report(
  'memory',
  `heap ${after.heap - before.heap} MB, resident ${after.resident - before.resident} MB (${before.resident} before)`,
);

const server = createServer(createPegasusHandler(cluster)).listen(0, '127.0.0.1');
await new Promise((resolve) => server.once('listening', resolve));
const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());

/** @type {number[]} */
const delays = [];
for (let change = 1; change <= CHANGES; change++) {
  const appId = 1 + ((change * 7919) % tables);
  const pidx = change % partitions;
  await writer.put(`${ROOT}/apps/${appId}/${pidx}`, partition(appId, pidx, 1 + change));
  const written = performance.now();
  while (!(await ask(`/meta/app?name=table${appId}&detail`)).includes(`"ballot":"${1 + change}"`));
  delays.push(performance.now() - written);
}
delays.sort((a, b) => a - b);
report(
  'from the change to the answer',
  `median ${quantile(0.5)} ms, 99% ${quantile(0.99)} ms, most ${quantile(1)} ms`,
);
report('reads for a change', String((cluster.progress().read - read) / CHANGES));

const snapshot = cluster.metaState.cluster();
const isLost = new Promise((resolve) => {
  lost = () => resolve(undefined);
});
await zookeeper.kill();
await isLost;
await zookeeper.start();
since = performance.now();
while (cluster.metaState.staleSince() !== undefined) await sleep(5);
report(
  'read anew after ZooKeeper came back',
  `${seconds(since)}, ${cluster.metaState.cluster() === snapshot ? 'the same' : 'another'} snapshot`,
);
report('memory then', `heap ${memory().heap - before.heap} MB`);

server.close();
server.closeAllConnections();
await cluster.close();
await writer.close();
await zookeeper.stop();

async function fill() {
  /** @type {import('../examples/zookeeper/writer.js').Znodes} */
  const app = {};
  await writer.put(`${ROOT}/apps`, 'unlock');
  for (let first = 1; first <= tables; first += 20) {
    const znodes = { ...app };
    for (let appId = first; appId < Math.min(first + 20, tables + 1); appId++) {
      const data = JSON.stringify({
        status: 'app_status::AS_AVAILABLE',
        app_type: 'pegasus',
        app_name: `table${appId}`,
        app_id: appId,
        partition_count: partitions,
        envs: {},
        is_stateful: 1,
        max_replica_count: 3,
        expire_second: 0,
        create_second: 1_565_843_655,
        drop_second: 0,
      });
      Object.assign(znodes, { [`${ROOT}/apps/${appId}`]: { data, ephemeral: false } });
      for (let pidx = 0; pidx < partitions; pidx++) {
        const path = `${ROOT}/apps/${appId}/${pidx}`;
        Object.assign(znodes, { [path]: { data: partition(appId, pidx, 1), ephemeral: false } });
      }
    }
    await writer.load(znodes);
  }
}

/** @param {number} appId @param {number} pidx @param {number} ballot */
function partition(appId, pidx, ballot) {
  const node = (/** @type {number} */ i) => `10.0.0.${1 + ((appId + pidx + i) % 50)}:34801`;
  return JSON.stringify({
    pid: `${appId}.${pidx}`,
    ballot,
    max_replica_count: 3,
    primary: node(0),
    secondaries: [node(1), node(2)],
    last_drops: [],
    last_committed_decree: 0,
    partition_flags: 0,
  });
}

/** @param {string} path @returns {Promise<string>} */
function ask(path) {
  return new Promise((resolve, reject) => {
    get({ port, host: '127.0.0.1', path }, (res) => {
      let body = '';
      res.setEncoding('utf8');
      res.on('data', (chunk) => {
        body += chunk;
      });
      res.on('end', () => resolve(body));
    }).on('error', reject);
  });
}

function memory() {
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  return { heap: Math.round(heapUsed / 2 ** 20), resident: Math.round(rss / 2 ** 20) };
}

/** @param {number} at */
function quantile(at) {
  return delays[Math.min(delays.length - 1, Math.floor(delays.length * at))]?.toFixed(1);
}

/** @param {number} from */
function seconds(from) {
  return `${((performance.now() - from) / 1000).toFixed(2)} s`;
}

/** @param {string} what @param {string} result */
function report(what, result) {
  process.stdout.write(`${what}: ${result}\n`);
}
