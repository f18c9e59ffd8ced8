/** A service that answers itself a few requests; every entry but the console is in its bundle. */
export const SERVICE = `
import { createServer } from 'node:http';
import { createPegasusFetch, createPegasusHandler, memoryCluster, PegasusError, processInfo } from 'pegasus-http';
import { createPegasusClient } from 'pegasus-http/client';
import { metaStateContract } from 'pegasus-http/contract';
import { processProfiler } from 'pegasus-http/profiler';
import { promClientCounters } from 'pegasus-http/prom-client';
import { remoteCluster } from 'pegasus-http/remote';
import { serveCluster } from 'pegasus-http/testing';
import { zookeeperCluster } from 'pegasus-http/zookeeper';

const used = [createPegasusFetch, PegasusError, createPegasusClient, metaStateContract, remoteCluster, serveCluster, zookeeperCluster];
if (used.some((one) => typeof one !== 'function')) throw new Error('an export is missing');
const cluster = memoryCluster({ nodes: ['127.0.0.1:34801'], apps: [{ appName: 'temp' }] });
const source = {
  metaState: cluster.metaState,
  perfCounters: promClientCounters(),
  processInfo: { ...processInfo(), profiler: processProfiler() },
};
const server = createServer(createPegasusHandler(source)).listen(0, '127.0.0.1', async () => {
  const statuses = [];
  for (const target of ['/meta/app?name=temp', '/version', '/perfCounter?name=none', '/pprof/cmdline']) {
    const response = await fetch(\`http://127.0.0.1:\${server.address().port}\${target}\`);
    await response.text();
    statuses.push(response.status);
  }
  console.log(statuses.join());
  server.close();
  server.closeAllConnections();
});
`;
/** What it prints: the statuses. */
export const ANSWERED = '200,200,404,200\n';
