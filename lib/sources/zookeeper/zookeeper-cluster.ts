import type { App, Cluster, MetaRole } from '../../model/cluster.js';
import type { PegasusError } from '../../model/errors.js';
import type { ClusterSource, MetaStateSource, PerfCounterSource } from '../../model/source.js';
import { indexByName } from '../apps-by-name.js';
import { loadClientLibrary } from './client-library.js';
import { clusterView } from './cluster-view.js';
import { currency } from './freshness.js';
import { join } from './lock.js';
import { mirrorCluster, type StoredCluster } from './mirror.js';
import { readClusterOptions, type ZookeeperClusterOptions } from './options.js';
import { zookeeperCounters } from './perf-counters.js';
import { notActive, readiness } from './readiness.js';
import { keepSession } from './session.js';

/** A Pegasus cluster as it lies in ZooKeeper, live: a source for `createPegasusHandler`. See {@link zookeeperCluster}. */
export interface ZookeeperCluster extends ClusterSource {
  readonly metaState: ZookeeperMetaState;
  /**
   * How this source itself is doing: `meta*zookeeper*state.age(s)`, `meta*zookeeper*connection.lost.count`,
   * `meta*zookeeper*znode.read.count` and `meta*zookeeper*znode.waiting.count`.
   */
  readonly perfCounters: PerfCounterSource;
  /**
   * Waits until the cluster has been read.
   *
   * @param timeoutMs - Default: 30,000. The cluster is read all the same when that is over.
   * @throws PegasusError `ERR_TIMEOUT` that says what is in the way; `ERR_SERVICE_NOT_ACTIVE` when it was closed.
   */
  ready(timeoutMs?: number): Promise<void>;
  /** How far the reading has come. */
  progress(): ReadProgress;
  /** Ends the session; nothing is left running, and every answer is 503. */
  close(): Promise<void>;
  /** The same as {@link ZookeeperCluster.close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** How far the reading of a cluster has come, for a progress bar. */
export interface ReadProgress {
  /** How many znodes have been read since the start; one that was read twice counts twice. */
  readonly read: number;
  /** How many are known and wait to be read: 0 when all is read. */
  readonly waiting: number;
}

/** The meta state of a {@link ZookeeperCluster}: it is at hand, so that nobody has to wait for an answer. */
export interface ZookeeperMetaState extends MetaStateSource {
  role(): MetaRole;
  app(name: string): App | undefined;
  cluster(): Cluster;
  staleSince(): number | undefined;
}

/**
 * Shows a Pegasus cluster out of the znodes that its meta servers write. Watches keep it current: a change shows up after one read of what has
 * changed, without polling. Each snapshot is a state that ZooKeeper really held at one moment; while changes come so fast that there is always one
 * more to read (thousands in a second), the last such state stands, with its age.
 *
 * What ZooKeeper cannot know is `UNKNOWN` or `unknown` unless the host supplies it: which nodes are alive, the function level, the
 * balancer's counts, the configured list of meta servers. A node that holds no replica is in no znode. The partitions of a dropped
 * table are not read.
 *
 * A znode that is garbage spoils its own table alone: that one is answered with `500 ERR_INVALID_DATA`. While `apps` says `lock`, or is not there,
 * every answer is 503. When ZooKeeper cannot be reached, the last known state is handed out up to
 * {@link ZookeeperClusterOptions.staleLimitMs}, with an `Age` header; everything is read anew when it is back.
 *
 * @throws PegasusError `ERR_INVALID_PARAMETERS` at once, when an option is not what it must be; `Error` when the package
 *   `node-zookeeper-client` is not installed.
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
 * });
 * await cluster.ready();
 * const server = createServer(createPegasusHandler(cluster)).listen(34601);
 *
 * process.once('SIGTERM', async () => {
 *   server.close();
 *   await cluster.close();
 * });
 * ```
 */
export function zookeeperCluster(options: ZookeeperClusterOptions): ZookeeperCluster {
  const settings = readClusterOptions(options);
  const { clusterRoot, redirectUrlOf, report } = settings;
  const view = clusterView(settings);
  const age = currency(settings.staleLimitMs);

  let stored: StoredCluster | undefined;
  let byName: { readonly of: StoredCluster; readonly names: ReadonlyMap<string, App> } | undefined;
  let lastError: PegasusError | undefined;
  let isClosed = false;
  let losses = 0;
  let reads = 0;
  const waiters = readiness(
    () => obstacleNow(),
    () => isClosed,
  );

  const keeper = keepSession({
    library: loadClientLibrary(),
    servers: settings.servers,
    sessionTimeoutMs: settings.sessionTimeoutMs,
    onConnected(connection) {
      const mirror = mirrorCluster(connection, {
        clusterRoot,
        lockRoots: settings.lockRoots,
        maxConcurrentReads: settings.maxConcurrentReads,
        known: stored,
        onRead: () => {
          reads += 1;
        },
        onProblem: fail,
        onState(state) {
          stored = state;
          age.renewed(connection);
          waiters.wake();
        },
      });
      age.reading(mirror);
    },
    onLost({ error }) {
      // Once for a loss; the attempts that fail until it is over are no news.
      if (age.lost() || lastError === undefined) {
        losses += 1;
        fail(error);
      }
      lastError = error;
    },
  });

  function fail(error: PegasusError): void {
    lastError = error;
    report(error);
  }

  /** The state that may be handed out. */
  function current(): StoredCluster {
    const obstacle = obstacleNow();
    if (obstacle !== undefined || stored === undefined) throw notActive(obstacle ?? 'not read yet');
    return stored;
  }

  function obstacleNow(): string | undefined {
    if (isClosed) return 'the source is closed';
    if (stored === undefined) return `not read yet${lastError === undefined ? '' : `: ${lastError.message}`}`;
    if (age.isOver()) return 'ZooKeeper has been out of reach for too long';
    switch (stored.state) {
      case 'absent':
        return `there is no znode ${join(clusterRoot, 'apps')}: is clusterRoot right?`;
      case 'locked':
        return `znode ${join(clusterRoot, 'apps')} says lock: the tables are being written or restored`;
      default:
        return undefined;
    }
  }

  async function close(): Promise<void> {
    isClosed = true;
    waiters.wake();
    await keeper.close();
  }

  return {
    metaState: {
      role() {
        if (redirectUrlOf === undefined) return { role: 'primary' };
        const [primary] = current().runningMetas;
        return { role: 'backup', primaryUrl: primary === undefined ? null : redirectUrlOf(primary) };
      },
      app(name) {
        const state = current();
        const problem = state.problems.get(name);
        if (problem !== undefined) throw problem;
        if (byName?.of !== state) byName = { of: state, names: indexByName(state.apps) };
        return byName.names.get(name);
      },
      cluster: () => view(current()),
      staleSince: age.staleSince,
    },
    perfCounters: zookeeperCounters({
      ageInSeconds: age.inSeconds,
      losses: () => losses,
      reads: () => reads,
      waiting: age.waiting,
    }),
    ready: waiters.ready,
    progress: () => ({ read: reads, waiting: age.waiting() }),
    close,
    [Symbol.asyncDispose]: close,
  };
}
