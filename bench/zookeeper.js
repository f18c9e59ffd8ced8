// Measures how a large cluster is read from a real ZooKeeper: node bench/zookeeper.js [TABLES] [PARTITIONS]
// It prints the time of the first reading beside a bare client that reads the same, the time from the change of a znode to the changed
// response, the cost of a reconnection, and the memory. The source and the bare client run in processes of their own.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { get } from 'node:http';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { startZookeeper } from '../examples/zookeeper/server.js';
import { writeZookeeper } from '../examples/zookeeper/writer.js';
import { quantile } from './quantile.js';
import { fillZookeeper, partitionData } from './zookeeper-data.js';

const [tables = 1000, partitions = 64] = process.argv.slice(2).map(Number);
const CHANGES = 500;
const CONCURRENCY = process.env['READS'] ?? '256';
/** How often the bare client and the source read everything, by turns. */
const ROUNDS = Number(process.env['ROUNDS'] ?? 3);
const ROOT = '/pegasus/bench';

/** @typedef {{ read: number, seconds: number, cpu: number, memory: number }} Reading */

const zookeeper = await startZookeeper();
const writer = await writeZookeeper(zookeeper.address);

const since = performance.now();
await fillZookeeper(writer, ROOT, tables, partitions);
report('written', `${tables} tables of ${partitions} partitions in ${seconds(since)}`);

/** @type {{ bare: Reading[], source: Reading[] }} */
const readings = { bare: [], source: [] };
let reader = await readOnce();
for (let round = 1; round < ROUNDS; round++) {
  await end(reader);
  reader = await readOnce();
}
reportReadings('bare', 'a bare client');
reportReadings('source', 'the source');
const [bare, source] = [best('bare'), best('source')];
report(
  'speed of the bare client reached',
  `${(bare.seconds / source.seconds).toFixed(2)}, of the best round each`,
);
report('CPU beside the bare client', (source.cpu / bare.cpu).toFixed(2));

/** @type {number[]} */
const delays = [];
const { read, port } = await ask(reader, 'progress');
for (let change = 1; change <= CHANGES; change++) {
  const appId = 1 + ((change * 7919) % tables);
  const pidx = change % partitions;
  await writer.put(`${ROOT}/apps/${appId}/${pidx}`, partitionData(appId, pidx, 1 + change));
  const written = performance.now();
  while (!(await fetchText(`/meta/app?name=table${appId}&detail`)).includes(`"ballot":"${1 + change}"`));
  delays.push(performance.now() - written);
}
report(
  'from the change to the answer',
  `median ${delay(0.5)} ms, 99% ${delay(0.99)} ms, most ${delay(1)} ms`,
);
report('reads for a change', String(((await ask(reader, 'progress')).read - read) / CHANGES));

const { memory: used } = await ask(reader, 'await loss');
const recovered = answer(reader);
await zookeeper.kill();
await zookeeper.start();
const { seconds: outage, isSame, memory } = await recovered;
report(
  'current again after ZooKeeper was killed and started',
  `${outage.toFixed(2)} s, ${isSame ? 'the same' : 'another'} snapshot`,
);
report(
  'memory before and after that, with the cached responses',
  `${perPartition(used)} and ${perPartition(memory)} bytes a partition`,
);

await end(reader);
await writer.close();
await zookeeper.stop();

/** Reads everything with the bare client, and then with the source, whose process it returns. */
async function readOnce() {
  const client = start('zookeeper-bare.js');
  readings.bare.push(await answer(client));
  await end(client);
  const process = start('zookeeper-source.js');
  readings.source.push(await answer(process));
  return process;
}

/** @param {string} script */
function start(script) {
  const args = [zookeeper.address, ROOT, CONCURRENCY];
  return fork(fileURLToPath(new URL(script, import.meta.url)), args, {
    execArgv: ['--expose-gc', ...process.execArgv.filter((flag) => flag.startsWith('--cpu-prof'))],
  });
}

/** @param {import('node:child_process').ChildProcess} child @returns {Promise<any>} Its next message. */
async function answer(child) {
  const [message] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`a reader ended with code ${code}`))),
  ]);
  return message;
}

/** @param {import('node:child_process').ChildProcess} child @param {string} command @returns {Promise<any>} */
function ask(child, command) {
  const message = answer(child);
  child.send(command);
  return message;
}

/** @param {import('node:child_process').ChildProcess} child */
async function end(child) {
  child.disconnect();
  await once(child, 'exit');
}

/** @param {string} path */
async function fetchText(path) {
  const [response] = await once(get({ port, host: '127.0.0.1', path }), 'response');
  let body = '';
  for await (const chunk of response.setEncoding('utf8')) body += chunk;
  return body;
}

/** @param {'bare' | 'source'} who */
function best(who) {
  return readings[who].reduce((least, reading) => (reading.seconds < least.seconds ? reading : least));
}

/** @param {'bare' | 'source'} who @param {string} name */
function reportReadings(who, name) {
  for (const { read, seconds, cpu, memory } of readings[who]) {
    const speed = `${read} znodes in ${seconds.toFixed(2)} s, ${Math.round(read / seconds)} a second`;
    report(name, `${speed}, CPU ${cpu.toFixed(2)} s, ${perPartition(memory)} bytes a partition`);
  }
}

/** @param {number} bytes */
function perPartition(bytes) {
  return Math.round(bytes / (tables * partitions));
}

/** @param {number} share */
function delay(share) {
  return quantile(delays, share).toFixed(1);
}

/** @param {number} from */
function seconds(from) {
  return `${((performance.now() - from) / 1000).toFixed(2)} s`;
}

/** @param {string} what @param {string} result */
function report(what, result) {
  process.stdout.write(`${what}: ${result}\n`);
}
