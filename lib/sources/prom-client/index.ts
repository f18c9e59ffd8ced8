/**
 * Exposes the metrics of prom-client as Pegasus's perf counters ({@link promClientCounters}) and as its metrics
 * ({@link promClientMetrics}), and the state of a cluster as metrics of prom-client ({@link clusterMetrics}). prom-client is an
 * optional peer dependency, needed only by applications that import this module.
 *
 * @packageDocumentation
 */

export {
  type ClusterMetrics,
  type ClusterMetricsOptions,
  clusterMetrics,
  type MonitoredSource,
} from './cluster/cluster-metrics.js';
export type { UpstreamCounts } from './cluster/upstream-counters.js';
export {
  type PromClientCounters,
  type PromClientCountersOptions,
  promClientCounters,
} from './prom-client-counters.js';
export { type PromClientMetricsOptions, promClientMetrics } from './prom-client-metrics.js';
export {
  type ParsedPromSeries,
  type PromSeries,
  type PromStat,
  parsePromCounterName,
  promCounterName,
} from './series-name.js';
