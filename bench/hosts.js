// Starts the servers of a benchmark, each in a process of its own.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startGatewayHost } from './gateway.js';
import { responseOf } from './response-of.js';

const HOST_PROGRAM = fileURLToPath(new URL('host.js', import.meta.url));

/** @type {import('./response-of.js').FixedResponse} */
const NO_RESPONSE = { status: 200, headers: {}, base64: '' };

/**
 * @typedef {object} Host
 * @property {string} kind - See host.js and gateway.js.
 * @property {string} target
 * @property {number} tables
 * @property {number} partitions
 * @property {import('./load.js').Load} [load] - Default: 32 connections, no further headers, HTTP/1.1.
 */

/**
 * @typedef {object} RunningHost
 * @property {import('node:child_process').ChildProcess} child
 * @property {number} port
 * @property {string} etag - Of the response to its target.
 * @property {import('node:child_process').ChildProcess | undefined} upstream - The meta server behind it.
 * @property {() => void} stop
 */

/**
 * Starts a host. A bare one sends the response of this library.
 *
 * @param {Host} host
 * @param {import('node:child_process').ForkOptions} [options]
 * @returns {Promise<RunningHost>}
 */
export async function startHost(host, options = {}) {
  const gatewayHost = await startGatewayHost(host);
  if (gatewayHost !== undefined) return gatewayHost;
  const response = await referenceResponse(host);
  const running = await started(host, response, options);
  return { ...running, etag: response.headers['etag'] ?? '', upstream: undefined };
}

/** @type {Map<string, Promise<import('./response-of.js').FixedResponse>>} */
const references = new Map();

/**
 * Returns the response of this library, which is the same for all hosts of a table.
 *
 * @param {Host} host
 */
function referenceResponse({ target, tables, partitions, load = {} }) {
  const key = JSON.stringify([target, tables, partitions, load.headers]);
  const known = references.get(key) ?? askReference({ kind: 'pegasus', target, tables, partitions }, load);
  references.set(key, known);
  return known;
}

/**
 * @param {Host} host
 * @param {import('./load.js').Load} load
 */
async function askReference(host, { headers = {} }) {
  const { port, stop } = await started(host, NO_RESPONSE, {});
  try {
    return await responseOf(port, host.target, headers);
  } finally {
    stop();
  }
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

/**
 * Returns the CPU time of a host in microseconds.
 *
 * @param {RunningHost} host
 */
export async function cpuOf({ child }) {
  child.send('cpu?');
  const [{ cpu }] = await once(child, 'message');
  return cpu.user + cpu.system;
}

/**
 * Returns how many requests the meta server behind a host has got.
 *
 * @param {RunningHost} host
 */
export async function upstreamRequests({ upstream }) {
  if (upstream === undefined) return 0;
  upstream.send('requests?');
  const [{ requests }] = await once(upstream, 'message');
  return /** @type {number} */ (requests);
}
