import type { App, Cluster, Partition } from '../../model/cluster.js';
import type { Metric, MetricEntity } from '../../model/metric.js';
import { PARTITION_HEALTHS, partitionHealth } from './partition-health.js';
import { isMember } from './partitions.js';

/** The requests that a replica counts. A cluster in memory serves none of them. */
const REQUESTS = [
  'get',
  'multi_get',
  'batch_get',
  'scan',
  'put',
  'multi_put',
  'remove',
  'multi_remove',
  'incr',
  'check_and_set',
  'check_and_mutate',
];

const NO_REQUESTS: readonly Metric[] = Object.freeze(
  REQUESTS.map((request) =>
    Object.freeze({
      name: `${request}_requests`,
      type: 'Counter' as const,
      unit: 'Requests',
      description: `number of ${request} requests`,
      value: 0,
    }),
  ),
);

/** Returns the entities of the primary meta server: itself, the tables and the partitions. */
export function metaEntities({ nodes, apps }: Cluster): readonly MetricEntity[] {
  const countNodes = (status: 'ALIVE' | 'UNALIVE') => nodes.filter((node) => node.status === status).length;
  const server = serverEntity([
    gauge('alive_replica_servers', 'Servers', 'number of alive replica servers', countNodes('ALIVE')),
    gauge('unalive_replica_servers', 'Servers', 'number of unalive replica servers', countNodes('UNALIVE')),
  ]);
  const inUse = apps.filter(({ status }) => status === 'AVAILABLE');
  return [server, ...inUse.flatMap((app) => [tableEntity(app), ...partitionEntities(app)])];
}

/** Returns the entities of a replica server: itself and its replicas. */
export function replicaEntities({ apps }: Cluster, address: string): readonly MetricEntity[] {
  const replicas = apps
    .filter(({ status }) => status === 'AVAILABLE')
    .flatMap(({ appId, partitions }) => partitions.map((partition) => ({ appId, partition })))
    .filter(({ partition }) => isMember(partition, address));
  const primaries = replicas.filter(({ partition }) => partition.primary === address).length;
  const server = serverEntity([
    gauge('total_replicas', 'Replicas', 'number of replicas', replicas.length),
    gauge('primary_replicas', 'Replicas', 'number of primary replicas', primaries),
    gauge('secondary_replicas', 'Replicas', 'number of secondary replicas', replicas.length - primaries),
  ]);
  return [
    server,
    ...replicas.map(({ appId, partition: { pidx } }) => partitionEntity('replica', appId, pidx, NO_REQUESTS)),
  ];
}

/** Whether a meta server of a cluster has an entity. Faster than listing them all. */
export function hasMetaEntity(cluster: Cluster, id: string): boolean {
  return (
    id === 'server' ||
    findTable(cluster, id) !== undefined ||
    findPartition(cluster, 'partition', id) !== undefined
  );
}

/** Whether a replica server has an entity. Faster than listing them all. */
export function hasReplicaEntity(cluster: Cluster, address: string, id: string): boolean {
  const partition = findPartition(cluster, 'replica', id);
  return id === 'server' || (partition !== undefined && isMember(partition, address));
}

function findTable({ apps }: Cluster, id: string): App | undefined {
  return apps.find(({ appId, status }) => `table@${appId}` === id && status === 'AVAILABLE');
}

function findPartition(cluster: Cluster, type: 'partition' | 'replica', id: string): Partition | undefined {
  const [, ofType, appId, pidx] = /^(partition|replica)@(\d+)\.(\d+)$/.exec(id) ?? [];
  if (ofType !== type) return undefined;
  const partitions = findTable(cluster, `table@${appId}`)?.partitions;
  const isFound = (partition: Partition | undefined) => String(partition?.pidx) === pidx;
  const atIndex = partitions?.[Number(pidx)];
  return isFound(atIndex) ? atIndex : partitions?.find(isFound);
}

function tableEntity(app: App): MetricEntity {
  const byIndex = new Map(app.partitions.map((partition) => [partition.pidx, partition]));
  const healths = Array.from({ length: app.partitionCount }, (_, pidx) =>
    partitionHealth(byIndex.get(pidx), app),
  );
  return {
    type: 'table',
    id: `table@${app.appId}`,
    attributes: { table_id: String(app.appId) },
    metrics: PARTITION_HEALTHS.map((health) => {
      const count = healths.filter((other) => other === health).length;
      return gauge(`${health}_partitions`, 'Partitions', `number of ${health} partitions`, count);
    }),
  };
}

function partitionEntities({ appId, partitions }: App): readonly MetricEntity[] {
  return partitions.map(({ pidx, ballot }) =>
    partitionEntity('partition', appId, pidx, [
      {
        name: 'partition_configuration_changes',
        type: 'Counter',
        unit: 'Changes',
        description: 'number of changes of the configuration',
        value: Math.max(0, ballot),
      },
    ]),
  );
}

function partitionEntity(
  type: 'partition' | 'replica',
  appId: number,
  pidx: number,
  metrics: readonly Metric[],
): MetricEntity {
  const attributes = { partition_id: String(pidx), table_id: String(appId) };
  return { type, id: `${type}@${appId}.${pidx}`, attributes, metrics };
}

function serverEntity(metrics: readonly Metric[]): MetricEntity {
  return { type: 'server', id: 'server', attributes: {}, metrics };
}

function gauge(name: string, unit: string, description: string, value: number): Metric {
  return { name, type: 'Gauge', unit, description, value };
}
