import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { joinHostPort } from '../../http/host.js';
import { isLoopback, loopbackNames } from '../allowed-hosts.js';
import { listenError } from '../failure.js';
import { onStopSignal, stopServer } from '../graceful-stop.js';
import type { Configuration } from './configuration.js';
import { createGuard } from './credentials.js';
import { createHandlers } from './handlers.js';
import { createLog, type Log } from './log.js';
import { createExposition } from './prometheus.js';
import { readinessOf } from './readiness.js';
import { createListener } from './request-listener.js';
import { createUpstream, type Upstream } from './upstream.js';

/**
 * Starts a gateway, which runs until a signal stops it.
 *
 * @throws StartError if it cannot listen, or if a cluster cannot be set up.
 */
export async function startGateway({ options, clusters, credentials }: Configuration): Promise<void> {
  const { host, port, unguarded, logLevel } = options;
  const log = createLog(logLevel);
  const upstreams = clusters.map((cluster) => createUpstream(cluster, log));
  const guard = createGuard(credentials, unguarded ?? []);
  const allowedHosts = options.allowedHosts ?? (isLoopback(host) ? loopbackNames(host) : undefined);
  const exposition = options.prometheus ? createExposition(upstreams, log) : undefined;
  let isStopping = false;
  const server = createServer(
    createListener({
      upstreams,
      handlers: createHandlers(upstreams, { guard, allowedHosts, hasConsole: options.console }, log),
      guard,
      allowedHosts,
      exposition,
      readyMaxAgeMs: options.readyMaxAgeMs,
      hasAccessLog: options.accessLog,
      log,
      isStopping: () => isStopping,
    }),
  );
  try {
    await listen(server, host, port);
  } catch (error) {
    await Promise.all(upstreams.map((upstream) => upstream.close()));
    throw error;
  }
  const { port: actual } = server.address() as AddressInfo;
  if (!isLoopback(host) && guard === undefined)
    log.warn(`every host that reaches ${host} may read everything: set PEGASUS_HTTP_TOKEN to guard it`);
  if (options.accessLog && !log.isStructured) log.warn('there is no access log: npm install pino');
  if (options.prometheus && exposition === undefined)
    log.warn('there is no /prometheus: npm install prom-client');
  announce(log, `http://${joinHostPort(host, actual)}/`);
  probe(upstreams, options.readyMaxAgeMs);

  onStopSignal(async (signal) => {
    isStopping = true;
    log.info('stopping', { signal });
    const cut = await stopServer(server, { drainMs: options.drainMs, timeoutMs: options.stopTimeoutMs });
    if (cut > 0) log.warn(`cut ${cut} connections off, whose requests took longer than stopTimeoutMs`);
    await Promise.all(upstreams.map((upstream) => upstream.close()));
    log.info('stopped');
    process.exit(0);
  });
}

/** Asks each cluster once, so that the log says at once which one does not answer. */
function probe(upstreams: readonly Upstream[], maxAgeMs: number): void {
  for (const upstream of upstreams) void readinessOf(upstream, maxAgeMs);
}

/** Says where the gateway is. */
function announce(log: Log, url: string): void {
  if (log.isStructured) log.info('listening', { url });
  else process.stdout.write(`listening on ${url}\n`);
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  try {
    await once(server.listen(port, host), 'listening');
  } catch (error) {
    throw listenError(error, joinHostPort(host, port), 'choose another port with --port');
  }
}
