// `npm run fuzz -- [--requests 200000] [--seed N] [--only INDEX]`: hostile clients against a server of its own, and what came of it.
import { parseArgs } from 'node:util';
import { campaign } from './campaign.js';

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '200000' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
    only: { type: 'string' },
  },
});

/** @param {string} line */
function print(line) {
  process.stdout.write(`${line}\n`);
}

print(`seed ${values.seed}`);
const { requests, connections, statuses, kinds, seconds, memory, complaints } = await campaign({
  seed: Number(values.seed),
  requests: Number(values.requests),
  ...(values.only !== undefined && { only: Number(values.only) }),
  report: print,
});
print(`requests    ${list(requests)}; over ${connections} connections in ${seconds.toFixed(0)} s`);
print(`answers     ${list(statuses)}`);
print(`connections ${list(kinds)}`);
for (const { rss, heapUsed, external, handles } of memory) {
  print(
    `memory      ${mib(heapUsed)} heap, ${mib(external)} external, ${mib(rss)} resident; ${handles} handles`,
  );
}
for (const complaint of complaints) print(`COMPLAINT   ${complaint}`);
print(complaints.length === 0 ? 'no complaint' : `${complaints.length} complaints`);
process.exitCode = complaints.length === 0 ? 0 : 1;

/** @param {Record<string, number>} counts */
function list(counts) {
  return Object.entries(counts)
    .map(([name, count]) => `${name}: ${count}`)
    .join(', ');
}

/** @param {number} bytes */
function mib(bytes) {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
