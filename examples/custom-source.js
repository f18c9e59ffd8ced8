// Implements a source: a service with its own list of tables serves it as Pegasus would.
// Table state is returned synchronously. A slow lookup returns a promise and stops when its signal aborts.
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { createPegasusHandler, PegasusError } from 'pegasus-http';
import { port } from './port.js';

const startSecond = Date.now() / 1000 - process.uptime();

/** @type {import('pegasus-http').App} */
const orders = {
  appId: 1,
  appName: 'orders',
  appType: 'pegasus',
  status: 'AVAILABLE',
  partitionCount: 1,
  maxReplicaCount: 2,
  isStateful: true,
  createSecond: startSecond,
  dropSecond: 0,
  expireSecond: 0,
  envs: {},
  partitions: [{ pidx: 0, ballot: 1, primary: '10.0.0.1:34801', secondaries: ['10.0.0.2:34801'] }],
};

/** @type {import('pegasus-http').Cluster} */
const state = {
  apps: [orders],
  nodes: [
    { address: '10.0.0.1:34801', status: 'ALIVE' },
    { address: '10.0.0.2:34801', status: 'ALIVE' },
  ],
  metaServers: ['10.0.0.3:34601'],
  primaryMetaServer: '10.0.0.3:34601',
  zookeeperHosts: ['10.0.0.4:2181'],
  zookeeperRoot: '/pegasus/orders',
  metaFunctionLevel: 'steady',
  balanceOperations: 'unknown',
};

/** @type {import('pegasus-http').ClusterSource} */
const source = {
  metaState: {
    role: () => ({ role: 'primary' }),
    app: (name) => state.apps.find(({ appName }) => appName === name),
    cluster: () => state,
  },
  perfCounters: {
    // A function may return a promise. The signal aborts when no request waits for the result any more.
    async read(name, { signal }) {
      await sleep(10, undefined, { signal });
      if (name === 'orders*server*broken')
        throw new PegasusError('ERR_NETWORK_FAILURE', 'no route to 10.0.0.9');
      if (name !== 'orders*server*rss(MB)') return undefined;
      const value = process.memoryUsage.rss() / 2 ** 20;
      return { name, type: 'NUMBER', value, description: 'resident memory of this process' };
    },
  },
  processInfo: {
    version: () => ({ version: '3.1.4', gitCommit: 'cf428dc' }),
    startSecond: () => startSecond,
  },
};

const handler = createPegasusHandler(source, {
  timeoutMs: 2_000,
  onError: (error, req) => console.error(`${req.url}: ${error.message}:`, error.cause),
});

const server = createServer(handler);
server.listen(port, '127.0.0.1', () => {
  const { port: actual } = /** @type {import('node:net').AddressInfo} */ (server.address());
  console.log(`open http://127.0.0.1:${actual}/`);
});
