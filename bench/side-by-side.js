// Measures hosts side by side. Each gets the same load in turn, round after round, so that other load of the machine affects all alike.
import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const HOST_PROGRAM = fileURLToPath(new URL('host.js', import.meta.url));

/**
 * @typedef {object} Host
 * @property {string} kind - See host.js.
 * @property {string} target
 * @property {number} tables
 * @property {number} partitions
 */

/**
 * @typedef {object} Measured
 * @property {string} kind
 * @property {number} perSecond - Median of the rounds.
 * @property {number} cpuMicros - CPU time of the server process for one request; median of the rounds.
 */

/**
 * Measures requests per second and CPU time of each host.
 *
 * @param {readonly Host[]} hosts
 * @param {{ rounds: number, seconds: number }} effort
 * @returns {Promise<Measured[]>}
 */
export async function sideBySide(hosts, { rounds, seconds }) {
  const running = [];
  for (const { kind, target, tables, partitions } of hosts) {
    const child = fork(HOST_PROGRAM, [kind, target, String(tables), String(partitions)]);
    const [{ port }] = await once(child, 'message');
    running.push({ kind, child, url: `http://127.0.0.1:${port}${target}`, perSecond: [], cpuMicros: [] });
  }
  for (let round = -1; round < rounds; round += 1) {
    for (const { child, url, perSecond, cpuMicros } of running) {
      const before = await cpuOf(child);
      const { stdout } = await promisify(execFile)('wrk', ['-t1', '-c32', `-d${seconds}s`, url]);
      const after = await cpuOf(child);
      const requests = Number(/(\d+) requests in/.exec(stdout)?.[1]);
      // The first round lets V8 optimize the code.
      if (round < 0) continue;
      /** @type {number[]} */ (perSecond).push(Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]));
      /** @type {number[]} */ (cpuMicros).push((after - before) / requests);
    }
  }
  for (const { child } of running) child.disconnect();
  return running.map(({ kind, perSecond, cpuMicros }) => ({
    kind,
    perSecond: median(perSecond),
    cpuMicros: median(cpuMicros),
  }));
}

/** @param {import('node:child_process').ChildProcess} child */
async function cpuOf(child) {
  child.send('cpu?');
  const [{ cpu }] = await once(child, 'message');
  return cpu.user + cpu.system;
}

/** @param {readonly number[]} values */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
