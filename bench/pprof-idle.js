// Measures what a mounted /pprof/* costs while no client asks. Each variant runs in its own processes, in turn with the others, so that
// other load of the machine affects all alike. The figures are medians over the turns, and their spread.
//
//   node bench/pprof-idle.js [turns]
import { fork } from 'node:child_process';
import { Agent, createServer, get } from 'node:http';
import { fileURLToPath } from 'node:url';
import { createPegasusHandler, memoryCluster } from 'pegasus-http';
import { processProfiler } from 'pegasus-http/profiler';
import { median } from './quantile.js';

const VARIANTS = {
  'no profiler': () => undefined,
  'mounted, heap not sampled': () => processProfiler({ heapSampleBytes: false }),
  'mounted, heap sampled at 512 KiB': () => processProfiler({ heapSampleBytes: 524_288 }),
  'mounted, heap sampled at 64 KiB': () => processProfiler({ heapSampleBytes: 65_536 }),
};

const REQUESTS = 4_000;
const ALLOCATIONS = 40;

/** Holds the newest rows, so that none can be optimised away. */
const ring = new Array(4096);

const [what = '9'] = process.argv.slice(2);
if (what in VARIANTS) await measure(/** @type {keyof typeof VARIANTS} */ (what));
else await compare(Number(what));

/** @param {number} turns */
async function compare(turns) {
  /** @type {Record<string, { requestMicros: number, allocationMillis: number, rssMegabytes: number }[]>} */
  const results = {};
  for (let turn = 0; turn < turns; turn += 1) {
    for (const variant of Object.keys(VARIANTS)) {
      const child = fork(fileURLToPath(import.meta.url), [variant]);
      const result = await new Promise((resolve, reject) => {
        child.once('message', resolve).once('exit', () => reject(new Error(`${variant} ended early`)));
      });
      results[variant] = [...(results[variant] ?? []), result];
    }
  }
  for (const [variant, runs] of Object.entries(results)) {
    const line = [
      `${withSpread(runs.map((run) => run.requestMicros))} us CPU a request`,
      `${withSpread(runs.map((run) => run.allocationMillis))} ms CPU for a million rows`,
      `${withSpread(runs.map((run) => run.rssMegabytes))} MB resident`,
    ].join(', ');
    process.stdout.write(`${variant}: ${line}\n`);
  }
}

/** @param {keyof typeof VARIANTS} variant */
async function measure(variant) {
  const profiler = VARIANTS[variant]();
  const cluster = memoryCluster({ nodes: ['127.0.0.1:34801'], apps: [{ appName: 'temp' }] }, { profiler });
  const server = createServer(createPegasusHandler(cluster));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ask = () =>
    new Promise((resolve, reject) => {
      get({ port, host: '127.0.0.1', path: '/meta/app?name=temp&detail', agent }, (res) => {
        res.resume().once('end', resolve);
      }).once('error', reject);
    });

  for (let i = 0; i < 1_000; i += 1) await ask();
  for (let i = 0; i < 10; i += 1) allocate();
  const requestMicros =
    (await cpuMicros(async () => {
      for (let i = 0; i < REQUESTS; i += 1) await ask();
    })) / REQUESTS;
  const allocationMillis =
    (await cpuMicros(async () => {
      for (let i = 0; i < ALLOCATIONS; i += 1) allocate();
    })) /
    ALLOCATIONS /
    1000;
  const rssMegabytes = process.memoryUsage().rss / 1e6;
  process.send?.({ requestMicros, allocationMillis, rssMegabytes }, () => process.exit());
}

/** @param {() => Promise<void>} work */
async function cpuMicros(work) {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

/** Makes a million rows out of four objects each. */
function allocate() {
  for (let i = 0; i < 1_000_000; i += 1) {
    ring[i % ring.length] = { key: i + 0.5, value: [i, i + 1], next: { key: -i } };
  }
}

/** Prints the median and the spread. @param {readonly number[]} values */
function withSpread(values) {
  const spread = (Math.max(...values) - Math.min(...values)) / 2;
  return `${median(values).toFixed(1)} (+-${spread.toFixed(1)})`;
}
