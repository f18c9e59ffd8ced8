import type { Cluster } from '../../model/cluster.js';
import type { MaybePromise } from '../../model/maybe-promise.js';
import type { ClusterSource, MetaStateSource, PerfCounterSource } from '../../model/source.js';

/** A running cluster as a source. */
export interface RemoteCluster extends ClusterSource, AsyncDisposable {
  /** The state of the primary meta server. */
  readonly metaState: MetaStateSource;
  /** The perf counters of the named server. */
  readonly perfCounters?: PerfCounterSource | undefined;
  /** Options for `zookeeperCluster`, which supply what ZooKeeper does not store. */
  readonly liveness: RemoteLiveness;
  /**
   * Waits until the cluster has answered.
   *
   * @param timeoutMs - How long; without it, until the cluster answers or the source is closed.
   * @throws PegasusError `ERR_TIMEOUT`, with the reason; `ERR_SERVICE_NOT_ACTIVE` after `close()`.
   */
  ready(timeoutMs?: number): Promise<void>;
  /** Returns what the source knows about its connection to the cluster. Asks nothing. */
  upstream(): UpstreamStatus;
  /** Ends all requests to the cluster and closes the connections. */
  close(): Promise<void>;
}

/** The connection of a source to its cluster. */
export interface UpstreamStatus {
  /** The meta server that answered last, as the options name it; `undefined` if none has. */
  readonly primary: string | undefined;
  /** How old the last known state of the whole cluster is, in seconds; `undefined` if there is none. It grows while no client asks. */
  readonly ageSeconds: number | undefined;
  /** Whether the cluster did not answer the last question. */
  readonly isFailing: boolean;
  /** How many HTTP requests were sent to the cluster. */
  readonly requests: number;
  /** How many questions the cluster did not answer, after all retries. */
  readonly failures: number;
}

/**
 * Options for `zookeeperCluster`. Each function asks for `/meta/nodes` and `/meta/cluster`, at most once in `maxAgeMs` together, and returns
 * what counts as unknown while the cluster does not answer.
 */
export interface RemoteLiveness {
  /** Which replica servers are alive. */
  readonly nodes: () => MaybePromise<Cluster['nodes'] | undefined>;
  /** The configured meta servers. */
  readonly metaServers: () => MaybePromise<Cluster['metaServers'] | undefined>;
  /** The function level in effect. */
  readonly metaFunctionLevel: () => MaybePromise<Cluster['metaFunctionLevel'] | undefined>;
  /** What the balancer would do now. */
  readonly balanceOperations: () => MaybePromise<Cluster['balanceOperations'] | undefined>;
}
