// Measures hosts side by side. Each gets the same load in turn, round after round, so that other load of the machine affects all alike.
import { cpuOf, startHost, upstreamRequests } from './hosts.js';
import { loadOf } from './load.js';
import { median } from './quantile.js';

/**
 * How long to measure.
 *
 * @typedef {object} Effort
 * @property {number} processes - Each host runs in so many processes, one after the other: V8 compiles each a little differently, and what
 *   it has compiled stays.
 * @property {number} rounds - So often each process gets the load.
 * @property {number} seconds - Of one load.
 */

/**
 * Medians of all rounds of a host.
 *
 * @typedef {object} Measured
 * @property {string} kind
 * @property {number} perSecond
 * @property {number} relative - To the requests per second of the first host in the same round.
 * @property {number} cpuMicros - CPU time of the server process for one request.
 * @property {number} cpuRelative - To that of the first host in the same round.
 * @property {number} p99Ms - Latency that 99 of 100 requests stay below. NaN over HTTP/2.
 * @property {number | undefined} upstreamPerSecond - Requests that a host in front of a meta server sends to it.
 */

/**
 * @typedef {object} Round
 * @property {number} rate
 * @property {number} cpu
 * @property {number} p99
 * @property {number} upstream
 */

/**
 * Measures requests per second and CPU time of each host.
 *
 * @param {readonly import('./hosts.js').Host[]} hosts
 * @param {Effort} effort
 * @returns {Promise<Measured[]>}
 */
export async function sideBySide(hosts, { processes, rounds, seconds }) {
  /** @type {Round[][]} */
  const measured = hosts.map(() => []);
  let hasUpstream = false;
  for (let i = 0; i < processes; i += 1) {
    /** @type {import('./hosts.js').RunningHost[]} */
    const running = [];
    for (const host of hosts) running.push(await startHost(host));
    hasUpstream = running.some(({ upstream }) => upstream !== undefined);
    const loads = hosts.map(({ target, load = {} }, at) =>
      loadOf(`http://127.0.0.1:${running[at]?.port}${target}`, load, running[at]?.etag ?? ''),
    );
    for (let round = -1; round < rounds; round += 1) {
      for (const [at, host] of running.entries()) {
        const [before, upstreamBefore] = [await cpuOf(host), await upstreamRequests(host)];
        const { requests = 0, rate = 0, p99 = 0 } = (await loads[at]?.(seconds)) ?? {};
        const cpu = ((await cpuOf(host)) - before) / requests;
        const upstream = ((await upstreamRequests(host)) - upstreamBefore) / seconds;
        // The first round lets V8 optimize the code.
        if (round >= 0) measured[at]?.push({ rate, cpu, p99, upstream });
      }
    }
    for (const { stop } of running) stop();
  }
  const [first = []] = measured;
  return measured.map((one, at) => ({
    kind: hosts[at]?.kind ?? '',
    perSecond: median(one.map(({ rate }) => rate)),
    // Of each round, because the speed of a shared machine changes from minute to minute.
    relative: median(one.map(({ rate }, round) => rate / (first[round]?.rate ?? Number.NaN))),
    cpuMicros: median(one.map(({ cpu }) => cpu)),
    cpuRelative: median(one.map(({ cpu }, round) => cpu / (first[round]?.cpu ?? Number.NaN))),
    p99Ms: median(one.map(({ p99 }) => p99)),
    upstreamPerSecond: hasUpstream ? median(one.map(({ upstream }) => upstream)) : undefined,
  }));
}
