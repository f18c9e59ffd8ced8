// What must not compile. `npm run types` checks it: a line that compiles after all is an error there. Nothing here is ever run.
import { createServer, type IncomingMessage } from 'node:http';
import type { Request } from 'express';
import { metaStateContract } from '../../../lib/contract/index.js';
import {
  type App,
  type Cluster,
  type ClusterSource,
  combinePerfCounters,
  configRegistry,
  createPegasusHandler,
  memoryCluster,
  type Partition,
  PegasusError,
  type PegasusErrorCode,
  type PegasusHandler,
  type PerfCounter,
  perfCounterRegistry,
  processCounters,
  processInfo,
  requestCounters,
} from '../../../lib/index.js';
import { processProfiler } from '../../../lib/sources/profiler/index.js';
import { promClientCounters, promCounterName } from '../../../lib/sources/prom-client/index.js';
import { electPrimary, zookeeperCluster } from '../../../lib/sources/zookeeper/index.js';

const cluster = memoryCluster();
const handler = createPegasusHandler(cluster);
const { metaState, processInfo: info } = cluster;
const snapshot: Cluster = metaState.cluster();
declare const app: App;
declare const partition: Partition;

/** Takes what the type says. */
function is<T>(value: T): T {
  return value;
}

export function theHandler(): void {
  // @ts-expect-error it is a function, not a class
  new createPegasusHandler(cluster);
  // @ts-expect-error what it makes is a function, not a class
  new handler();
  // @ts-expect-error a response is required
  handler({} as Parameters<PegasusHandler>[0]);
  // @ts-expect-error it answers by the response
  handler({} as never, {} as never).then(() => {});
  // @ts-expect-error the maker of handlers is no request listener
  createServer(createPegasusHandler);
  // @ts-expect-error no source
  createPegasusHandler();
  // @ts-expect-error the function that makes a source, not called
  createPegasusHandler(memoryCluster);
  // @ts-expect-error a promise of a source: await it
  createPegasusHandler(Promise.resolve(cluster));
  // @ts-expect-error a part in the place of the whole
  createPegasusHandler(metaState);
  // @ts-expect-error misspelt
  createPegasusHandler(cluster, { timeoutMS: 100 });
  // @ts-expect-error milliseconds are a number
  createPegasusHandler(cluster, { timeoutMs: '10s' });
  // @ts-expect-error no such format
  createPegasusHandler(cluster, { pprof: { defaultFormat: 'json' } });
  createPegasusHandler(cluster, {
    // @ts-expect-error an error has no status, but a code
    onError: (error) => error.status,
  });
}

/** A host whose middleware, such as passport, sets `req.user`. */
export function theRequestOfAHost(): void {
  interface User {
    readonly roles: readonly string[];
  }
  createPegasusHandler(cluster, {
    authorize: (req: IncomingMessage & { user?: User }, { access }) =>
      access === 'read' || req.user?.roles.includes('operator') ? 'allow' : 'deny',
  });
  createPegasusHandler<IncomingMessage & { user?: User }>(cluster, {
    authorize: ({ user }) => (user === undefined ? { challenge: 'Basic' } : 'allow'),
    onError: (error, { user }) => is<[string, readonly string[] | undefined]>([error.message, user?.roles]),
  });
  createPegasusHandler<Request>(cluster, { authorize: ({ ip }) => (ip === '127.0.0.1' ? 'allow' : 'deny') });
  // @ts-expect-error no middleware is named that sets it
  createPegasusHandler(cluster, { authorize: ({ user }) => (user === undefined ? 'deny' : 'allow') });
  // @ts-expect-error no request at all
  createPegasusHandler<{ user: User }>(cluster);
}

