import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { joinHostPort } from '../../http/host.js';
import { processCounters } from '../../index.js';
import { processProfiler } from '../../sources/profiler/index.js';
import { type FakeClusterDescription, serveCluster } from '../../testing/index.js';
import { isLoopback } from '../allowed-hosts.js';
import { UsageError } from '../failure.js';
import { onStopSignal } from '../graceful-stop.js';
import { createControl } from './control.js';
import { addressesOf, describeOnebox } from './describe.js';
import { runOperations } from './operations.js';
import { createServerFactory } from './servers.js';
import { tableTraffic } from './traffic.js';
import { startWorkload } from './workload.js';

/** A cluster in plain data, by addresses or by names. */
export type OneboxDescription = FakeClusterDescription;

/** Options of {@link startOnebox}. */
export interface OneboxOptions {
  readonly allowWrites: boolean;
  readonly collector: string | undefined;
  readonly control: string | undefined;
  readonly delayMs: number;
  readonly hasWorkload: boolean;
  readonly ports: 'free' | 'described';
  readonly printsAddresses: boolean;
}

/** Starts a onebox, which runs until a signal or a client of its control interface stops it. */
export async function startOnebox(description: OneboxDescription, options: OneboxOptions): Promise<void> {
  const { collector, control, delayMs, allowWrites, ports } = options;
  if (control !== undefined && !isLoopback(hostnameOf(control)))
    throw new UsageError(`--control listens on loopback only, such as 127.0.0.1:34600, not on ${control}`);
  // All servers of a onebox run in this process, so each can serve its profile.
  const profiler = processProfiler({ heapSampleBytes: 65_536 });
  const ofProcess = processCounters();
  const factory = createServerFactory({ delayMs, allowWrites, ofProcess });
  const closers: (() => Promise<void>)[] = [];
  const fake = await serveCluster(description, { ports, profiler, createHandler: factory.createHandler });
  closers.push(() => fake.close());
  const closeAll = async () => {
    await Promise.all(closers.map((close) => close()));
  };
  try {
    const traffic = tableTraffic(fake.cluster);
    factory.begin(fake.cluster, traffic);
    const operations = runOperations(fake.cluster);
    if (options.hasWorkload) startWorkload();
    closers.push(async () => {
      traffic.stop();
      operations.stop();
      ofProcess.close();
    });

    const open = async (address: string, listener: (actual: string) => RequestListener): Promise<string> => {
      const opened = await listen(address, listener);
      closers.push(opened.close);
      return opened.address;
    };
    const collectorAddress =
      collector && (await open(collector, (actual) => factory.createCollector(fake.cluster, actual)));
    const stop = async () => {
      if (!options.printsAddresses) process.stdout.write('\nstopping\n');
      await closeAll();
      process.exit(0);
    };
    const controlAddress =
      control && (await open(control, (actual) => createControl(fake, { address: actual, stop })));
    const addresses = addressesOf(fake, collectorAddress, controlAddress);
    process.stdout.write(
      options.printsAddresses ? `${JSON.stringify(addresses)}\n` : describeOnebox(fake, addresses),
    );
    onStopSignal(stop);
  } catch (error) {
    await closeAll();
    throw error;
  }
}

function hostnameOf(address: string): string {
  return new URL(`http://${address}`).hostname.replace(/^\[|\]$/g, '');
}

/** Listens on an address. */
async function listen(address: string, listener: (actual: string) => RequestListener) {
  const hostname = hostnameOf(address);
  const server = createServer();
  // Not from the URL, which leaves port 80 out.
  await once(server.listen(Number(address.slice(address.lastIndexOf(':') + 1)), hostname), 'listening');
  const { port } = server.address() as AddressInfo;
  const actual = joinHostPort(hostname, port);
  server.on('request', listener(actual));
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { address: actual, close };
}
