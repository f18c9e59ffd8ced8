// `npm run bench`: the tables of bench/README.md. `npm run bench -- --quick` takes a minute and shows roughly the same.
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { loopStall, memoryPerPartition, scale } from './in-process.js';
import { sideBySide } from './side-by-side.js';

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
const effort = values.quick ? { rounds: 3, seconds: 1 } : { rounds: 7, seconds: 2 };

const SMALL = '/meta/app?name=table0&detail';

/** @type {readonly (readonly [title: string, contenders: import('./side-by-side.js').Contender[]])[]} */
const RACES = [
  ['hot, 8 partitions', race(SMALL, 1, 8, 'bare', 'bare, same headers', 'pegasus', 'fastify', 'express')],
  ['hot, 1,024 partitions', race(SMALL, 1, 1_024, 'bare', 'pegasus', 'fastify', 'express')],
  ['hot, /version', race('/version', 1, 8, 'bare', 'pegasus')],
  ['hot, /meta/apps?detail of 100 tables', race('/meta/apps?detail', 100, 8, 'bare', 'pegasus')],
  ['warm, 1,024 partitions', race(SMALL, 1, 1_024, 'fastify, warm', 'pegasus, warm')],
  ['plain source, 8 partitions', race(SMALL, 1, 8, 'fastify', 'pegasus, plain source')],
  [
    'errors and redirects',
    [
      ...race(SMALL, 1, 8, 'pegasus'),
      ...race('/meta/app?name=nope', 1, 8, 'pegasus'),
      ...race('/meta/app?nmae=table0', 1, 8, 'pegasus'),
      ...race(SMALL, 1, 8, 'pegasus, backup'),
    ],
  ],
];

print(
  `${cpus()[0]?.model}, ${cpus().length} cores (one for the server, one for wrk), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`,
);
for (const [title, contenders] of RACES) {
  print(`\n### ${title}\n`);
  print('| host | requests/s | of the first | CPU per request | of the first |');
  print('|---|---|---|---|---|');
  const results = await sideBySide(contenders, effort);
  const [first] = results;
  results.forEach(({ kind, perSecond, cpuMicros }, i) => {
    const target = title.startsWith('errors') ? ` ${contenders[i]?.target}` : '';
    const [rate, cpu] = [perSecond / (first?.perSecond ?? 1), cpuMicros / (first?.cpuMicros ?? 1)];
    print(
      `| ${kind}${target} | ${perSecond.toFixed(0)} | ${rate.toFixed(2)} | ${cpuMicros.toFixed(1)} us | ${cpu.toFixed(2)} |`,
    );
  });
}

print('\n### after one partition changed\n');
print('| answer | 1,000 tables x 1 | 1,000 x 1,000 | ratio |');
print('|---|---|---|---|');
for (const { target, small, large } of await scale(values.quick ? 20 : 100)) {
  print(`| ${target} | ${small.toFixed(2)} ms | ${large.toFixed(2)} ms | ${(large / small).toFixed(2)} |`);
}

const stall = await loopStall();
print('\n### a table of 100,000 partitions, cold\n');
print(
  `longest stall of the event loop ${stall.longestMs.toFixed(1)} ms, answered in ${stall.answeredMs.toFixed(0)} ms`,
);

print('\n### memory of the memory cluster, 1,000,000 partitions\n');
print(`${(await memoryPerPartition()).toFixed(0)} bytes per partition`);

/**
 * @param {string} target
 * @param {number} tables
 * @param {number} partitions
 * @param {...string} kinds
 */
function race(target, tables, partitions, ...kinds) {
  return kinds.map((kind) => ({ kind, target, tables, partitions }));
}

/** @param {string} line */
function print(line) {
  process.stdout.write(`${line}\n`);
}
