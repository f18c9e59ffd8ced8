import type { App, MetaRole } from '../../model/cluster.js';
import { PegasusError } from '../../model/errors.js';
import { appFinder } from '../apps-by-name.js';
import { createOutageReport } from '../outage-report.js';
import { loadClientLibrary } from './client-library.js';
import { createClusterView } from './cluster-view.js';
import type { Connection } from './connection.js';
import { notActive } from './errors.js';
import { createFreshness } from './freshness.js';
import { createIntern } from './intern.js';
import { join } from './lock.js';
import { type Mirror, mirrorCluster, type StoredCluster } from './mirror.js';
import type { ZookeeperClusterOptions } from './options.js';
import { zookeeperCounters } from './perf-counters.js';
import { createReadiness } from './readiness.js';
import { resolveClusterOptions } from './resolve-options.js';
import { createSessionManager } from './session.js';
import type { ZookeeperCluster } from './types.js';

/**
 * Shows a live Pegasus cluster from the znodes that its meta servers write. Watches keep it current: the source reads only what has
 * changed, without polling. Each snapshot is a state that ZooKeeper held at one moment. While changes arrive faster than they can be
 * read (thousands per second), the last snapshot stays, with its age.
 *
 * Pegasus 2.6 stores host names beside IP addresses. They are shown if every replica has one, else IP addresses are shown everywhere. A
 * response never mixes both.
 *
 * ZooKeeper does not store which nodes are alive, the function level, the balancer's counts and the configured meta servers. They
 * are `UNKNOWN` or `unknown` unless the options supply them. A node without a replica is in no znode. The partitions of a dropped
 * table are not read.
 *
 * A znode that cannot be read fails its own table only: requests for it get `500 ERR_INVALID_DATA` or `ERR_ZOOKEEPER_OPERATION`. If
 * the table's own znode cannot be read, its name is not known, so requests for names that no other table has get the same error.
 * While the znode `apps` says `lock` or does not exist, every request gets 503. When ZooKeeper cannot be reached or refuses `apps`, the
 * last known state is served up to {@link ZookeeperClusterOptions.maxStaleMs}, with an `Age` header. Everything is read anew afterwards.
 *
 * @returns A source, which begins to read at once.
 * @throws TypeError if an option is wrong; `Error` if the package `node-zookeeper-client` is not installed.
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { createPegasusHandler } from 'pegasus-http';
 * import { zookeeperCluster } from 'pegasus-http/zookeeper';
 *
 * const cluster = zookeeperCluster({
 *   servers: '10.0.0.1:2181,10.0.0.2:2181,10.0.0.3:2181',
 *   clusterRoot: '/pegasus/c1',
 *   onError: (error) => console.warn(error.message),
 *   onRecover: (message) => console.warn(message),
 * });
 * await cluster.ready();
 * const server = createServer(createPegasusHandler(cluster)).listen(34601, '127.0.0.1');
 *
 * process.once('SIGTERM', async () => {
 *   server.close();
 *   await cluster.close();
 * });
 * ```
 */
export function zookeeperCluster(options: ZookeeperClusterOptions): ZookeeperCluster {
  const resolved = resolveClusterOptions(options);
  const { primaryUrl } = resolved;
  const appsPath = join(resolved.clusterRoot, 'apps');
  const absent = `there is no znode ${appsPath}: is clusterRoot right?`;
  const view = createClusterView(resolved);
  const freshness = createFreshness(resolved.maxStaleMs);
  const outage = createOutageReport(resolved);
  const intern = createIntern();

  let stored: StoredCluster | undefined;
  const find = appFinder();
  let lastError: PegasusError | undefined;
  let isClosed = false;
  let connectionLosses = 0;
  let znodeReads = 0;
  const readiness = createReadiness(notReadyReason, () => isClosed);

  const sessions = createSessionManager({
    library: loadClientLibrary(),
    servers: resolved.servers,
    sessionTimeoutMs: resolved.sessionTimeoutMs,
    onConnected(connection, server) {
      freshness.setMirror(startMirror(connection, server));
    },
    onLost({ error }) {
      // The first failed connection counts as a loss. Further attempts of the same outage do not.
      if (freshness.markDisconnected() || lastError === undefined) connectionLosses += 1;
      lastError = error;
      outage.begin(error);
    },
  });

  function startMirror(connection: Connection, server: string): Mirror {
    return mirrorCluster(connection, {
      ...resolved,
      intern,
      known: stored,
      onRead: () => {
        znodeReads += 1;
      },
      onProblem(error) {
        lastError = error;
        resolved.report(error);
      },
      onState(state) {
        stored = state;
        freshness.markFresh(connection);
        if (state.state === 'absent') outage.begin(new PegasusError('ERR_OBJECT_NOT_FOUND', absent));
        else outage.end(`ZooKeeper at ${server} has answered: the cluster is current again`);
        readiness.notify();
      },
    });
  }

  /** Returns the state that may be served. */
  function currentState(): StoredCluster {
    const reason = notReadyReason();
    if (reason !== undefined || stored === undefined) throw notActive(reason ?? 'not read yet');
    return stored;
  }

  function notReadyReason(): string | undefined {
    if (isClosed) return 'the source is closed';
    const because = lastError === undefined ? '' : `: ${lastError.message}`;
    if (stored === undefined) return `not read yet${because}`;
    if (freshness.isExpired()) return `the last known state is older than maxStaleMs allows${because}`;
    switch (stored.state) {
      case 'absent':
        return absent;
      case 'locked':
        return `znode ${appsPath} says lock: the tables are being written or restored`;
      default:
        return undefined;
    }
  }

  function role(): MetaRole {
    if (primaryUrl === undefined) return { role: 'primary' };
    const [primary] = currentState().liveMetaServers;
    return { role: 'backup', primaryUrl: primary === undefined ? null : primaryUrl(primary) };
  }

  function findApp(name: string): App | undefined {
    const state = currentState();
    const app = find(state.apps, name);
    if (app !== undefined) {
      const problem = state.problems.get(app.appId);
      if (problem !== undefined) throw problem;
      return app;
    }
    // A table whose own znode cannot be read may have this name, so "there is no such table" might be wrong.
    const readable = new Set(state.apps.map(({ appId }) => appId));
    for (const [appId, problem] of state.problems) if (!readable.has(appId)) throw problem;
    return undefined;
  }

  async function close(): Promise<void> {
    isClosed = true;
    readiness.notify();
    await sessions.close();
  }

  return {
    metaState: {
      role,
      app: findApp,
      cluster: () => view(currentState()),
      staleSince: freshness.staleSince,
    },
    perfCounters: zookeeperCounters({
      ageSeconds: freshness.ageSeconds,
      connectionLosses: () => connectionLosses,
      znodeReads: () => znodeReads,
      pendingReads: freshness.pendingReads,
    }),
    ready: readiness.ready,
    progress: () => ({ read: znodeReads, waiting: freshness.pendingReads() }),
    close,
    [Symbol.asyncDispose]: close,
  };
}
