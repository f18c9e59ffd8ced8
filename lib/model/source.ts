/**
 * The interfaces that a source implements. All values are domain values: numbers, Unix seconds, unions of literals. Endpoints
 * format them as text such as `"2/3"`, `"[a,b]"` or `"0.00"`.
 *
 * Four rules hold for every function here:
 * - It may return its result or a promise of it.
 * - Its last argument is a {@link SourceContext}, whose `signal` aborts when the result is no longer needed.
 * - Identical concurrent calls are coalesced: while a call is pending, other requests of the same handler wait for its result.
 * - It may throw (or reject with) a {@link PegasusError} to choose the error code of the response. Any other error becomes
 *   `500 ERR_UNKNOWN`. The error itself goes to `onError` and never to the client.
 *
 * @module
 */

import type { App, Cluster, MetaRole, PerfCounter, ProcessVersion } from './cluster.js';
import type { ConfigFlag } from './config.js';
import type { MaybePromise } from './maybe-promise.js';
import type { MetricsFilter, MetricsSnapshot } from './metric.js';
import type { MetaOperations, ReplicaSource } from './operation-sources.js';
import type { Profiler } from './profiler.js';
import type { SourceContext } from './source-context.js';

/**
 * The data of one server, in optional parts. Endpoints whose part is missing return 404, and `GET /` does not list them, as
 * `/meta/*` does not exist on a replica server.
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
  /** `/metrics`, the metrics of Pegasus 2.6 and newer. */
  readonly metrics?: MetricsSource | undefined;
  /** `/config` and `/configs`, with `update` also `/updateConfig`. */
  readonly config?: ConfigSource | undefined;
  /** `/replica/*`: the replicas of a replica server. */
  readonly replicas?: ReplicaSource | undefined;
}

/**
 * The state that a meta server holds.
 *
 * Its functions return **snapshots**. A snapshot never changes after it is returned. Parts that did not change since the last
 * snapshot *are the same objects* (`===`), down to the single partition, so that a consumer sees in O(1) that nothing changed.
 * Freeze snapshots deeply (`Object.freeze`): responses from frozen snapshots are cached, others are rendered for every request.
 *
 * `pegasus-http/contract` exports the checks that every meta-state source must pass.
 */
export interface MetaStateSource extends MetaOperations {
  /**
   * Called first by every `/meta/*` request with valid arguments.
   *
   * @returns Whether this server is the primary meta (it answers) or a backup (it redirects, or answers 503 while
   *   no primary is known).
   */
  role(context: SourceContext): MaybePromise<MetaRole>;

  /**
   * Called by `/meta/app` and `/meta/app_envs`.
   *
   * @param name - The table's name as the client sent it, decoded. It may be any non-empty text: `__proto__`,
   *   `constructor`, `0042`, 4,000 characters. Look it up in a `Map`, not in an object.
   * @returns The app of that name, `undefined` when there is none (404). Where several bore the name over time, the
   *   one that is not dropped. A table in transition gets a 503: `ERR_BUSY_CREATING` for `CREATING` and
   *   `RECALLING`, `ERR_BUSY_DROPPING` for `DROPPING`; every other status but `AVAILABLE` is a 404.
   */
  app(name: string, context: SourceContext): MaybePromise<App | undefined>;

  /**
   * Called by `/meta/apps`, `/meta/nodes` and `/meta/cluster`. If one of several apps cannot be rendered, the response omits it, and
   * the handler's `onError` is called.
   *
   * @returns The whole cluster at one moment. Its tables may lack their partitions and environment variables, if they have `health` and
   *   `envCount`, and if its nodes have `replicaCounts` and it has `replicaCountStddev` itself.
   */
  cluster(context: SourceContext): MaybePromise<Cluster>;

  /**
   * Optional, for a source that reads a table and its environment variables apart. Called by `/meta/app_envs` in the place of `app`.
   *
   * @param name - As for `app`.
   * @returns The environment variables as in {@link App.envs}; `undefined` if there is no table of that name (404).
   */
  appEnvs?(name: string, context: SourceContext): MaybePromise<App['envs'] | undefined>;

  /**
   * Optional. Says how old the data is, for a source that may lose its connection and then returns its last snapshot. Called by
   * every `/meta/*` request after its result has arrived. A stale response has an `Age` header, in whole seconds.
   *
   * @param answer - The value that the source returned for this request, for a source whose values differ in age.
   * @returns The Unix time in seconds at which the data was last known to be current; `undefined` while it is current.
   */
  staleSince?(context: SourceContext, answer: unknown): MaybePromise<number | undefined>;
}

/** The perf counters of one process. */
export interface PerfCounterSource {
  /**
   * Called by `/perfCounter`, once per request. Reading has effects, as in Pegasus: it resets a `VOLATILE_NUMBER` to 0, and a `RATE`
   * is the rate per second since the last read. While a read is pending, other requests for the same counter get its result, because
   * a second read at the same moment would return 0.
   *
   * @param name - The counter's full name as the client sent it, decoded, for instance
   *   `collector*app.pegasus*app.stat.read_qps#_all_`. Any text.
   * @returns The counter, `undefined` when there is none of that name (404).
   */
  read(name: string, context: SourceContext): MaybePromise<PerfCounter | undefined>;

  /**
   * Optional. Called by `/perfCounter` when there is no counter of a name, to suggest a similar one. Must have no effect on the
   * counters.
   *
   * @returns The names of all counters, in any order.
   */
  names?(context: SourceContext): MaybePromise<readonly string[]>;
}

/** Version, start time and profiler of one process. */
export interface ProcessInfoSource {
  /** Called by `/version`. */
  version(context: SourceContext): MaybePromise<ProcessVersion>;
  /**
   * Called by `/recentStartTime`.
   *
   * @returns Unix time in seconds when the process started.
   */
  startSecond(context: SourceContext): MaybePromise<number>;
  /** Serves `/pprof/*`; without it, these endpoints do not exist. `processProfiler` of `pegasus-http/profiler` makes one for this process. */
  readonly profiler?: Profiler | undefined;
}

/** The metrics of one process, as Pegasus 2.6 and newer have them. */
export interface MetricsSource {
  /**
   * Called by `/metrics`, once for each request. Reading may have effects: a `VolatileCounter` goes back to 0.
   *
   * @param filter - What the client requests. The source may omit other metrics, and need not reset them. The endpoint applies the
   *   filter to the result.
   */
  read(filter: MetricsFilter, context: SourceContext): MaybePromise<MetricsSnapshot>;
}

/** The configuration of one process. */
export interface ConfigSource {
  /**
   * Called by `/config`.
   *
   * @param name - The name of the flag as the client sent it, decoded. Any text.
   * @returns The flag, or `undefined` if there is none of that name (404).
   */
  flag(name: string, context: SourceContext): MaybePromise<ConfigFlag | undefined>;
  /** Called by `/configs`. Returns all flags in any order. */
  flags(context: SourceContext): MaybePromise<readonly ConfigFlag[]>;
  /**
   * Optional. Called by `/updateConfig`, only if `authorize` of the handler allows it.
   *
   * @param name - The name of the flag as the client sent it, decoded. Any text.
   * @param value - The new value as the client sent it, decoded. Any text.
   * @throws PegasusError `ERR_OBJECT_NOT_FOUND` if there is no such flag; `ERR_INVALID_PARAMETERS` if the flag is not mutable or the
   *   value is invalid. The client gets code and message in `update_status`, so the message must not contain secrets.
   */
  update?(name: string, value: string, context: SourceContext): MaybePromise<void>;
}
