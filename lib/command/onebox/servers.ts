import type { RequestListener } from 'node:http';
import { webConsole } from '../../console/index.js';
import {
  type ClusterSource,
  createPegasusHandler,
  type MemoryCluster,
  type PegasusError,
  type PerfCounterSource,
  type ProcessCounters,
} from '../../index.js';
import type { FakeServer } from '../../testing/index.js';
import { isLoopback, loopbackNames } from '../allowed-hosts.js';
import { type ServerConfig, serverConfig } from './config.js';
import { metaCounters, type Role, withCounters } from './counters.js';
import { delayed } from './slow.js';
import type { TableTraffic } from './traffic.js';

/** Creates what answers the requests of each server of a onebox. */
export interface ServerFactory {
  /** Creates the listener of a meta server or a replica server. Before `begin` it answers 503. */
  createHandler(source: ClusterSource, server: FakeServer): RequestListener;
  createCollector(cluster: MemoryCluster, address: string): RequestListener;
  /** Gives the servers their cluster, which exists only after them. */
  begin(cluster: MemoryCluster, traffic: TableTraffic): void;
}

/** Creates a {@link ServerFactory}. */
export function createServerFactory(options: {
  readonly delayMs: number;
  readonly allowWrites: boolean;
  readonly ofProcess: ProcessCounters;
}): ServerFactory {
  const { delayMs, allowWrites, ofProcess } = options;
  const console = webConsole();
  let running: { readonly cluster: MemoryCluster; readonly traffic: TableTraffic } | undefined;
  const waiting: (() => void)[] = [];

  function handlerOf(
    role: Role,
    address: string,
    view: ClusterSource,
    counters: PerfCounterSource,
    config: ServerConfig,
  ): RequestListener {
    const { source, requests } = withCounters(role, address, { ...view, config }, counters, ofProcess);
    const { hostname } = new URL(`http://${address}`);
    const handler = createPegasusHandler(source, {
      onError: report,
      console,
      // Everything is allowed to all who reach the address.
      authorize: allowWrites ? () => 'allow' : undefined,
      allowedHosts: isLoopback(hostname)
        ? loopbackNames(hostname)
        : allowWrites
          ? [hostname, 'localhost']
          : undefined,
    });
    requests.observe(handler);
    return handler;
  }

  function create(
    source: ClusterSource,
    { role, address }: FakeServer,
    { cluster, traffic }: NonNullable<typeof running>,
  ) {
    const config = serverConfig(cluster);
    if (role === 'meta')
      return handlerOf(role, address, delayed(source, delayMs), metaCounters(cluster), config);
    const counters = traffic.replicaServer(address, () => config.get('onebox_max_writes'));
    return handlerOf(role, address, source, counters, config);
  }

  return {
    createHandler(source, server) {
      if (running !== undefined) return create(source, server, running);
      let handler: RequestListener = (_, res) => res.writeHead(503).end();
      waiting.push(() => {
        if (running !== undefined) handler = create(source, server, running);
      });
      return (req, res) => handler(req, res);
    },

    createCollector({ perfCounters, processInfo, ...cluster }, address) {
      const counters = running?.traffic.collector ?? perfCounters;
      const config = serverConfig({ perfCounters, processInfo, ...cluster });
      return handlerOf('collector', address, { perfCounters, processInfo }, counters, config);
    },

    begin(cluster, traffic) {
      running = { cluster, traffic };
      for (const start of waiting.splice(0)) start();
    },
  };
}

function report(error: PegasusError): void {
  process.stderr.write(`onebox: ${error.message}: ${error.cause}\n`);
}
