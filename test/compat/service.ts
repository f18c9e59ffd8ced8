// A service that uses all of the package's entries, as its authors would write it. It is compiled and never run.
import { createServer } from 'node:http';
import {
  type App,
  type ClusterSource,
  combinePerfCounters,
  createPegasusFetch,
  createPegasusHandler,
  type HandlerOptions,
  memoryCluster,
  PegasusError,
  perfCounterRegistry,
  processCounters,
  processInfo,
} from 'pegasus-http';
import { createPegasusClient } from 'pegasus-http/client';
import { webConsole } from 'pegasus-http/console';
import { metaStateContract } from 'pegasus-http/contract';
import { processProfiler } from 'pegasus-http/profiler';
import { promClientCounters, promCounterName } from 'pegasus-http/prom-client';
import { remoteCluster } from 'pegasus-http/remote';
import { serveCluster } from 'pegasus-http/testing';
import { electPrimary, zookeeperCluster } from 'pegasus-http/zookeeper';

const cluster = memoryCluster({ nodes: ['127.0.0.1:34801'], apps: [{ appName: 'temp', partitionCount: 8 }] });
const counters = perfCounterRegistry();
counters.rate('replica*app.pegasus*get_qps@1.0', 'statistic the qps of GET request').inc();

const source: ClusterSource = {
  metaState: cluster.metaState,
  perfCounters: combinePerfCounters(counters, processCounters(), promClientCounters()),
  processInfo: { ...processInfo(), profiler: processProfiler() },
};
const options: HandlerOptions = {
  basePath: '/pegasus',
  timeoutMs: 1000,
  onError: (error) => console.error(error instanceof PegasusError ? error.code : error),
};
createServer(createPegasusHandler(source, options)).listen(0);

const pegasus = createPegasusFetch(source, {
  authorize: (request) => (request.headers.has('x') ? 'allow' : 'deny'),
});
export const answer: Promise<Response> = pegasus(new Request('http://127.0.0.1/version'));
createPegasusHandler(remoteCluster({ servers: ['127.0.0.1:34601'] }), { console: webConsole() });
createPegasusClient({ servers: ['127.0.0.1:34601'] });
serveCluster({ apps: [{ appName: 'temp' }] });

// What the types are there for: they are types, and tell what is wrong.
// @ts-expect-error: milliseconds are a number
createPegasusHandler(source, { timeoutMs: '1 s' });
// @ts-expect-error: a source is made of parts
createPegasusHandler({ metaState: { role: 'primary' } });
// @ts-expect-error: tables are named
memoryCluster({ apps: [{ partitionCount: 8 }] });

const live = zookeeperCluster({ servers: '127.0.0.1:2181', clusterRoot: '/pegasus/c1' });
const election = electPrimary({ servers: '127.0.0.1:2181', lockRoot: '/orders', address: '127.0.0.1:34601' });
createPegasusHandler({ ...live, metaState: election.wrap(live.metaState) });

export const names: string[] = metaStateContract(() => {
  throw new Error('none here');
}).map(({ name }) => name);
export const name: string = promCounterName({ metric: 'http_requests_total', stat: 'rate', labels: {} });
export const nameOf = (app: App): string => app.appName;
