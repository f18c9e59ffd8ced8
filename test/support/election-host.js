// Takes part in an election, in a process of its own: node election-host.js SERVERS LOCK_ROOT SESSION_TIMEOUT_MS
// Its /meta/cluster names its own address, so that a test sees which host answered. On SIGTERM it leaves the election first.
import { createServer } from 'node:http';
import { createPegasusHandler, memoryCluster } from 'pegasus-http';
import { electPrimary } from 'pegasus-http/zookeeper';

const [servers = '', lockRoot = '', sessionTimeoutMs] = process.argv.slice(2);
const server = createServer();
server.listen(0, '127.0.0.1', async () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const address = `127.0.0.1:${port}`;
  const election = electPrimary({ servers, lockRoot, address, sessionTimeoutMs: Number(sessionTimeoutMs) });
  const { metaState, ...cluster } = memoryCluster({ metaServers: [address], apps: [{ appName: 'temp' }] });
  server.on('request', createPegasusHandler({ ...cluster, metaState: election.wrap(metaState) }));
  process.once('SIGTERM', async () => {
    await election.close();
    server.close();
    server.closeAllConnections();
  });
  await election.ready();
  process.stdout.write(`${address}\n`);
});
