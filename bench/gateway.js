// Starts what the gateway is measured against: a meta server, a proxy that passes requests on, and the gateway itself.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** @param {string} file */
const pathOf = (file) => fileURLToPath(new URL(file, import.meta.url));

/** The kinds of hosts, in the order of the table. */
export const GATEWAY_KINDS = ['meta server asked directly', 'http-proxy-3', 'gateway', 'gateway, access log'];

/**
 * Starts a host with a meta server of its own behind it.
 *
 * @param {import('./hosts.js').Host} host
 * @returns {Promise<import('./hosts.js').RunningHost | undefined>} `undefined` if it is a host of another kind.
 */
export async function startGatewayHost({ kind, tables, partitions }) {
  if (!GATEWAY_KINDS.includes(kind)) return undefined;
  const upstream = await started(fork(pathOf('upstream.js'), [String(tables), String(partitions)]));
  if (kind === GATEWAY_KINDS[0])
    return { ...upstream, upstream: upstream.child, stop: () => upstream.child.disconnect() };
  const host =
    kind === 'http-proxy-3'
      ? await started(fork(pathOf('pass-through.js'), [String(upstream.port)]))
      : await startGateway(upstream.port, kind.endsWith('access log'));
  const stop = () => {
    host.child.disconnect();
    upstream.child.disconnect();
  };
  return { ...host, upstream: upstream.child, stop };
}

/** @param {import('node:child_process').ChildProcess} child */
async function started(child) {
  const [{ port }] = await once(child, 'message');
  return { child, port: /** @type {number} */ (port), etag: '' };
}

/**
 * @param {number} upstream
 * @param {boolean} hasAccessLog
 */
async function startGateway(upstream, hasAccessLog) {
  const flags = ['gateway', '--servers', `127.0.0.1:${upstream}`, '--port', '0'];
  const child = fork(pathOf('../dist/command/bin.js'), hasAccessLog ? flags : [...flags, '--no-access-log'], {
    execArgv: ['--import', pathOf('report-cpu.js')],
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const port = await new Promise((resolve) => {
    let output = '';
    child.stdout?.on('data', (text) => {
      // The log goes on, and is read, so that the gateway does not wait.
      if (output !== '') return;
      const [, found] = /127\.0\.0\.1:(\d+)/.exec(String(text)) ?? [];
      if (found === undefined) return;
      output = found;
      resolve(Number(found));
    });
  });
  return { child, port: /** @type {number} */ (port), etag: '' };
}
