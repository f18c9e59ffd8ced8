// The server process of a campaign: every role over http and http2, each on a port of its own. Tells its ports, then what it is asked:
// `memory` (after a full collection; needs --expose-gc) and `problems`.
import { createServer } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import { createPegasusHandler, memoryCluster } from 'pegasus-http';
import { KNOWN_HOSTS, TOKEN } from './requests.js';

/** @type {string[]} */
const problems = [];
/** @param {unknown} problem */
const note = (problem) => void problems.push(String(problem));

process.on('warning', ({ name, message }) => note(`${name}: ${message}`));

/** @type {import('pegasus-http').CallNode} */
const leaf = { name: 'hot', url: '/app/hot.js', line: 7, count: 10, value: 10_000, children: [] };
const profile = {
  root: { ...leaf, name: '(root)', children: [leaf] },
  startMs: 0,
  durationMs: 0,
  period: 1_000,
};

/** @type {import('pegasus-http').Profiler} */
const profiler = {
  cpu: () => profile,
  heap: () => profile,
  growth: () => profile,
  symbolCount: () => 41,
  symbols: (addresses) => addresses.map((address) => (address === 0x123455 ? 'boost::ptr' : undefined)),
  mappedLibraries: () => ['00400000-0053f000 r-xp 00000000 fe:00 99 /usr/bin/node'],
  commandLine: () => ['/usr/bin/node', 'config.ini', '-app_list', 'replica'],
};

const [PRIMARY, BACKUP] = ['127.0.0.1:34601', '127.0.0.1:34602'];
const envs = Object.fromEntries([
  ['__proto__', 'x'],
  ['10', '\r\n'],
  ['9', '"'],
]);
const cluster = memoryCluster(
  {
    metaServers: [PRIMARY, BACKUP],
    nodes: ['127.0.0.1:34801', '127.0.0.1:34802', '127.0.0.1:34803'],
    apps: [
      { appName: 'stat', partitionCount: 4, createSecond: 1_565_843_655 },
      { appName: 'temp', partitionCount: 64, createSecond: 1_565_843_655, envs: { a: 'b' } },
      { appName: '中+&=', createSecond: 1_565_843_655 },
      { appName: '__proto__', createSecond: 1_565_843_655, envs },
      { appName: 'large', partitionCount: 10_000 },
    ],
    perfCounters: [
      {
        name: 'collector*app.pegasus*app.stat.read_qps#_all_',
        type: 'NUMBER',
        value: 0,
        description: 'read_qps',
      },
    ],
  },
  { profiler },
);

/** @type {import('pegasus-http').HandlerOptions} */
const options = {
  onError: ({ message, cause }) => note(`${message}: ${cause}`),
};

let denied = 0;

const handlers = {
  primary: createPegasusHandler(cluster.metaServer(PRIMARY), options),
  guarded: createPegasusHandler(cluster, {
    ...options,
    authorize({ headers }, { group }) {
      const isKnown = headers.authorization === TOKEN;
      denied += isKnown ? 0 : 1;
      const verdict = isKnown ? 'allow' : denied % 2 === 0 ? 'deny' : { challenge: 'Bearer realm="pegasus"' };
      return group === 'meta' ? Promise.resolve(verdict) : verdict;
    },
  }),
  backup: createPegasusHandler(cluster.metaServer(BACKUP), options),
  local: createPegasusHandler(cluster.metaServer(PRIMARY), { ...options, allowedHosts: KNOWN_HOSTS }),
};

/** Short, so that a client who says nothing does not hold a campaign up; a head of 10,000 parameters must reach the handler. */
const limits = {
  headersTimeout: 5_000,
  requestTimeout: 6_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 250,
  maxHeaderSize: 128 * 1024,
};

/** @type {Record<string, number>} */
const ports = {};
for (const [role, handler] of Object.entries(handlers)) {
  const http2 = createHttp2Server(handler);
  // Without it Node keeps a connection for good whose header compression broke, even when the client has left (seen in 20.20).
  http2.setTimeout(3_000);
  const servers = { http: createServer(limits, handler), http2 };
  for (const [protocol, server] of Object.entries(servers)) {
    await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
    ports[`${protocol} ${role}`] = /** @type {import('node:net').AddressInfo} */ (server.address()).port;
  }
}
process.send?.({ ports, primaryUrl: `http://${PRIMARY}` });

process.on('message', (asked) => {
  if (asked === 'problems') process.send?.({ problems });
  if (asked === 'memory') {
    globalThis.gc?.();
    const { rss, heapUsed, external } = process.memoryUsage();
    process.send?.({ rss, heapUsed, external, handles: process.getActiveResourcesInfo().length });
  }
});
process.on('disconnect', () => process.exit());