export function theSource(): void {
  // @ts-expect-error misspelt
  is<ClusterSource>({ metastate: metaState });
  is<ClusterSource>({
    // @ts-expect-error no cluster()
    metaState: { role: () => ({ role: 'primary' }), app: () => undefined },
  });
  is<ClusterSource>({
    // @ts-expect-error `leader` is no role
    metaState: { ...metaState, role: () => ({ role: 'leader' }) },
  });
  is<ClusterSource>({
    // @ts-expect-error a backup says where the primary is, or null
    metaState: { ...metaState, role: () => ({ role: 'backup' }) },
  });
  is<ClusterSource>({
    // @ts-expect-error `undefined` means that there is none
    metaState: { ...metaState, app: () => null },
  });
  is<ClusterSource>({
    // @ts-expect-error a function that tells the version
    processInfo: { ...info, version: { version: '1.0.0', gitCommit: 'cf428dc' } },
  });
  is<ClusterSource>({
    // @ts-expect-error unix seconds
    processInfo: { ...info, startSecond: () => new Date() },
  });
  // @ts-expect-error one of the parts is called perfCounters
  createPegasusHandler({ perfCounter: perfCounterRegistry() });
  // @ts-expect-error not a subject
  metaStateContract(() => cluster);
}

export function theValues(): void {
  // @ts-expect-error no such status of a table
  is<App>({ ...app, status: 'AS_AVAILABLE' });
  // @ts-expect-error no such status of a node
  is<Cluster>({ ...snapshot, nodes: [{ address: '127.0.0.1:34801', status: 'DEAD' }] });
  // @ts-expect-error no such level
  is<Cluster>({ ...snapshot, metaFunctionLevel: 'frozen' });
  // @ts-expect-error none is null, not an empty text... nor nothing
  is<Partition>({ ...partition, primary: undefined });
  // @ts-expect-error numbers are numbers, the endpoints print them
  is<App>({ ...app, partitionCount: '8' });
  // @ts-expect-error values of environment variables are text
  is<App>({ ...app, envs: { ttl: 60 } });
  // @ts-expect-error a percentile has two figures
  is<PerfCounter>({ name: 'a*b*c', type: 'PERCENTILE', value: 1, description: '' });
  // @ts-expect-error a rate has one figure
  is<PerfCounter>({ name: 'a*b*c', type: 'RATE', p99: 1, p999: 1, description: '' });
  // @ts-expect-error no such code
  throw new PegasusError('ERR_NOT_FOUND', 'nothing here');
}

export function theSnapshots(): void {
  // @ts-expect-error a snapshot never changes
  snapshot.metaFunctionLevel = 'lively';
  // @ts-expect-error nor do its lists
  snapshot.apps.push(app);
  // @ts-expect-error nor what is in them
  app.partitions[0] = partition;
  // @ts-expect-error down to the single partition
  partition.ballot += 1;
  // @ts-expect-error and its secondaries
  partition.secondaries.sort();
  // @ts-expect-error and its environment variables
  app.envs['ttl'] = '60';
}

export function theFake(): void {
  // @ts-expect-error misspelt
  memoryCluster({ tables: [] });
  // @ts-expect-error a table has a name
  memoryCluster({ apps: [{ partitionCount: 8 }] });
  // @ts-expect-error names are Pegasus's in camel case
  memoryCluster({ apps: [{ app_name: 'temp' }] });
  // @ts-expect-error a primary or null
  cluster.setPartition('temp', 0, { secondaries: [] });
  // @ts-expect-error no port alone
  cluster.killNode(34801);
}

