// Prints the tables of bench/README.md: `npm run bench`. With `-- --quick` it takes a minute, and the figures are less exact. With
// `-- --only TEXT` it prints only the tables whose titles contain a text.
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { GATEWAY_KINDS } from './gateway.js';
import { loopStall, memoryPerPartition, scale } from './in-process.js';
import { sideBySide } from './side-by-side.js';
import { startSideBySide } from './start.js';

const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, only: { type: 'string' } },
});
const effort = values.quick ? { rounds: 3, seconds: 1 } : { rounds: 7, seconds: 2 };

const SMALL = '/meta/app?name=table0&detail';

/** @type {readonly (readonly [title: string, hosts: import('./side-by-side.js').Host[]])[]} */
const SCENARIOS = [
  [
    'cached, 8 partitions',
    scenario(SMALL, 1, 8, 'bare', 'bare, same headers', 'pegasus', 'fastify', 'express'),
  ],
  ['cached, 1,024 partitions', scenario(SMALL, 1, 1_024, 'bare', 'pegasus', 'fastify', 'express')],
  ['cached, /version', scenario('/version', 1, 8, 'bare', 'pegasus')],
  ['cached, /meta/apps?detail of 100 tables', scenario('/meta/apps?detail', 100, 8, 'bare', 'pegasus')],
  [
    'one partition changed, 1,024 partitions',
    scenario(SMALL, 1, 1_024, 'fastify, changing', 'pegasus, changing'),
  ],
  [
    'mutable source, 8 partitions',
    scenario(SMALL, 1, 8, 'fastify', 'fastify, same headers', 'pegasus, mutable source'),
  ],
  ['cached, 8 partitions, conditional requests (304)', polling({ headers: { 'if-none-match': '{etag}' } })],
  ['cached, 8 partitions, gzip', polling({ headers: { 'accept-encoding': 'gzip' } })],
  ['cached, 8 partitions, brotli', polling({ headers: { 'accept-encoding': 'gzip, deflate, br' } })],
  ['cached, 8 partitions, 1,000 connections', polling({ connections: 1_000 })],
  ['cached, 8 partitions, HTTP/2 with 100 streams', polling({ http2: true })],
  [
    'errors and redirects',
    [
      ...scenario(SMALL, 1, 8, 'pegasus'),
      ...scenario('/meta/app?name=nope', 1, 8, 'pegasus'),
      ...scenario('/meta/app?nmae=table0', 1, 8, 'pegasus'),
      ...scenario(SMALL, 1, 8, 'pegasus, backup'),
    ],
  ],
  ['in front of a meta server, one table of 8 partitions', scenario(SMALL, 300, 8, ...GATEWAY_KINDS)],
  [
    'in front of a meta server, /meta/apps?detail of 300 tables',
    scenario('/meta/apps?detail', 300, 8, ...GATEWAY_KINDS),
  ],
];

const { only = '' } = values;
print(
  `${cpus()[0]?.model}, ${cpus().length} cores (one for the server, one for wrk), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`,
);
for (const [title, hosts] of SCENARIOS.filter(([title]) => title.includes(only))) {
  print(`\n### ${title}\n`);
  const results = await sideBySide(hosts, effort);
  const hasUpstream = results.some(({ upstreamPerSecond }) => upstreamPerSecond !== undefined);
  print(
    `| host | requests/s | relative | CPU per request | relative |${hasUpstream ? ' p99 | upstream requests/s |' : ''}`,
  );
  print(`|---|---|---|---|---|${hasUpstream ? '---|---|' : ''}`);
  const [first] = results;
  results.forEach(({ kind, perSecond, cpuMicros, p99Ms, upstreamPerSecond }, i) => {
    const target = title.startsWith('errors') ? ` ${hosts[i]?.target}` : '';
    const [rate, cpu] = [perSecond / (first?.perSecond ?? 1), cpuMicros / (first?.cpuMicros ?? 1)];
    print(
      `| ${kind}${target} | ${perSecond.toFixed(0)} | ${rate.toFixed(2)} | ${cpuMicros.toFixed(1)} us | ${cpu.toFixed(2)} |${upstreamPerSecond === undefined ? '' : ` ${p99Ms.toFixed(1)} ms | ${upstreamPerSecond.toFixed(1)} |`}`,
    );
  });
}

if (only !== '') process.exit();
print('\n### start of a process: import, and a handler made\n');
print('| host | time | relative | memory | relative |');
print('|---|---|---|---|---|');
const starts = await startSideBySide(values.quick ? 7 : 21);
for (const { kind, ms, megabytes } of starts) {
  const [time, memory] = [ms / (starts[0]?.ms ?? 1), megabytes / (starts[0]?.megabytes ?? 1)];
  print(
    `| ${kind} | ${ms.toFixed(0)} ms | ${time.toFixed(2)} | ${megabytes.toFixed(1)} MB | ${memory.toFixed(2)} |`,
  );
}

print('\n### time of a response after one partition changed\n');
print('| response | 1,000 tables x 1 | 1,000 x 1,000 | ratio |');
print('|---|---|---|---|');
for (const { target, small, large } of await scale(values.quick ? 20 : 100)) {
  print(`| ${target} | ${small.toFixed(2)} ms | ${large.toFixed(2)} ms | ${(large / small).toFixed(2)} |`);
}

const stall = await loopStall();
print('\n### first response for a table of 100,000 partitions\n');
print(
  `longest stall of the event loop ${stall.longestMs.toFixed(1)} ms, response in ${stall.answeredMs.toFixed(0)} ms`,
);

print('\n### memory of the memory cluster, 1,000,000 partitions\n');
print(`${(await memoryPerPartition()).toFixed(0)} bytes per partition`);

/**
 * @param {string} target
 * @param {number} tables
 * @param {number} partitions
 * @param {...string} kinds
 */
function scenario(target, tables, partitions, ...kinds) {
  return kinds.map((kind) => ({ kind, target, tables, partitions }));
}

/**
 * A small table, as clients poll it, beside a bare host with the same response.
 *
 * @param {import('./side-by-side.js').Load} load
 */
function polling(load) {
  return scenario(SMALL, 1, 8, 'bare, same headers', 'pegasus').map((host) => ({ ...host, load }));
}

/** @param {string} line */
function print(line) {
  process.stdout.write(`${line}\n`);
}
