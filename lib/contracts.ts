/**
 * What a host plugs in. Everything that the endpoints print comes through these contracts, as domain values:
 * numbers, unix times, unions of literals. Texts such as `"2/3"`, `"[a,b]"` or `"0.00"` are the endpoints' business.
 *
 * Three rules hold for every function here:
 * - it may answer at once or by a promise;
 * - its last argument is a {@link SourceCall}, whose `signal` fires when the answer is no longer wanted;
 * - it may throw (or reject with) a {@link PegasusError} to choose the error code of the response. Anything else that
 *   is thrown becomes `500 ERR_UNKNOWN`; the error itself goes to the host's `onError` and never to the client.
 *
 * @module
 */

import type { MaybePromise, SourceCall } from './call-contract.js';
import type { Profiler } from './profiler-contract.js';
import type { AppStatus, MetaFunctionLevel, NodeStatus, PerfCounterType } from './vocabulary.js';

export type { MaybePromise, SourceCall };

/**
 * All that one server knows, in three parts. A host gives the parts that it has: an endpoint whose part is missing
 * does not exist on that server (404, and `GET /` does not list it), as `/meta/*` does not exist on a replica server.
 *
 * @example A replica server: no meta state.
 * ```ts
 * import type { ClusterSource } from 'pegasus-http';
 *
 * const replicaServer: ClusterSource = {
 *   perfCounters: {
 *     read: (name) =>
 *       name === 'replica*app.pegasus*get_qps@1.0'
 *         ? { name, type: 'RATE', value: 17.5, description: 'statistic the qps of GET request' }
 *         : undefined,
 *   },
 *   processInfo: {
 *     version: () => ({ version: '2.5.0', gitCommit: 'cf428dc' }),
 *     startSecond: () => 1_565_713_320,
 *   },
 * };
 * ```
 */
export interface ClusterSource {
  /** Tables, nodes and cluster: `/meta/*`. */
  readonly metaState?: MetaStateSource | undefined;
  /** `/perfCounter`; {@link perfCounterRegistry} makes one, and {@link combinePerfCounters} makes one of several. */
  readonly perfCounters?: PerfCounterSource | undefined;
  /** `/version` and `/recentStartTime`, with a profiler also `/pprof/*`; {@link processInfo} makes the one of this process. */
  readonly processInfo?: ProcessInfoSource | undefined;
}

/**
 * The state that a meta server holds.
 *
 * What these functions hand out are **snapshots**: never changed after they were handed out, and what did not change
 * since the last one *is the same object as before* (`===`), down to the single partition. A consumer sees in O(1)
 * that a table, a partition or the whole cluster is as it was. Freeze snapshots deeply (`Object.freeze`): a frozen object is a promise
 * that may be relied on, an unfrozen one is read anew for every request.
 *
 * `pegasus-http/contract` exports the checks that every meta-state source must pass.
 */
export interface MetaStateSource {
  /**
   * Called first by every `/meta/*` request whose arguments are in order.
   *
   * @returns Whether this server is the primary meta (it answers) or a backup (it redirects, or answers 503 while
   *   nobody knows a primary).
   */
  role(call: SourceCall): MaybePromise<MetaRole>;

  /**
   * Called by `/meta/app` and `/meta/app_envs`.
   *
   * @param name - The table's name as the client sent it, decoded. It may be any non-empty text: `__proto__`,
   *   `constructor`, `0042`, 4,000 characters. Look it up in a `Map`, not in an object.
   * @returns The app of that name, `undefined` when there is none (404). Where several bore the name over time, the
   *   one that is not dropped. An app under way is answered with 503: `ERR_BUSY_CREATING` for `CREATING` and
   *   `RECALLING`, `ERR_BUSY_DROPPING` for `DROPPING`; every other status but `AVAILABLE` is a 404.
   */
  app(name: string, call: SourceCall): MaybePromise<App | undefined>;

  /**
   * Called by `/meta/apps`, `/meta/nodes` and `/meta/cluster`.
   *
   * @returns The whole cluster at one moment.
   */
  cluster(call: SourceCall): MaybePromise<Cluster>;

  /**
   * For a source that may have lost touch with what it reads from, and then hands out what it knew last. Called by every
   * `/meta/*` request when its answer is there; the answer then has an `Age` header, in whole seconds.
   *
   * @returns Unix time in seconds up to which that is known to be right; `undefined` while it is current.
   */
  staleSince?(call: SourceCall): MaybePromise<number | undefined>;
}

/** Whether a meta server leads; see {@link MetaStateSource.role}. */
export type MetaRole =
  | {
      /** It leads, and answers. */
      readonly role: 'primary';
    }
  | {
      /** It does not lead. */
      readonly role: 'backup';
      /**
       * Base URL of the primary meta, `http://10.0.0.1:34601` or with a mount prefix of its own
       * `http://10.0.0.1:8080/pegasus`; `null` while no primary is known (an election is under way).
       */
      readonly primaryUrl: string | null;
    };

