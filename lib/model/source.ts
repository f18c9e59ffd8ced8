/**
 * What a host plugs in. Everything that the endpoints print comes through these contracts, as domain values:
 * numbers, unix times, unions of literals. Texts such as `"2/3"`, `"[a,b]"` or `"0.00"` are the endpoints' business.
 *
 * Four rules hold for every function here:
 * - it may answer at once or by a promise;
 * - its last argument is a {@link SourceContext}, whose `signal` fires when the answer is no longer wanted;
 * - while an answer is under way, the requests of the same handler that ask the same wait for it, too, and the function is not
 *   called again: a slow source is not asked a hundred times for what it is about to say;
 * - it may throw (or reject with) a {@link PegasusError} to choose the error code of the response. Anything else that
 *   is thrown becomes `500 ERR_UNKNOWN`; the error itself goes to the host's `onError` and never to the client.
 *
 * @module
 */

import type { App, Cluster, MetaRole, PerfCounter, ProcessVersion } from './cluster.js';
import type { MaybePromise } from './maybe-promise.js';
import type { Profiler } from './profiler.js';
import type { SourceContext } from './source-context.js';

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
  role(call: SourceContext): MaybePromise<MetaRole>;

  /**
   * Called by `/meta/app` and `/meta/app_envs`.
   *
   * @param name - The table's name as the client sent it, decoded. It may be any non-empty text: `__proto__`,
   *   `constructor`, `0042`, 4,000 characters. Look it up in a `Map`, not in an object.
   * @returns The app of that name, `undefined` when there is none (404). Where several bore the name over time, the
   *   one that is not dropped. An app under way is answered with 503: `ERR_BUSY_CREATING` for `CREATING` and
   *   `RECALLING`, `ERR_BUSY_DROPPING` for `DROPPING`; every other status but `AVAILABLE` is a 404.
   */
  app(name: string, call: SourceContext): MaybePromise<App | undefined>;

  /**
   * Called by `/meta/apps`, `/meta/nodes` and `/meta/cluster`. An app among others that cannot be printed is left out of the answer, and
   * the handler's `onError` is told.
   *
   * @returns The whole cluster at one moment.
   */
  cluster(call: SourceContext): MaybePromise<Cluster>;

  /**
   * For a source that may have lost touch with what it reads from, and then hands out what it knew last. Called by every
   * `/meta/*` request when its answer is there; the answer then has an `Age` header, in whole seconds.
   *
   * @returns Unix time in seconds up to which that is known to be right; `undefined` while it is current.
   */
  staleSince?(call: SourceContext): MaybePromise<number | undefined>;
}

/** The perf counters of one process. */
export interface PerfCounterSource {
  /**
   * Called by `/perfCounter`, once a request. Reading is not free of effects: as in Pegasus a `VOLATILE_NUMBER` goes
   * back to 0 when it is read, and a `RATE` is the rate per second since it was last read. Where reading takes time, the requests that
   * come for the same counter meanwhile get what the one that is under way reads: asked again in the same moment, it would say 0.
   *
   * @param name - The counter's full name as the client sent it, decoded, for instance
   *   `collector*app.pegasus*app.stat.read_qps#_all_`. Any text.
   * @returns The counter, `undefined` when there is none of that name (404).
   */
  read(name: string, call: SourceContext): MaybePromise<PerfCounter | undefined>;

  /**
   * Optional. Called by `/perfCounter` when there is no counter of a name, to suggest a similar one. Must have no effect on the
   * counters.
   *
   * @returns The names of all counters, in any order.
   */
  names?(call: SourceContext): MaybePromise<readonly string[]>;
}

/** What a process says of itself. */
export interface ProcessInfoSource {
  /** Called by `/version`. */
  version(call: SourceContext): MaybePromise<ProcessVersion>;
  /**
   * Called by `/recentStartTime`.
   *
   * @returns Unix time in seconds when the process started.
   */
  startSecond(call: SourceContext): MaybePromise<number>;
  /** `/pprof/*`, which does not exist without. `processProfiler` of `pegasus-http/profiler` makes one for this process. */
  readonly profiler?: Profiler | undefined;
}
