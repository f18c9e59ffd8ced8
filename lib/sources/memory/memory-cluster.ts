import { isDeepStrictEqual } from 'node:util';
import type { App, Cluster, MetaRole, Partition, PerfCounter } from '../../model/cluster.js';
import { invalidParameters, PegasusError } from '../../model/errors.js';
import type { Profiler } from '../../model/profiler.js';
import type {
  ClusterSource,
  MetaStateSource,
  PerfCounterSource,
  ProcessInfoSource,
} from '../../model/source.js';
import * as check from '../../validate/checks.js';
import { describeValue } from '../../validate/describe-value.js';
import { clusterState } from './cluster-state.js';
import type { AppDescription, ClusterDescription, PartitionDescription } from './description.js';
import { parseDescription, parsePerfCounter } from './parse.js';
import { livingAddresses, parseApp, parseEnvs, parsePartition } from './parse-app.js';
import { isMember, withNode, withoutNode } from './partitions.js';
import { staticCounter } from './static-counter.js';

/** A week, for which the meta server keeps a dropped table by default (`hold_seconds_for_dropped_app`). */
const HOLD_SECONDS = 604_800;

/**
 * A cluster in memory: a source for {@link createPegasusHandler} and the fake for everyone's tests. As a source it is the
 * primary meta server; {@link MemoryCluster.metaServer} and {@link MemoryCluster.replicaServer} give the other views of it.
 *
 * The operations change it as a real cluster changes. They check what they are given and throw a {@link PegasusError} that says
 * what is wrong: `ERR_INVALID_PARAMETERS`, `ERR_OBJECT_NOT_FOUND` for what is not there, `ERR_APP_EXIST`, or
 * `ERR_INVALID_STATE` (killing a dead node).
 */
export interface MemoryCluster extends ClusterSource {
  readonly metaState: MemoryMetaState;
  readonly perfCounters: PerfCounterSource;
  readonly processInfo: ProcessInfoSource;
  /** The cluster as one of its meta servers sees it: the primary answers `/meta/*`, the others redirect to it. */
  metaServer(address: string): ClusterSource;
  /** The cluster as a replica server sees it: no meta state. */
  replicaServer(address: string): ClusterSource;
  /** Creates a table; its partitions are placed on the living nodes unless the description says where they are. */
  createApp(app: AppDescription): App;
  /** Drops a table: it keeps its id and its state, but no answer shows it. `holdSeconds` (a week) later it expires. */
  dropApp(appName: string, options?: { readonly holdSeconds?: number }): App;
  /** Sets environment variables of a table and keeps its others; `null` takes one away. */
  setAppEnvs(appName: string, envs: Readonly<Record<string, string | null>>): App;
  /** Sets the configuration of a partition. The ballot rises by one unless a higher one is given. */
  setPartition(appName: string, pidx: number, configuration: Omit<PartitionDescription, 'pidx'>): Partition;
  /**
   * Kills a node: it is UNALIVE, its primaries move to the first living secondary (the ballot rises by two), and it leaves the
   * other partitions that it served (the ballot rises by one). A partition that nobody is left to lead has no primary.
   */
  killNode(address: string): void;
  /** Revives a node: it joins again where it was lost and a replica is missing (the ballot rises by one). */
  reviveNode(address: string): void;
  /** Makes another meta server the primary; `null`: an election is under way, and `/meta/*` is 503. */
  electPrimaryMeta(address: string | null): void;
  /** Adds a perf counter or gives it another value. */
  setPerfCounter(counter: PerfCounter): void;
}

/** What a {@link MemoryCluster} has that is not plain data. */
export interface MemoryClusterOptions {
  /** Puts `/pprof/*` on all its servers: they share one process, and so one profiler. */
  readonly profiler?: Profiler | undefined;
}

/** The meta state of a {@link MemoryCluster}: it is there at once, so that a test can look at it without waiting. */
export interface MemoryMetaState extends MetaStateSource {
  role(): MetaRole;
  app(name: string): App | undefined;
  cluster(): Cluster;
}

/**
 * Builds a {@link MemoryCluster}.
 *
 * @param description - Plain data, from a literal or a JSON file; see {@link ClusterDescription}.
 * @param options - See {@link MemoryClusterOptions}.
 * @throws PegasusError `ERR_INVALID_PARAMETERS` that says what is wrong, and where.
 *
 * @example A dashboard's test: how does it show a table that has lost a node?
 * ```ts
 * import { createServer } from 'node:http';
 * import { createPegasusHandler, memoryCluster } from 'pegasus-http';
 *
 * const cluster = memoryCluster({
 *   nodes: ['127.0.0.1:34801', '127.0.0.1:34802', '127.0.0.1:34803'],
 *   apps: [{ appName: 'temp', partitionCount: 8 }],
 * });
 * const server = createServer(createPegasusHandler(cluster)).listen(34601);
 * cluster.killNode('127.0.0.1:34803');
 * // GET /meta/app?name=temp&detail: every partition has 2/3
 * server.close();
 * ```
 */