/** The whole cluster at one moment; see {@link MetaStateSource.cluster}. */
export interface Cluster {
  /** Every app by ascending `appId`, whatever its status; the endpoints list and count only `AVAILABLE` ones. */
  readonly apps: readonly App[];
  /** Every replica server that the meta server knows, in any order. */
  readonly nodes: readonly ReplicaServer[];
  /** Addresses of the meta servers, in configured order. */
  readonly metaServers: readonly string[];
  /** Address of the primary meta server; `null` while none is known. */
  readonly primaryMetaServer: string | null;
  /** `host:port` of each ZooKeeper server, in configured order. */
  readonly zookeeperHosts: readonly string[];
  /** The cluster's root znode, for instance `/pegasus/onebox/127.0.0.1`. */
  readonly zookeeperRoot: string;
  /** How much the meta server meddles with the cluster. */
  readonly metaFunctionLevel: MetaFunctionLevel;
  /** What the balancer would do now, `unknown` where the source cannot know. */
  readonly balanceOperations: BalanceOperations | 'unknown';
}

/** A table. */
export interface App {
  /** Positive integer; unique, never reused. */
  readonly appId: number;
  /** Any non-empty text. */
  readonly appName: string;
  /** `pegasus` for every table that Pegasus makes. */
  readonly appType: string;
  /** Where the table is in its life. */
  readonly status: AppStatus;
  /** How many partitions it has. */
  readonly partitionCount: number;
  /** How many replicas each partition wants. */
  readonly maxReplicaCount: number;
  /** Whether it holds data (always, in practice). */
  readonly isStateful: boolean;
  /** Unix time in seconds, 0 for none. */
  readonly createSecond: number;
  /** Unix time in seconds when it was dropped, 0 for none. */
  readonly dropSecond: number;
  /** Unix time in seconds when a dropped table is removed for good, 0 for none. */
  readonly expireSecond: number;
  /**
   * Environment variables. Only own keys count, so that `__proto__` can be one: `JSON.parse` and
   * `Object.fromEntries` make such objects, a literal needs `['__proto__']`.
   */
  readonly envs: Readonly<Record<string, string>>;
  /**
   * By ascending `pidx`. A partition that is missing here (half-written state) counts as one without any replica.
   */
  readonly partitions: readonly Partition[];
}

/** A partition's configuration. */
export interface Partition {
  /** Index within the app: an integer from 0 to `partitionCount - 1`. */
  readonly pidx: number;
  /** Counts the changes of this configuration. */
  readonly ballot: number;
  /** Address of the node with the primary replica, `null` for none. */
  readonly primary: string | null;
  /** Addresses of the nodes with a secondary replica, in the partition's own order. */
  readonly secondaries: readonly string[];
}

/** A replica server, called a node in the answers. */
export interface ReplicaServer {
  /** `ip:port` or `host:port`. */
  readonly address: string;
  /** Whether the meta server hears from it. */
  readonly status: NodeStatus;
}

/** Counts of the balancer's proposals, by kind; their total is derived. */
export interface BalanceOperations {
  /** Proposals to make a secondary the primary. */
  readonly movePrimary: number;
  /** Proposals to copy a primary to another node. */
  readonly copyPrimary: number;
  /** Proposals to copy a secondary to another node. */
  readonly copySecondary: number;
}

/** The perf counters of one process. */
export interface PerfCounterSource {
  /**
   * Called by `/perfCounter`, once a request. Reading is not free of effects: as in Pegasus a `VOLATILE_NUMBER` goes
   * back to 0 when it is read, and a `RATE` is the rate per second since it was last read.
   *
   * @param name - The counter's full name as the client sent it, decoded, for instance
   *   `collector*app.pegasus*app.stat.read_qps#_all_`. Any text.
   * @returns The counter, `undefined` when there is none of that name (404).
   */
  read(name: string, call: SourceCall): MaybePromise<PerfCounter | undefined>;
}

/** What was read of one perf counter. */
export type PerfCounter =
  | {
      /** Its full name. */
      readonly name: string;
      /** The kinds that have one figure. */
      readonly type: Exclude<PerfCounterType, 'PERCENTILE'>;
      /** In the counter's own unit; a `RATE` is per second. */
      readonly value: number;
      /** One sentence. */
      readonly description: string;
    }
  | {
      /** Its full name. */
      readonly name: string;
      /** The kind that has two. */
      readonly type: 'PERCENTILE';
      /** 99% of the window's samples are at most this. */
      readonly p99: number;
      /** 99.9% of the window's samples are at most this. */
      readonly p999: number;
      /** One sentence. */
      readonly description: string;
    };

/** What a process says of itself. */
export interface ProcessInfoSource {
  /** Called by `/version`. */
  version(call: SourceCall): MaybePromise<ProcessVersion>;
  /**
   * Called by `/recentStartTime`.
   *
   * @returns Unix time in seconds when the process started.
   */
  startSecond(call: SourceCall): MaybePromise<number>;
  /** `/pprof/*`, which does not exist without. `processProfiler` of `pegasus-http/profiler` makes one for this process. */
  readonly profiler?: Profiler | undefined;
}

/** The version of a process. */
export interface ProcessVersion {
  /** For instance `1.12.SNAPSHOT`. */
  readonly version: string;
  /** The commit that it was built from. */
  readonly gitCommit: string;
}
