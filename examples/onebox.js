// Runs a whole Pegasus cluster in one process, for `npm start`: every meta server and every replica server of a description
// answers on its own address.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createPegasusHandler, memoryCluster, PegasusError } from 'pegasus-http';
import { webConsole } from 'pegasus-http/console';
import { processProfiler } from 'pegasus-http/profiler';
import { serverConfig } from './onebox/config.js';
import { metaCounters, processMetrics, withCounters } from './onebox/counters.js';
import { runOperations } from './onebox/operations.js';
import { delayed } from './onebox/slow.js';
import { tableTraffic } from './onebox/traffic.js';
import { startWorkload } from './onebox/workload.js';

const HELP = `Usage: npm start [-- [options] [CLUSTER.json]]

Serves a Pegasus cluster from memory. Each meta server and each living replica server of CLUSTER.json
answers the Pegasus HTTP interface on its own address, which must be one of this machine.
The default is examples/onebox.json: three meta servers, three replica servers, two tables,
and a collector on 127.0.0.1:34101.

Options:
  --allow-writes       allow requests that change a server, such as /updateConfig
  --collector ADDRESS  also serve the perf counters of a collector on this address
  --delay MS           delay the answers of /meta/* by this many milliseconds
  -h, --help           show this help
`;

try {
  await main();
} catch (error) {
  process.stderr.write(`onebox: ${explain(error)}\n`);
  process.exitCode = 1;
}

async function main() {
  const { values, positionals } = parseArgs({
    options: {
      'allow-writes': { type: 'boolean', default: false },
      collector: { type: 'string' },
      delay: { type: 'string', default: '0' },
      help: { type: 'boolean', short: 'h' },
    },
    allowPositionals: true,
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  if (positionals.length > 1) throw new Error(`one cluster at a time, not ${positionals.length}; see --help`);

  const { collector = positionals.length === 0 ? '127.0.0.1:34101' : undefined, delay } = values;
  if (!/^\d{1,5}$/.test(delay)) throw new Error(`--delay takes milliseconds, not ${delay}`);
  if (collector !== undefined && !/^[\w.-]+:\d{1,5}$/.test(collector)) {
    throw new Error(`--collector takes an address such as 127.0.0.1:34101, not ${collector}`);
  }

  const description = await readDescription(
    positionals[0] ?? fileURLToPath(new URL('onebox.json', import.meta.url)),
  );
  // All servers of a onebox run in this process, so each can serve its profile.
  const profiler = processProfiler({ heapSampleBytes: 65_536 });
  startWorkload();
  const cluster = memoryCluster(description, { profiler });
  const { metaServers, primaryMetaServer, nodes } = cluster.metaState.cluster();
  const traffic = tableTraffic(cluster);
  const operations = runOperations(cluster);

  /**
   * @param {'meta' | 'replica' | 'collector'} app
   * @param {string} address
   * @param {import('pegasus-http').ClusterSource} view
   * @param {import('pegasus-http').PerfCounterSource} counters the server's own counters
   */
  function serve(app, address, view, counters, config = serverConfig(cluster)) {
    const { source, requests } = withCounters(app, address, { ...view, config }, counters);
    const handler = createPegasusHandler(source, {
      onError,
      console: webConsole(),
      // Everything is allowed to all who reach the address.
      authorize: values['allow-writes'] ? () => 'allow' : undefined,
      allowedHosts: values['allow-writes'] || isLoopback(address) ? hostsOf(address) : undefined,
    });
    requests.observe(handler);
    return listen(address, handler);
  }

  /** @type {import('node:http').Server[]} */
  const servers = [];
  try {
    for (const address of metaServers) {
      const source = delayed(cluster.metaServer(address), Number(delay));
      servers.push(await serve('meta', address, source, metaCounters(cluster)));
      print(`meta server     http://${address}/${address === primaryMetaServer ? '   (primary)' : ''}`);
    }
    for (const { address, status } of nodes) {
      if (status !== 'ALIVE') {
        print(`replica server  ${address} is ${status} and is not served`);
        continue;
      }
      const config = serverConfig(cluster);
      const counters = traffic.replicaServer(address, () => config.get('onebox_max_writes'));
      servers.push(await serve('replica', address, cluster.replicaServer(address), counters, config));
      print(`replica server  http://${address}/`);
    }
    if (collector !== undefined) {
      const { perfCounters, processInfo } = cluster;
      servers.push(await serve('collector', collector, { perfCounters, processInfo }, traffic.collector));
      print(`collector       http://${collector}/`);
    }
  } catch (error) {
    for (const server of servers) server.close();
    throw error;
  }

  const [meta = primaryMetaServer] = metaServers.filter((address) => address !== primaryMetaServer);
  print(`
Open one of these in a browser, or request:
  curl -L 'http://${meta}/meta/apps?detail'
  curl 'http://${meta}/metrics?types=table,server&detail=true'
Profile this process:
  go tool pprof -http=:8080 'http://${meta}/pprof/profile?seconds=5'
Stop with Ctrl-C.`);

  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => {
      stop(servers);
      traffic.stop();
      operations.stop();
      processMetrics.close();
    });
  }
}

/** @param {string} file */
async function readDescription(file) {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new Error(`cannot read ${file}: ${/** @type {Error} */ (error).message}`);
  }
}

/** @param {string} address */
function isLoopback(address) {
  const { hostname } = new URL(`http://${address}`);
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
}

/**
 * Returns the host names under which clients reach a server. Under others, pages of other sites could reach it (DNS rebinding).
 *
 * @param {string} address
 */
function hostsOf(address) {
  const { hostname } = new URL(`http://${address}`);
  return isLoopback(address) ? [hostname, 'localhost', '127.0.0.1', '[::1]'] : [hostname, 'localhost'];
}

/**
 * @param {string} address
 * @param {import('pegasus-http').PegasusHandler} handler
 * @returns {Promise<import('node:http').Server>}
 */
function listen(address, handler) {
  const { hostname, port } = new URL(`http://${address}`);
  const server = createServer(handler);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(Number(port || 80), hostname.replace(/^\[|\]$/g, ''), () => resolve(server));
  });
}

/** @param {import('node:http').Server[]} servers */
function stop(servers) {
  print('\nstopping');
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
}

/** @param {PegasusError} error */
function onError(error) {
  process.stderr.write(`onebox: ${error.message}: ${error.cause}\n`);
}

/** @param {any} error */
function explain(error) {
  switch (error.code) {
    case 'EADDRINUSE':
      return `${error.address}:${error.port} is taken: stop the program that listens there, or describe a cluster on other ports (--help)`;
    case 'EADDRNOTAVAIL':
      return `${error.address} is no address of this machine: the servers of a onebox listen on 127.0.0.1`;
    default:
      return error instanceof PegasusError ? `the description is wrong: ${error.message}` : error.message;
  }
}

/** @param {string} line */
function print(line) {
  process.stdout.write(`${line}\n`);
}
