import type { OpenMetricsContentType, Registry } from 'prom-client';
import type { ClusterSource } from '../../../model/source.js';
import * as check from '../../../validate/checks.js';
import { describeValue } from '../../../validate/describe-value.js';
import { ignoreExceptions, readOptions } from '../../../validate/options.js';
import { createClusterMember } from './cluster-member.js';
import { familyOf } from './family.js';
import { wellFormed } from './samples.js';
import type { UpstreamCounts } from './upstream-counters.js';

/** Options of {@link clusterMetrics}. */
export interface ClusterMetricsOptions {
  /**
   * The value of the label `cluster`, so that one registry can hold several clusters.
   *
   * @defaultValue none: the metrics have no such label
   */
  readonly cluster?: string | undefined;
  /**
   * How many tables have series of their own. If there are more, the least healthy ones have them.
   *
   * @defaultValue 1,000
   */
  readonly maxTables?: number | undefined;
  /**
   * How long a scrape waits for the source, in milliseconds. It should be less than Prometheus's `scrape_timeout`.
   *
   * @defaultValue 5,000
   */
  readonly timeoutMs?: number | undefined;
  /** Called for each scrape in which the source gave no state, and for tables that are invalid. Its exceptions are ignored. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** A source whose state {@link clusterMetrics} can publish. */
export interface MonitoredSource extends Pick<ClusterSource, 'metaState'> {
  /** What a source knows about its connection to the cluster, as `remoteCluster` does. */
  readonly upstream?: (() => UpstreamCounts) | undefined;
}

/** The metrics of one cluster in a registry. */
export interface ClusterMetrics {
  /** Removes the series of the cluster from the registry. */
  close(): void;
}

/**
 * Publishes the state of a cluster as metrics for Prometheus. They are collected when the registry is scraped.
 *
 * | metric | type | labels | |
 * |---|---|---|---|
 * | `pegasus_cluster_up` | gauge | | 1 if the source gave the state in this scrape |
 * | `pegasus_cluster_state_age_seconds` | gauge | | 0 while the state is current |
 * | `pegasus_cluster_scrape_failures_total` | counter | | scrapes without a state |
 * | `pegasus_cluster_upstream_requests_total` | counter | | of a source that has `upstream` |
 * | `pegasus_cluster_upstream_failures_total` | counter | | of a source that has `upstream` |
 * | `pegasus_cluster_primary_meta_known` | gauge | | 1 or 0 |
 * | `pegasus_cluster_meta_servers` | gauge | | configured ones |
 * | `pegasus_cluster_meta_function_level` | gauge | `level` | 1 for the one in effect |
 * | `pegasus_cluster_primary_replica_count_stddev` | gauge | | 0 is even |
 * | `pegasus_cluster_total_replica_count_stddev` | gauge | | 0 is even |
 * | `pegasus_cluster_balance_operations` | gauge | `operation` | absent if unknown |
 * | `pegasus_cluster_omitted_tables` | gauge | `reason` | tables without series of their own |
 * | `pegasus_tables` | gauge | `status` | |
 * | `pegasus_partitions` | gauge | `health` | of all available tables |
 * | `pegasus_table_partitions` | gauge | `table`, `health` | |
 * | `pegasus_nodes` | gauge | `status` | |
 * | `pegasus_node_alive` | gauge | `node` | 1 or 0; absent if unknown |
 * | `pegasus_node_replicas` | gauge | `node`, `role` | `primary` and `secondary` |
 *
 * `health` is `healthy`, `writable_ill` (it lacks a replica), `unwritable` or `unreadable`. Each partition counts once.
 *
 * A scrape never fails. If the source throws, is late or returns an invalid state, `pegasus_cluster_up` is 0, and the gauges of the state
 * are absent. A snapshot that is frozen and the same object as before is not computed again. All clusters of a registry share the
 * metrics, and all metrics of one scrape share one call of each source.
 *
 * @param registry - One of prom-client's, such as `register`.
 * @param source - Any source with `metaState`, whatever its `role`.
 * @returns An object whose `close()` removes the series.
 * @throws TypeError if an argument is wrong, or if the registry has a cluster of that name already; `Error` if `prom-client` is not
 *   installed.
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { clusterMetrics } from 'pegasus-http/prom-client';
 * import { remoteCluster } from 'pegasus-http/remote';
 * import { register } from 'prom-client';
 *
 * const cluster = remoteCluster({ servers: '10.0.0.1:34601,10.0.0.2:34601' });
 * clusterMetrics(register, cluster, { cluster: 'c1', onError: (error) => console.warn(error) });
 * createServer(async (_req, res) => {
 *   const body = await register.metrics();
 *   res.setHeader('content-type', register.contentType).end(body);
 * }).listen(9464, '127.0.0.1');
 * ```
 */
export function clusterMetrics(
  registry: Registry | Registry<OpenMetricsContentType>,
  source: MonitoredSource,
  options: ClusterMetricsOptions = {},
): ClusterMetrics {
  const keys = ['cluster', 'maxTables', 'timeoutMs', 'onError'];
  const checked = readOptions('clusterMetrics', options, keys, (given) => {
    const { cluster, maxTables = 1_000, timeoutMs = 5_000, onError } = given;
    if (typeof registry?.getSingleMetric !== 'function')
      check.fail('registry', "one of prom-client's", registry);
    const { metaState, upstream } = source ?? {};
    if (metaState === undefined || typeof metaState.cluster !== 'function')
      return check.fail('source', 'a source with metaState', source);
    return {
      metaState,
      upstream: check.optionalFunction(upstream, 'source.upstream')?.bind(source),
      name: cluster === undefined ? undefined : wellFormed(check.nonEmpty(cluster, 'cluster')),
      maxTables: check.integer(maxTables, 'maxTables'),
      timeoutMs: check.integer(timeoutMs, 'timeoutMs', 1, 2 ** 31 - 1),
      report: ignoreExceptions(onError, 'onError'),
    };
  });
  const { name } = checked;
  const family = familyOf(registry);
  if (family.clusters.has(name)) {
    const which = name === undefined ? 'a cluster without a name' : `the cluster ${describeValue(name)}`;
    throw new TypeError(
      `clusterMetrics: the registry has ${which} already: give each a name of its own as option cluster`,
    );
  }
  const member = createClusterMember(family, checked);
  family.clusters.set(name, member);
  return {
    close() {
      if (family.clusters.get(name) !== member) return;
      member.removeSeries();
      family.remove(name);
    },
  };
}
