import { mapOf, object, row, string } from './schema.js';

export const appGeneral = row('app_name', 'app_id', 'partition_count', 'max_replica_count');
export const appReplica = row('pidx', 'ballot', 'replica_count', 'primary', 'secondaries');
export const appNode = row('node', 'primary', 'secondary', 'total');
export const appHealthy = row(
  'fully_healthy_partition_count',
  'unhealthy_partition_count',
  'write_unhealthy_partition_count',
  'read_unhealthy_partition_count',
);

/** `GET /meta/app`. Replicas by partition index, nodes by address. */
export const app = object(
  { general: appGeneral },
  { replicas: mapOf(appReplica), nodes: mapOf(appNode), healthy: appHealthy },
);

/** `GET /meta/app_envs`. Values by name. */
export const appEnvs = mapOf(string);

export const appsGeneralInfo = row(
  'app_id',
  'status',
  'app_name',
  'app_type',
  'partition_count',
  'replica_count',
  'is_stateful',
  'create_time',
  'drop_time',
  'drop_expire',
  'envs_count',
);
export const appsHealthyInfo = row(
  'app_id',
  'app_name',
  'partition_count',
  'fully_healthy',
  'unhealthy',
  'write_unhealthy',
  'read_unhealthy',
);
export const appsSummary = row('total_app_count');
export const appsHealthySummary = row(
  'total_app_count',
  'fully_healthy_app_count',
  'unhealthy_app_count',
  'write_unhealthy_app_count',
  'read_unhealthy_app_count',
);
const { total_app_count, ...healthCounts } = appsHealthySummary.properties;

/** `GET /meta/apps`. Tables by app ID. */
export const apps = object(
  { general_info: mapOf(appsGeneralInfo), summary: object({ total_app_count }, healthCounts) },
  { healthy_info: mapOf(appsHealthyInfo) },
);

export const node = row('address', 'status');
export const nodeInDetail = row('address', 'status', 'replica_count', 'primary_count', 'secondary_count');
export const nodesSummary = row('total_node_count', 'alive_node_count', 'unalive_node_count');
const { address, status, ...replicaCounts } = nodeInDetail.properties;

/** `GET /meta/nodes`. Nodes by address. */
export const nodes = object({
  details: mapOf(object({ address, status }, replicaCounts)),
  summary: nodesSummary,
});

/** `GET /meta/cluster`. */
export const cluster = row(
  'meta_servers',
  'primary_meta_server',
  'zookeeper_hosts',
  'zookeeper_root',
  'meta_function_level',
  'balance_operation_count',
  'primary_replica_count_stddev',
  'total_replica_count_stddev',
);