export function theCounters(): void {
  const counters = perfCounterRegistry();
  // @ts-expect-error the description says what is counted
  counters.rate('a*b*c');
  // @ts-expect-error a rate is added to, never set
  counters.rate('a*b*c', 'events').set(1);
  // @ts-expect-error a percentile takes samples
  counters.percentile('a*b*c', 'latency').add(1);
  // @ts-expect-error a function that is called whenever it is read
  counters.number('a*b*c', 'queue', { collect: 17 });
  // @ts-expect-error with collect nothing is returned
  counters.number('a*b*c', 'queue', { collect: () => 17 }).set(1);
  // @ts-expect-error a percentile collects two values
  counters.percentile('a*b*c', 'latency', { collect: () => 17 });
  // @ts-expect-error collect takes the place of the other options
  counters.percentile('a*b*c', 'latency', { collect: () => ({ p99: 1, p999: 1 }), windowMs: 1 });
  // @ts-expect-error misspelt
  counters.percentile('a*b*c', 'latency', { windowMS: 1 });
  // @ts-expect-error sources, not names
  combinePerfCounters('a*b*c');
  // @ts-expect-error a handler, not a server
  requestCounters().observe(createServer());
  // @ts-expect-error misspelt
  processCounters({ idleMS: 1 });
  // @ts-expect-error misspelt
  processInfo({ commit: 'cf428dc' });
  // @ts-expect-error misspelt
  processProfiler({ heapSamplingBytes: 1 });
  // @ts-expect-error a registry, not the options
  promClientCounters({ windowMs: 1 });
  // @ts-expect-error no such reading
  promCounterName({ metric: 'orders_total', stat: 'count' });
}

export function theConfiguration(): void {
  const about = { section: 's', description: 'd' };
  const config = configRegistry(
    {
      threads: { ...about, type: 'int32', default: 4, isMutable: true, validate: (value) => value > 0 },
      bytes: { ...about, type: 'uint64', default: 4n, validate: (value) => value > 0n || 'too few' },
      level: { ...about, type: 'string', default: 'info', env: 'LEVEL' },
      verbose: { ...about, type: 'bool', default: false },
    },
    { values: { bytes: 17 }, groupValidators: { few: ({ threads, bytes }) => threads < Number(bytes) } },
  );
  is<number>(config.get('threads'));
  is<bigint>(config.get('bytes'));
  is<string>(config.get('level'));
  is<boolean>(config.get('verbose'));
  config.onChange('threads', (value, previous) => value - previous);
  createPegasusHandler({ config });
  // @ts-expect-error an int64 is a bigint
  is<number>(config.get('bytes'));
  // @ts-expect-error misspelt
  config.get('thread');
  // @ts-expect-error of another type
  config.set('threads', '4');
  // @ts-expect-error a listener gets the flag's type
  config.onChange('level', (value: number) => value);
  // @ts-expect-error of another type than its default
  configRegistry({ a: { ...about, type: 'int64', default: 4 } });
  // @ts-expect-error no such type
  configRegistry({ a: { ...about, type: 'FV_BOOL', default: true } });
  // @ts-expect-error a validator returns its verdict
  configRegistry({ a: { ...about, type: 'bool', default: true, validate: () => {} } });
  // @ts-expect-error a value of no flag
  configRegistry({ a: { ...about, type: 'bool', default: true } }, { values: { b: true } });
}

export function theZookeeper(): void {
  // @ts-expect-error which cluster?
  zookeeperCluster({ servers: '10.0.0.1:2181' });
  // @ts-expect-error misspelt
  zookeeperCluster({ servers: '10.0.0.1:2181', clusterroot: '/pegasus' });
  // @ts-expect-error who am I?
  electPrimary({ servers: '10.0.0.1:2181', lockRoot: '/orders' });
}

/** A switch over the codes narrows, and tells which one was forgotten. */
export function forgotten(code: PegasusErrorCode): number {
  switch (code) {
    case 'ERR_TIMEOUT':
      return 504;
    default: {
      // @ts-expect-error all the others
      const none: never = code;
      return none;
    }
  }
}

/** What must compile: a source in JavaScript's loosest way, without one annotation. */
export const fine: PegasusHandler = createPegasusHandler({
  metaState: {
    role: async () => ({ role: 'backup', primaryUrl: null }),
    app: async (_name, { signal }) => (signal.aborted ? undefined : app),
    cluster: () => snapshot,
  },
  perfCounters: {
    read: (name) => (name === 'a*b*c' ? { name, type: 'NUMBER', value: 1, description: 'one' } : undefined),
  },
});
