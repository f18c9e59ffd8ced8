// Measures a large cluster while it changes and many clients poll it: `node bench/large-cluster.js [seconds]`. One partition changes ten
// times a second. Each client polls each target once a second over a connection of its own, and sends the ETag that it has.
// The server is a process of its own. The clusters take turns, so that other load of the machine affects both alike.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createPegasusHandler } from 'pegasus-http';
import { changer, clusterOf } from './clusters.js';
import { startPollers } from './pollers.js';
import { median, quantile } from './quantile.js';

const CLIENTS = 1_000;
const PARTITIONS = 100;
const NODES = 50;
const CHANGE_MS = 100;
const TARGETS = ['/meta/apps?detail', '/meta/nodes?detail', '/meta/app?name=table7&detail'];

const [first = '10', tables = ''] = process.argv.slice(2);
if (first === 'host') await serve(Number(tables));
else await compare(Number(first));

/** @typedef {Awaited<ReturnType<typeof measure>>} Measured */

/** @param {number} seconds */
async function compare(seconds) {
  /** @type {{ tables: number, child: import('node:child_process').ChildProcess, port: number, rounds: Measured[] }[]} */
  const clusters = [];
  for (const tables of [0, 100, 10_000]) {
    const child = fork(fileURLToPath(import.meta.url), ['host', String(tables)]);
    const [{ port }] = await once(child, 'message');
    clusters.push({ tables, child, port, rounds: [] });
  }
  for (let round = -1; round < 3; round += 1) {
    for (const { child, port, rounds } of clusters) {
      const measured = await measure(child, port, seconds);
      // The first round lets V8 optimize the code.
      if (round >= 0) rounds.push(measured);
    }
  }
  for (const { child } of clusters) child.disconnect();
  process.stdout.write(`| | bare | 100 tables | 10,000 tables | ratio |\n|---|---|---|---|---|\n`);
  /** @param {string} name @param {(one: Measured) => number} of */
  const row = (name, of) => {
    const [bare = 0, small = 0, large = 0] = clusters.map(({ rounds }) => median(rounds.map(of)));
    process.stdout.write(
      `| ${name} | ${bare.toFixed(1)} | ${small.toFixed(1)} | ${large.toFixed(1)} | ${(large / small).toFixed(2)} |\n`,
    );
  };
  for (const target of TARGETS) {
    row(`${target}: p99, ms`, ({ latencies }) => quantile(latencies[target] ?? [], 0.99));
    row(`${target}: median, ms`, ({ latencies }) => quantile(latencies[target] ?? [], 0.5));
  }
  row('all: p99, ms', ({ latencies }) => quantile(Object.values(latencies).flat(), 0.99));
  row('longest stall of the event loop, ms', ({ stallMs }) => stallMs);
  row('requests a second', ({ latencies }) => Object.values(latencies).flat().length / seconds);
  row('CPU of the server, %', ({ cpu }) => cpu);
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {number} port
 * @param {number} seconds
 */
async function measure(child, port, seconds) {
  child.send('change');
  const pollers = await startPollers({ port, targets: TARGETS, clients: CLIENTS, intervalMs: 1_000 });
  // Every client has its connection by then.
  await sleep(2_000);
  pollers.reset();
  child.send('reset');
  await sleep(seconds * 1_000);
  child.send('report');
  const [{ stallMs, cpu }] = await once(child, 'message');
  const latencies = await pollers.stop();
  return { latencies, stallMs, cpu };
}

/** @param {number} tables */
async function serve(tables) {
  const cluster = clusterOf(tables, PARTITIONS, NODES);
  const change = changer(cluster);
  const handler = tables === 0 ? notModified : createPegasusHandler(cluster);
  const server = createServer(handler).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  /** @type {NodeJS.Timeout | undefined} */
  let changing;
  let since = { ms: performance.now(), cpu: process.cpuUsage() };
  process.on('message', (what) => {
    if (what === 'change') changing = setInterval(change, CHANGE_MS);
    if (what === 'reset') {
      delay.reset();
      since = { ms: performance.now(), cpu: process.cpuUsage() };
    }
    if (what !== 'report') return;
    clearInterval(changing);
    const { user, system } = process.cpuUsage(since.cpu);
    const cpu = (user + system) / 10 / (performance.now() - since.ms);
    process.send?.({ stallMs: delay.max / 1e6, cpu });
  });
  process.on('disconnect', () => process.exit());
  process.send?.({ port: /** @type {import('node:net').AddressInfo} */ (server.address()).port });
}

/** @type {import('node:http').RequestListener} */
function notModified(_req, res) {
  res.writeHead(304, { etag: '"bare"', 'cache-control': 'no-cache' }).end();
}
