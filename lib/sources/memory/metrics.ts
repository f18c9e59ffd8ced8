import type { Cluster } from '../../model/cluster.js';
import { PegasusError } from '../../model/errors.js';
import type { Metric, MetricEntity, MetricsFilter } from '../../model/metric.js';
import { matchesEntity, matchesMetric } from '../../model/metric-filter.js';
import type { MetricsSource } from '../../model/source.js';
import * as check from '../../validate/checks.js';
import { describeValue } from '../../validate/describe-value.js';
import { createTimestamps } from '../metrics/snapshots.js';
import { parseMetric } from './parse-metric.js';
import { hasMetaEntity, hasReplicaEntity, metaEntities, replicaEntities } from './state-metrics.js';

/** The metrics of the servers of a {@link memoryCluster}. */
export interface MemoryMetrics {
  /** Returns the metrics of one meta server. Only the primary has tables and partitions. */
  metaServer(address: () => string | undefined): MetricsSource;
  /** Returns the metrics of one replica server. */
  replicaServer(address: string): MetricsSource;
  /** Sets a metric of one server; see {@link MemoryCluster}. */
  setMetric(address: string, entityId: string, metric: Metric): void;
}

/** Creates the metrics of a cluster. What follows from its state is computed; `setMetric` adds and replaces metrics. */
export function memoryMetrics(current: () => Cluster): MemoryMetrics {
  /** Metrics that were set, by name, by server and entity. */
  const given = new Map<string, Map<string, Metric>>();
  const nextTimestamp = createTimestamps();

  /** Reads what passes the filter, and resets each `VolatileCounter` of it. */
  function readEntity(address: string, entity: MetricEntity, filter: MetricsFilter): readonly Metric[] {
    const added = given.get(keyOf(address, entity.id));
    if (added === undefined) return entity.metrics;
    const metrics = new Map(entity.metrics.map((metric) => [metric.name, metric]));
    for (const [name, metric] of added) {
      if (!matchesMetric(filter, name)) continue;
      metrics.set(name, metric);
      if (metric.type === 'VolatileCounter') added.set(name, { ...metric, value: 0 });
    }
    return [...metrics.values()];
  }

  function source(
    role: 'meta' | 'replica',
    serverOf: () => string | undefined,
    entitiesOf: (address: string) => readonly MetricEntity[],
  ): MetricsSource {
    return {
      read(filter) {
        const address = serverOf() ?? '';
        const entities = entitiesOf(address).filter((entity) => matchesEntity(filter, entity));
        return {
          cluster: clusterName(current()),
          role,
          ...hostAndPort(address),
          timestampNs: nextTimestamp(),
          entities: entities.map((entity) => ({ ...entity, metrics: readEntity(address, entity, filter) })),
        };
      },
    };
  }

  /** What a meta server knows: a backup knows of no nodes and no tables. */
  function clusterOf(address: string): Cluster {
    const cluster = current();
    return address === cluster.primaryMetaServer ? cluster : { ...cluster, nodes: [], apps: [] };
  }

  return {
    metaServer: (address) => source('meta', address, (server) => metaEntities(clusterOf(server))),
    replicaServer: (address) =>
      source(
        'replica',
        () => address,
        () => replicaEntities(current(), address),
      ),
    setMetric(address, entityId, metric) {
      const { metaServers, nodes } = current();
      const servers = [...metaServers, ...nodes.map((node) => node.address)];
      check.existingAddress(address, 'address', servers, 'server', 'the cluster');
      check.nonEmpty(entityId, 'entityId');
      const isMeta = metaServers.includes(address);
      const cluster = isMeta ? clusterOf(address) : current();
      const isThere = isMeta
        ? hasMetaEntity(cluster, entityId)
        : hasReplicaEntity(cluster, address, entityId);
      if (!isThere) {
        const entities = isMeta ? metaEntities(cluster) : replicaEntities(cluster, address);
        const example = entities.at(-1)?.id;
        throw new PegasusError(
          'ERR_OBJECT_NOT_FOUND',
          `${address} has no entity ${describeValue(entityId)}: it has ${entities.length}, such as ${example}`,
        );
      }
      const key = keyOf(address, entityId);
      const parsed = parseMetric(metric, 'metric');
      given.set(key, (given.get(key) ?? new Map()).set(parsed.name, parsed));
    },
  };
}

function keyOf(address: string, entityId: string): string {
  return `${address} ${entityId}`;
}

/** The name of a cluster is by convention the second part of its root. */
function clusterName({ zookeeperRoot }: Cluster): string {
  return zookeeperRoot.split('/')[2] || 'unknown';
}

function hostAndPort(address: string): { readonly host: string; readonly port: number } {
  const colon = address.lastIndexOf(':');
  return {
    host: address.slice(0, Math.max(0, colon)) || 'unknown',
    port: Number(address.slice(colon + 1)) || 0,
  };
}
