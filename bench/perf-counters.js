// Measures the cost of a perf counter on a hot path: nanoseconds for one operation, beside a bare increment of a variable and
// beside prom-client, all in one run. `npm run build && node bench/perf-counters.js`
import { Agent, createServer, request } from 'node:http';
import { createPegasusHandler, memoryCluster, perfCounterRegistry, requestCounters } from 'pegasus-http';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { median } from './quantile.js';

const ROUNDS = 9;
const OPERATIONS = 2_000_000;

const registry = perfCounterRegistry();
const number = registry.number('a*b*number', '');
const volatile = registry.volatileNumber('a*b*volatile', '');
const rate = registry.rate('a*b*rate', '');
const percentile = registry.percentile('a*b*percentile(ms)', '', { resolution: 0.001 });
const registers = [new Registry()];
const promCounter = new Counter({ name: 'c', help: 'c', registers });
const promGauge = new Gauge({ name: 'g', help: 'g', registers });
const promHistogram = new Histogram({ name: 'h', help: 'h', registers });
let bare = 0;

/** @type {readonly (readonly [name: string, operation: (i: number) => void])[]} */
const OPERATION = [
  [
    'bare increment',
    () => {
      bare += 1;
    },
  ],
  ['number.inc()', () => number.inc()],
  ['number.set(n + 0.5)', (i) => number.set(i + 0.5)],
  ['volatileNumber.inc(0.5)', () => volatile.inc(0.5)],
  ['rate.inc()', () => rate.inc()],
  ['percentile.observe(n)', (i) => percentile.observe((i & 1023) / 7)],
  ['performance.now() alone', () => void performance.now()],
  ['prom-client counter.inc()', () => promCounter.inc()],
  ['prom-client gauge.set(n)', (i) => promGauge.set(i)],
  ['prom-client histogram.observe(n)', (i) => promHistogram.observe((i & 1023) / 7)],
  ['read a NUMBER', () => void registry.read('a*b*number')],
  ['read a RATE', () => void registry.read('a*b*rate')],
  ['read a PERCENTILE', () => void registry.read('a*b*percentile(ms)')],
];

/** @type {Map<string, number[]>} */
const times = new Map(OPERATION.map(([name]) => [name, []]));
// The operations take turns, so that other work of the machine affects all of them.
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, operation] of OPERATION) {
    const count = name.startsWith('read') ? OPERATIONS / 20 : OPERATIONS;
    times.get(name)?.push(nanoseconds(operation, count));
  }
}

const reference = median(times.get('bare increment') ?? []);
console.log(`${'operation'.padEnd(34)}${'ns'.padStart(9)}${'x bare'.padStart(9)}`);
for (const [name, measured] of times) {
  const ns = median(measured);
  console.log(`${name.padEnd(34)}${ns.toFixed(1).padStart(9)}${(ns / reference).toFixed(1).padStart(9)}`);
}
console.log(`(median of ${ROUNDS} rounds; ${bare} bare increments)`);

await requests();

/**
 * @param {(i: number) => void} operation
 * @param {number} count
 */
function nanoseconds(operation, count) {
  const start = process.hrtime.bigint();
  for (let i = 0; i < count; i++) operation(i);
  return Number(process.hrtime.bigint() - start) / count;
}

/** Measures the cost of counting a whole request: the same handler observed and not, in turns, over one connection. */
async function requests() {
  const cluster = memoryCluster({ apps: [{ appName: 'temp' }] });
  const [plain, observed] = [createPegasusHandler(cluster), createPegasusHandler(cluster)];
  /** @type {{ handler: string, us: number[] }[]} */
  const rows = [
    { handler: 'not observed', us: [] },
    { handler: 'observed', us: [] },
  ];
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, handler] of [plain, observed].entries()) {
      const counters = requestCounters();
      if (handler === observed) counters.observe(handler);
      rows[i]?.us.push(await microsecondsOfRequests(handler, 4000));
      counters.close();
    }
  }
  console.log(
    `\nCPU time of a whole request over loopback, client and server, ${ROUNDS} rounds of 4,000 in turns`,
  );
  const [first = 0, second = 0] = rows.map(({ us }) => median(us));
  console.log(`not observed  ${first.toFixed(1)} us`);
  console.log(`observed      ${second.toFixed(1)} us  (${(second / first).toFixed(3)})`);
}

/**
 * @param {import('pegasus-http').PegasusHandler} handler
 * @param {number} count
 */
async function microsecondsOfRequests(handler, count) {
  const server = createServer(handler);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const before = process.cpuUsage();
  for (let i = 0; i < count; i++) {
    await new Promise((resolve, reject) => {
      request({ port, host: '127.0.0.1', path: '/meta/app?name=temp', agent }, (res) => {
        res.resume().on('end', resolve);
      })
        .on('error', reject)
        .end();
    });
  }
  const { user, system } = process.cpuUsage(before);
  agent.destroy();
  server.close();
  return (user + system) / count;
}
