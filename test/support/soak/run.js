// `npm run soak -- [--minutes 10]`: mixed load with faults on a server of its own, and how it was after it.
import { parseArgs } from 'node:util';
import { soak } from './soak.js';

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '10' } } });

/** @param {string} line */
function print(line) {
  process.stdout.write(`${line}\n`);
}

const { seconds, requests, left, profiles, compared, answers, stats, complaints } = await soak({
  seconds: Number(values.minutes) * 60,
  report: print,
});
print(`requests    ${requests} in ${seconds.toFixed(0)} s; ${left} clients left, ${profiles} CPU profiles`);
print(`answers     ${list(answers)}; ${compared} compared with the states of the cluster`);
for (const { rss, heapUsed, external, resources, delay, reported, changes } of stats) {
  print(
    `${mib(heapUsed)} heap, ${mib(external)} external, ${mib(rss)} resident; ${changes} changes; ${reported} errors reported; ` +
      `event loop ${list(delay)} ms; ${list(counted(resources))}`,
  );
}
print(`faults      ${list(stats.at(-1)?.faults ?? {})}`);
for (const complaint of complaints) print(`COMPLAINT   ${complaint}`);
print(complaints.length === 0 ? 'no complaint' : `${complaints.length} complaints`);
process.exitCode = complaints.length === 0 ? 0 : 1;

/** @param {Record<string, number>} counts */
function list(counts) {
  return Object.entries(counts)
    .map(([name, count]) => `${name}: ${Number.isInteger(count) ? count : count.toFixed(1)}`)
    .join(', ');
}

/** @param {readonly string[]} names */
function counted(names) {
  /** @type {Record<string, number>} */
  const counts = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** @param {number} bytes */
function mib(bytes) {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
