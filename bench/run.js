// Prints the tables of bench/README.md: `npm run bench`. With `-- --quick` it takes two minutes, and the figures are less exact. With
// `-- --only TEXT` it prints only the tables whose titles contain a text.
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { loopStall, memoryPerPartition, scale } from './in-process.js';
import { SCENARIOS } from './scenarios.js';
import { sideBySide } from './side-by-side.js';
import { startSideBySide } from './start.js';

const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, only: { type: 'string' } },
});
const effort = values.quick
  ? { processes: 1, rounds: 1, seconds: 1 }
  : { processes: 3, rounds: 5, seconds: 1 };

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
  for (const [i, one] of results.entries()) {
    const target = title.startsWith('errors') ? ` ${hosts[i]?.target}` : '';
    const upstream = hasUpstream
      ? ` ${one.p99Ms.toFixed(1)} ms | ${one.upstreamPerSecond?.toFixed(1)} |`
      : '';
    print(
      `| ${one.kind}${target} | ${one.perSecond.toFixed(0)} | ${one.relative.toFixed(2)} | ${one.cpuMicros.toFixed(1)} us | ${one.cpuRelative.toFixed(2)} |${upstream}`,
    );
  }
}

const START = 'start of a process: import, and a handler made';
if (only === '' || START.includes(only)) {
  print(`\n### ${START}\n`);
  print('| host | time | relative | CPU time | relative | memory | relative |');
  print('|---|---|---|---|---|---|---|');
  const starts = await startSideBySide(values.quick ? 7 : 21);
  const [first] = starts;
  for (const { kind, ms, cpuMs, megabytes } of starts) {
    const [time, cpu, memory] = [
      ms / (first?.ms ?? 1),
      cpuMs / (first?.cpuMs ?? 1),
      megabytes / (first?.megabytes ?? 1),
    ];
    print(
      `| ${kind} | ${ms.toFixed(0)} ms | ${time.toFixed(2)} | ${cpuMs.toFixed(0)} ms | ${cpu.toFixed(2)} | ${megabytes.toFixed(1)} MB | ${memory.toFixed(2)} |`,
    );
  }
}

if (only !== '') process.exit();
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

/** @param {string} line */
function print(line) {
  process.stdout.write(`${line}\n`);
}
