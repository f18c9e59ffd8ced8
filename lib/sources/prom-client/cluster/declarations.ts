/** What is said about one metric of {@link clusterMetrics}. */
export interface ClusterMetricDeclaration {
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly help: string;
  /** Its labels beside `cluster`. */
  readonly labels: readonly string[];
}

function gauge(name: string, help: string, ...labels: string[]): ClusterMetricDeclaration {
  return { name: `pegasus_${name}`, type: 'gauge', help, labels };
}

function counter(name: string, help: string): ClusterMetricDeclaration {
  return { name: `pegasus_${name}`, type: 'counter', help, labels: [] };
}

/** All metrics of a cluster. */
export const CLUSTER_METRICS = {
  up: gauge('cluster_up', 'Whether the source gave the state of the cluster in this scrape (1) or not (0).'),
  stateAge: gauge('cluster_state_age_seconds', 'How old the state is; 0 while it is current.'),
  scrapeFailures: counter('cluster_scrape_failures_total', 'Scrapes in which the source gave no state.'),
  upstreamRequests: counter(
    'cluster_upstream_requests_total',
    'HTTP requests that were sent to the cluster.',
  ),
  upstreamFailures: counter(
    'cluster_upstream_failures_total',
    'Questions that the cluster did not answer, after all retries.',
  ),
  primaryMetaKnown: gauge(
    'cluster_primary_meta_known',
    'Whether a primary meta server is known (1) or not (0).',
  ),
  metaServers: gauge('cluster_meta_servers', 'Configured meta servers.'),
  functionLevel: gauge('cluster_meta_function_level', '1 for the function level in effect.', 'level'),
  primaryStddev: gauge(
    'cluster_primary_replica_count_stddev',
    'Standard deviation of the number of primary replicas of a node.',
  ),
  totalStddev: gauge(
    'cluster_total_replica_count_stddev',
    'Standard deviation of the number of all replicas of a node.',
  ),
  balanceOperations: gauge(
    'cluster_balance_operations',
    'Operations that the balancer would start now; absent if they are unknown.',
    'operation',
  ),
  omittedTables: gauge(
    'cluster_omitted_tables',
    'Available tables without series of their own, by reason: above maxTables, or invalid.',
    'reason',
  ),
  tables: gauge('tables', 'Tables by the status of their life cycle.', 'status'),
  partitions: gauge('partitions', 'Partitions of all available tables by health.', 'health'),
  tablePartitions: gauge(
    'table_partitions',
    'Partitions of an available table by health.',
    'table',
    'health',
  ),
  nodes: gauge('nodes', 'Replica servers by status.', 'status'),
  nodeAlive: gauge(
    'node_alive',
    'Whether the meta server hears from a replica server (1) or not (0); absent if that is unknown.',
    'node',
  ),
  nodeReplicas: gauge('node_replicas', 'Replicas on a replica server by role.', 'node', 'role'),
} as const satisfies Record<string, ClusterMetricDeclaration>;

/** The metrics by their keys. */
export type ClusterMetricKey = keyof typeof CLUSTER_METRICS;

/** The gauges that follow from a snapshot of the cluster. */
export const STATE_METRICS = [
  'primaryMetaKnown',
  'metaServers',
  'functionLevel',
  'primaryStddev',
  'totalStddev',
  'balanceOperations',
  'omittedTables',
  'tables',
  'partitions',
  'tablePartitions',
  'nodes',
  'nodeAlive',
  'nodeReplicas',
] as const satisfies readonly ClusterMetricKey[];

/** A key of a gauge that follows from a snapshot. */
export type StateMetricKey = (typeof STATE_METRICS)[number];
