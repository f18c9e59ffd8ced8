// Measures inside one process: how the time of a response grows with the cluster, stalls of the event loop, memory.
import { execFile } from 'node:child_process';
import { createServer, request } from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createPegasusHandler } from 'pegasus-http';
import { changer, clusterOf } from './clusters.js';
import { median } from './quantile.js';

/**
 * Measures the time of a response after one partition changed, for 1,000 tables with one partition and with 1,000 partitions.
 *
 * @param {number} times
 */
export async function scale(times) {
  const [small, large] = [clusterOf(1_000, 1), clusterOf(1_000, 1_000)];
  const hosts = await Promise.all([small, large].map((cluster) => host(createPegasusHandler(cluster))));
  const changes = [small, large].map(changer);
  const results = [];
  for (const target of ['/meta/apps?detail', '/meta/nodes?detail', '/meta/cluster']) {
    /** @type {[number[], number[]]} */
    const taken = [[], []];
    // In turns. The first calls let V8 optimize the code.
    for (let i = -5; i < times; i += 1) {
      for (const which of /** @type {const} */ ([0, 1])) {
        changes[which]?.();
        const ms = await hosts[which]?.time(target);
        if (i >= 0) taken[which].push(ms ?? Number.NaN);
      }
    }
    results.push({ target, small: median(taken[0]), large: median(taken[1]) });
  }
  for (const { close } of hosts) close();
  return results;
}

/** Measures the longest stall of the event loop during the first response for a table of 100,000 partitions. */
export async function loopStall() {
  const cluster = clusterOf(1, 100_000);
  // The client runs in this process too. It only reads and drops.
  const { time, close } = await host(createPegasusHandler(cluster));
  await time('/version');
  await new Promise((resolve) => setTimeout(resolve, 200));
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const answeredMs = await time('/meta/app?name=table0&detail');
  delay.disable();
  close();
  return { longestMs: delay.max / 1e6, answeredMs };
}

/** Measures the heap per partition of a cluster of 1,000 tables with 1,000 partitions, in a process that can collect garbage on demand. */
export async function memoryPerPartition() {
  const self = fileURLToPath(import.meta.url);
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', self, 'memory']);
  return Number(stdout);
}

if (process.argv[2] === 'memory') {
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  const cluster = clusterOf(1_000, 1_000);
  globalThis.gc?.();
  const after = process.memoryUsage().heapUsed;
  process.stdout.write(String((after - before) / cluster.metaState.cluster().apps.length / 1_000));
}

/** @param {import('pegasus-http').PegasusHandler} handler */
async function host(handler) {
  const server = createServer(handler);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  /**
   * Returns the milliseconds from sending a request to the end of its response.
   *
   * @param {string} path
   * @returns {Promise<number>}
   */
  const time = (path) =>
    new Promise((resolve, reject) => {
      const start = performance.now();
      request({ port, path }, (res) => {
        res.resume();
        res.on('end', () => resolve(performance.now() - start));
      })
        .on('error', reject)
        .end();
    });
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { time, close };
}
