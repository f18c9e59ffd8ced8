// The server process of a soak: a cluster that never rests, sources that fail, profiles. Tells every state of the cluster as it comes to
// be, and how the process is when it is asked.
import { createServer } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { combinePerfCounters, createPegasusHandler, memoryCluster, processCounters } from 'pegasus-http';
import { processProfiler } from 'pegasus-http/profiler';
import { faulty, pick } from './faults.js';

/** Of the calls of a source. */
const FAULT_SHARE = 0.1;

const METAS = ['127.0.0.1:34601', '127.0.0.1:34602'];
const NODES = Array.from({ length: 5 }, (_, i) => `127.0.0.1:${34_801 + i}`);

const profiler = processProfiler({ heapSampleBytes: 524_288 });
const cluster = memoryCluster(
  {
    metaServers: METAS,
    nodes: NODES,
    apps: [
      ...Array.from({ length: 6 }, (_, i) => ({ appName: `table${i}`, partitionCount: 8 })),
      { appName: 'large', partitionCount: 3_000 },
    ],
    perfCounters: [{ name: 'a*b*c', type: 'NUMBER', value: 1, description: 'a counter' }],
  },
  { profiler },
);

/** @type {Record<string, number>} */
const faults = {};
let reported = 0;
/** @type {string[]} */
const problems = [];
process.on('warning', ({ name, message }) => problems.push(`${name}: ${message}`));
process.on('unhandledRejection', (reason) => problems.push(`unhandled rejection: ${reason}`));

/**
 * @param {import('pegasus-http').ClusterSource} source
 * @param {number} [timeoutMs]
 */
function handlerOf(source, timeoutMs) {
  function onError() {
    reported += 1;
  }
  return createPegasusHandler(source, { timeoutMs, onError });
}

/** @param {string} fault */
function onFault(fault) {
  faults[fault] = (faults[fault] ?? 0) + 1;
}

const { metaState, perfCounters, processInfo } = cluster;
const counters = processCounters();
const failingSource = {
  metaState: faulty(metaState, FAULT_SHARE, onFault),
  perfCounters: faulty(perfCounters, FAULT_SHARE, onFault),
  processInfo: faulty(
    { version: processInfo.version, startSecond: processInfo.startSecond },
    FAULT_SHARE,
    onFault,
  ),
};
const failing = handlerOf(failingSource, 150);
// All HTTP/2 requests share one connection, which a busy machine must not lose.
const failingHttp2 = handlerOf(failingSource, 5_000);
const meta = handlerOf(cluster.metaServer(/** @type {string} */ (METAS[0])));
const replica = handlerOf({ processInfo, perfCounters: combinePerfCounters(perfCounters, counters) });

const servers = {
  failing: createServer(failing),
  http2: createHttp2Server(failingHttp2),
  meta: createServer(meta),
  replica: createServer(replica),
};

// An idle connection that Node's server closes in the moment in which a client uses it again would look like an answer lost.
for (const server of [servers.failing, servers.meta, servers.replica]) server.keepAliveTimeout = 600_000;

/** @type {Record<string, number>} */
const ports = {};
for (const [name, server] of Object.entries(servers)) {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  ports[name] = /** @type {import('node:net').AddressInfo} */ (server.address()).port;
}

const nowMs = () => Number(process.hrtime.bigint() / 1000n) / 1000;

/** @type {Map<number, import('pegasus-http').App>} */
let told = new Map();

/**
 * Tells what has changed, by the identity of what has not.
 *
 * @param {number} sinceMs - A time before the change.
 */
function tell(sinceMs) {
  const { apps, ...rest } = metaState.cluster();
  const changed = apps.filter((app) => told.get(app.appId) !== app);
  told = new Map(apps.map((app) => [app.appId, app]));
  process.send?.({ state: { sinceMs, untilMs: nowMs(), changed, rest } });
}

let changes = 0;
/** @type {readonly (() => unknown)[]} */
const OPERATIONS = [
  () => cluster.setAppEnvs(`table${changes % 6}`, { count: String(changes) }),
  () => cluster.setAppEnvs('large', { count: String(changes) }),
  () => {
    const [primary = '', ...others] = metaState
      .cluster()
      .nodes.filter(({ status }) => status === 'ALIVE')
      .map(({ address }) => address);
    return cluster.setPartition(`table${changes % 6}`, changes % 8, {
      primary,
      secondaries: others.slice(0, 2),
    });
  },
  // Rarely, for a dropped table stays in the cluster.
  () =>
    changes % 4 === 0 &&
    (metaState.app('guest') === undefined || metaState.app('guest')?.status === 'DROPPED') &&
    cluster.createApp({ appName: 'guest', partitionCount: 2 }),
  () => changes % 4 === 0 && metaState.app('guest')?.status === 'AVAILABLE' && cluster.dropApp('guest'),
  // An election takes until the next change.
  () => cluster.electPrimaryMeta(changes % 6 === 0 ? null : (pick(METAS) ?? null)),
  () => changes % 8 === 0 && cluster.killNode(pick(NODES) ?? ''),
  () => cluster.reviveNode(pick(NODES) ?? ''),
];

const changing = setInterval(() => {
  changes += 1;
  const sinceMs = nowMs();
  try {
    if (metaState.cluster().primaryMetaServer === null) cluster.electPrimaryMeta(pick(METAS) ?? null);
    else pick(OPERATIONS)?.();
  } catch {
    // Such as killing a node that is dead already.
  }
  tell(sinceMs);
}, 50);
const beating = setInterval(() => process.send?.({ beatMs: nowMs() }), 100);

const delay = monitorEventLoopDelay({ resolution: 5 });
delay.enable();

process.on('message', (asked) => {
  if (asked === 'rest') {
    clearInterval(changing);
    clearInterval(beating);
    delay.disable();
  }
  if (asked !== 'stats') return;
  globalThis.gc?.();
  const { rss, heapUsed, external } = process.memoryUsage();
  const resources = process.getActiveResourcesInfo();
  const percentiles = Object.fromEntries([50, 99, 99.9, 100].map((p) => [p, delay.percentile(p) / 1e6]));
  process.send?.({
    stats: { rss, heapUsed, external, resources, delay: percentiles, faults, reported, changes, problems },
  });
});
process.on('disconnect', () => process.exit());

tell(0);
process.send?.({ ports, metas: METAS });