export function memoryCluster(
  description: ClusterDescription = {},
  options: MemoryClusterOptions = {},
): MemoryCluster {
  check.objectWithKeys(options, 'memoryCluster', ['profiler'], 'option');
  const { profiler } = options;
  const { version, startSecond, metaServerUrls, cluster, ...parsed } = parseDescription(description);
  const counters = new Map(parsed.perfCounters.map((counter) => [counter.name, staticCounter(counter)]));
  /** Where a node was lost, as `appId.pidx`: there it may join again. */
  const losses = new Map<string, Set<string>>();
  const state = clusterState(cluster);

  const perfCounters: PerfCounterSource = { read: (name) => counters.get(name)?.() };
  const processInfo: ProcessInfoSource = { version: () => version, startSecond: () => startSecond, profiler };

  function metaState(isPrimary: (primary: string) => boolean): MemoryMetaState {
    return {
      role() {
        const primary = state.current().primaryMetaServer;
        if (primary === null) return { role: 'backup', primaryUrl: null };
        if (isPrimary(primary)) return { role: 'primary' };
        return { role: 'backup', primaryUrl: metaServerUrls.get(primary) as string };
      },
      app: state.app,
      cluster: state.current,
    };
  }

  return {
    metaState: metaState(() => true),
    perfCounters,
    processInfo,

    metaServer(address) {
      check.oneOf(address, 'address', state.current().metaServers);
      return { metaState: metaState((primary) => primary === address), perfCounters, processInfo };
    },

    replicaServer(address) {
      const addresses = state.current().nodes.map((node) => node.address);
      check.oneOf(address, 'address', addresses);
      return { perfCounters, processInfo };
    },

    createApp(description) {
      const { nodes, apps } = state.current();
      const app = parseApp(description, 'app', nodes, apps);
      state.change({ apps: Object.freeze([...apps, app].sort((a, b) => a.appId - b.appId)) });
      return app;
    },

    dropApp(appName, { holdSeconds = HOLD_SECONDS } = {}) {
      const app = state.existingApp(appName);
      const dropSecond = Math.floor(Date.now() / 1000);
      const expireSecond = dropSecond + check.integer(holdSeconds, 'holdSeconds');
      return state.replaceApp(app, { status: 'DROPPED', dropSecond, expireSecond });
    },

    setAppEnvs(appName, envs) {
      const app = state.existingApp(appName);
      const kept = Object.entries({ ...app.envs, ...check.object(envs, 'envs') }).filter(
        ([, value]) => value !== null,
      );
      const changed = parseEnvs(Object.fromEntries(kept), 'envs');
      return isDeepStrictEqual(changed, app.envs) ? app : state.replaceApp(app, { envs: changed });
    },

    setPartition(appName, pidx, configuration) {
      const app = state.existingApp(appName);
      const index = app.partitions.findIndex((partition) => partition.pidx === pidx);
      const old = app.partitions[index];
      if (old === undefined) {
        throw new PegasusError(
          'ERR_OBJECT_NOT_FOUND',
          `table ${describeValue(appName)} has no partition ${describeValue(pidx)}`,
        );
      }
      const defaults = { pidx, ballot: old.ballot + 1 };
      const partition = parsePartition(configuration, 'configuration', defaults, state.current().nodes);
      if (partition.pidx !== pidx) throw invalidParameters('configuration.pidx must not differ from pidx');
      if (partition.ballot <= old.ballot) {
        throw invalidParameters(`configuration.ballot must be above ${old.ballot}, not ${partition.ballot}`);
      }
      state.replaceApp(app, { partitions: Object.freeze(app.partitions.with(index, partition)) });
      return partition;
    },

    killNode(address) {
      state.setNodeStatus(address, 'UNALIVE');
      const living = new Set(livingAddresses(state.current().nodes));
      const lost = new Set<string>();
      state.changePartitions((partition, app) => {
        if (isMember(partition, address)) lost.add(`${app.appId}.${partition.pidx}`);
        return withoutNode(partition, address, (other) => living.has(other));
      });
      losses.set(address, lost);
    },

    reviveNode(address) {
      state.setNodeStatus(address, 'ALIVE');
      const lost = losses.get(address);
      state.changePartitions((partition, app) => {
        if (lost?.has(`${app.appId}.${partition.pidx}`) !== true) return partition;
        return withNode(partition, address, app.maxReplicaCount);
      });
      losses.delete(address);
    },

    electPrimaryMeta(address) {
      const { metaServers, primaryMetaServer } = state.current();
      const elected = address === null ? null : check.oneOf(address, 'address', metaServers);
      if (elected !== primaryMetaServer) state.change({ primaryMetaServer: elected });
    },

    setPerfCounter(counter) {
      const parsedCounter = parsePerfCounter(counter, 'counter');
      counters.set(parsedCounter.name, staticCounter(parsedCounter));
    },
  };
}
