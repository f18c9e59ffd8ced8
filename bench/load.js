// Sends the load of a benchmark: wrk over HTTP/1.1, h2load over HTTP/2.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { filledHeaders } from './response-of.js';

/**
 * What the clients do.
 *
 * @typedef {object} Load
 * @property {number} [connections]
 * @property {Record<string, string>} [headers] - `{etag}` stands for the ETag of the response.
 * @property {boolean} [http2] - 100 streams over one connection, by h2load.
 */

/**
 * @typedef {object} Sent
 * @property {number} requests
 * @property {number} rate - Requests per second.
 * @property {number} p99 - Latency in milliseconds that 99 of 100 requests stay below. NaN over HTTP/2.
 */

/**
 * Creates a function that sends requests for so many seconds.
 *
 * @param {string} url
 * @param {Load} load
 * @param {string} etag
 * @returns {(seconds: number) => Promise<Sent>}
 */
export function loadOf(url, load, etag) {
  return load.http2 ? http2Load(url) : http1Load(url, load, etag);
}

/**
 * @param {string} url
 * @param {Load} load
 * @param {string} etag
 * @returns {(seconds: number) => Promise<Sent>}
 */
function http1Load(url, { connections = 32, headers = {} }, etag) {
  const filled = Object.entries(filledHeaders(headers, etag));
  const args = filled.flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
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

/**
 * @param {string} url
 * @returns {(seconds: number) => Promise<Sent>}
 */
function http2Load(url) {
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
