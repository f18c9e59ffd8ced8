import type { App, Cluster, MetaRole } from '../../model/cluster.js';
import type { MaybePromise } from '../../model/maybe-promise.js';
import type { ClusterSource, MetaStateSource, PerfCounterSource } from '../../model/source.js';

/** A live Pegasus cluster, read from ZooKeeper: a source for `createPegasusHandler`. See {@link zookeeperCluster}. */
export interface ZookeeperCluster extends ClusterSource {
  readonly metaState: ZookeeperMetaState;
  /**
   * The source's own metrics: `meta*zookeeper*state.age(s)`, `meta*zookeeper*connection.lost.count`,
   * `meta*zookeeper*znode.read.count` and `meta*zookeeper*znode.waiting.count`.
   */
  readonly perfCounters: PerfCounterSource;
  /**
   * Waits until the cluster has been read.
   *
   * @param timeoutMs - Longest wait in milliseconds; 30,000 by default. The source goes on reading after it.
   * @throws PegasusError `ERR_TIMEOUT` with the reason; `ERR_SERVICE_NOT_ACTIVE` after `close()`.
   */
  ready(timeoutMs?: number): Promise<void>;
  /** Returns how far the reading of the cluster has come. */
  progress(): ReadProgress;
  /** Ends the session. Nothing is left running, and every request gets 503. */
  close(): Promise<void>;
  /** Calls {@link ZookeeperCluster.close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** How far the reading of a cluster has come, for a progress bar. */
export interface ReadProgress {
  /** Number of reads since the start. A znode that was read twice counts twice. */
  readonly read: number;
  /** Number of pending reads; 0 when everything has been read. */
  readonly waiting: number;
}

/** The meta state of a {@link ZookeeperCluster}. It is in memory, so it answers without a promise. */
export interface ZookeeperMetaState extends MetaStateSource {
  role(): MetaRole;
  app(name: string): App | undefined;
  /** Returns a promise only if one of the functions in the options returns one. */
  cluster(): MaybePromise<Cluster>;
  staleSince(): number | undefined;
}
