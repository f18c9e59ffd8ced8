// A gateway that serves a Pegasus cluster from its ZooKeeper. Without options it starts a real ZooKeeper with a recorded cluster
// and serves that: npm run gateway
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createPegasusHandler } from 'pegasus-http';
import { zookeeperCluster } from 'pegasus-http/zookeeper';
import { port } from './port.js';
import { startZookeeper } from './zookeeper/server.js';
import { writeZookeeper } from './zookeeper/writer.js';

const HELP = `Usage: node examples/zookeeper-gateway.js [options] [TREE.json]

Serves the Pegasus HTTP interface from ZooKeeper on PORT (34601), or on a free port if PORT is 0.
Without --servers it starts a ZooKeeper on loopback (apt-get install zookeeper) with the znodes of
TREE.json, by default a recorded cluster. That ZooKeeper ends with the gateway.

Options:
  --servers HOST:PORT,...  the ZooKeeper to read, such as 10.0.0.1:2181
  --root PATH              the cluster's znode (cluster_root), by default /pegasus/onebox/127.0.0.1
  --lock-root PATH         the znode below which the meta servers elect their primary,
                           by default PATH/lock or PATH of --root
  --redirect               redirect the clients to the primary meta server
  -h, --help               print this and stop
`;

const RECORDED = fileURLToPath(new URL('../test/fixtures/golden/healthy.json', import.meta.url));

try {
  await main();
} catch (error) {
  process.stderr.write(`gateway: ${/** @type {Error} */ (error).message}\n`);
  process.exit(1);
}

async function main() {
  const { values, positionals } = parseArgs({
    options: {
      servers: { type: 'string' },
      root: { type: 'string', default: '/pegasus/onebox/127.0.0.1' },
      'lock-root': { type: 'string' },
      redirect: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    },
    allowPositionals: true,
  });
  if (values.help) return void process.stdout.write(HELP);

  const own = values.servers === undefined ? await recordedCluster(positionals[0] ?? RECORDED) : undefined;
  const cluster = zookeeperCluster({
    servers: values.servers ?? own?.address ?? '',
    clusterRoot: values.root,
    lockRoot: values['lock-root'],
    redirectToPrimary: values.redirect,
    onError: (error) => process.stderr.write(`gateway: ${error.message}\n`),
    onRecover: (message) => process.stderr.write(`gateway: ${message}\n`),
  });
  const server = createServer(
    createPegasusHandler(cluster, {
      onError: (error) => process.stderr.write(`gateway: ${error.message}: ${error.cause}\n`),
    }),
  );
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, stop);
  await cluster.ready();
  server.listen(port, '127.0.0.1', () => {
    const { port: actual } = /** @type {import('node:net').AddressInfo} */ (server.address());
    process.stdout.write(`open http://127.0.0.1:${actual}/\n`);
    if (own !== undefined) process.stdout.write(`its ZooKeeper is at ${own.address}; stop with Ctrl-C\n`);
  });

  async function stop() {
    server.close();
    server.closeAllConnections();
    await cluster.close();
    await own?.stop();
  }
}

/**
 * Starts a ZooKeeper with a recorded cluster.
 *
 * @param {string} file
 */
async function recordedCluster(file) {
  const { znodes } = JSON.parse(await readFile(file, 'utf8'));
  const zookeeper = await startZookeeper();
  // The writer stays connected, because the meta servers' lock nodes live as long as its session.
  const writer = await writeZookeeper(zookeeper.address);
  await writer.load(znodes);
  return {
    address: zookeeper.address,
    async stop() {
      await writer.close();
      await zookeeper.stop();
    },
  };
}
