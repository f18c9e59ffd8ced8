// Measures hosts side by side. Each gets the same load in turn, round after round, so that other load of the machine affects all alike.
import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startGatewayHost } from './gateway.js';
import { median } from './quantile.js';
import { filledHeaders, responseOf } from './response-of.js';

const HOST_PROGRAM = fileURLToPath(new URL('host.js', import.meta.url));

/**
 * @typedef {object} Host
 * @property {string} kind - See host.js and gateway.js.
 * @property {string} target
 * @property {number} tables
 * @property {number} partitions
 * @property {Load} [load] - Default: 32 connections, no further headers, HTTP/1.1.
 */

/**
 * What the clients do.
 *
 * @typedef {object} Load
 * @property {number} [connections]
 * @property {Record<string, string>} [headers] - `{etag}` stands for the ETag of the response.
 * @property {boolean} [http2] - 100 streams over one connection, by h2load.
 */

/**
 * @typedef {object} Measured
 * @property {string} kind
 * @property {number} perSecond - Median of the rounds.
 * @property {number} cpuMicros - CPU time of the server process for one request; median of the rounds.
 * @property {number} p99Ms - Latency that 99 of 100 requests stay below; median of the rounds. NaN over HTTP/2.
 * @property {number | undefined} upstreamPerSecond - Requests that a host in front of a meta server sends to it.
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
  for (const host of hosts) {
    const { child, port, etag, upstream, stop } = (await startGatewayHost(host)) ?? (await startHost(host));
    const { kind, target, load = {} } = host;
    const url = `http://127.0.0.1:${port}${target}`;
    const generate = load.http2 ? http2Load(url) : http1Load(url, load, etag);
    running.push({
      kind,
      child,
      upstream,
      stop,
      generate,
      perSecond: [],
      cpuMicros: [],
      p99Ms: [],
      upstreamPerSecond: [],
    });
  }
  for (let round = -1; round < rounds; round += 1) {
    for (const { child, upstream, generate, perSecond, cpuMicros, p99Ms, upstreamPerSecond } of running) {
      const upstreamBefore = await requestsOf(upstream);
      const before = await cpuOf(child);
      const { requests, rate, p99 } = await generate(seconds);
      const after = await cpuOf(child);
      // The first round lets V8 optimize the code.
      if (round < 0) continue;
      /** @type {number[]} */ (perSecond).push(rate);
      /** @type {number[]} */ (cpuMicros).push((after - before) / requests);
      /** @type {number[]} */ (p99Ms).push(p99);
      /** @type {number[]} */ (upstreamPerSecond).push(
        ((await requestsOf(upstream)) - upstreamBefore) / seconds,
      );
    }
  }
  for (const { stop } of running) stop();
  return running.map(({ kind, upstream, perSecond, cpuMicros, p99Ms, upstreamPerSecond }) => ({
    kind,
    perSecond: median(perSecond),
    cpuMicros: median(cpuMicros),
    p99Ms: median(p99Ms),
    upstreamPerSecond: upstream && median(upstreamPerSecond),
  }));
}

/**
 * @param {string} url
 * @param {Load} load
 * @param {string} etag
 */
function http1Load(url, { connections = 32, headers = {} }, etag) {
  const filled = Object.entries(filledHeaders(headers, etag));
  const args = filled.flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  /** @param {number} seconds */
  return async (seconds) => {
    const { stdout } = await promisify(execFile)('wrk', [
      '-t1',
      `-c${connections}`,
      `-d${seconds}s`,
      '--latency',
      ...args,
      url,
    ]);
    return {
      requests: Number(/(\d+) requests in/.exec(stdout)?.[1]),
      rate: Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]),
      p99: milliseconds(/99%\s+([\d.]+)(us|ms|s)/.exec(stdout) ?? []),
    };
  };
}

/** @param {readonly (string | undefined)[]} latency - As wrk prints it. */
function milliseconds([, value, unit = '']) {
  return Number(value) * ({ us: 1e-3, ms: 1, s: 1e3 }[unit] ?? Number.NaN);
}

/** @param {string} url */
function http2Load(url) {
  /** @param {number} seconds */
  return async (seconds) => {
    const { stdout } = await promisify(execFile)('h2load', [
      '-t1',
      '-c1',
      '-m100',
      '-D',
      String(seconds),
      url,
    ]);
    return {
      requests: Number(/(\d+) succeeded/.exec(stdout)?.[1]),
      rate: Number(/finished in [^,]+, ([\d.]+) req\/s/.exec(stdout)?.[1]),
      p99: Number.NaN,
    };
  };
}

/** @type {import('./response-of.js').FixedResponse} */
const NO_RESPONSE = { status: 200, headers: {}, base64: '' };

/**
 * Starts a host, which a bare one needs the response of this library for.
 *
 * @param {Host} host
 * @param {import('node:child_process').ForkOptions} [options]
 */
export async function startHost(host, options = {}) {
  const { load = {} } = host;
  const reference = await started({ ...host, kind: 'pegasus', load: {} }, NO_RESPONSE, {});
  const response = await responseOf(reference.port, host.target, load.headers ?? {});
  reference.stop();
  const running = await started(host, response, options);
  return { ...running, etag: response.headers['etag'] ?? '', upstream: undefined };
}

/**
 * @param {Host} host
 * @param {import('./response-of.js').FixedResponse} response - What a bare host sends.
 * @param {import('node:child_process').ForkOptions} options
 */
async function started({ kind, tables, partitions, load = {} }, response, options) {
  const args = [kind, String(tables), String(partitions), load.http2 ? 'http2' : 'http1'];
  const child = fork(HOST_PROGRAM, args, options);
  child.send(response);
  const [{ port }] = await once(child, 'message');
  return { child, port: /** @type {number} */ (port), stop: () => child.disconnect() };
}

/** @param {import('node:child_process').ChildProcess} child */
async function cpuOf(child) {
  child.send('cpu?');
  const [{ cpu }] = await once(child, 'message');
  return cpu.user + cpu.system;
}

/** @param {import('node:child_process').ChildProcess | undefined} upstream */
async function requestsOf(upstream) {
  if (upstream === undefined) return 0;
  upstream.send('requests?');
  const [{ requests }] = await once(upstream, 'message');
  return /** @type {number} */ (requests);
}
