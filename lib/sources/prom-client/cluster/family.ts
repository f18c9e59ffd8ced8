import type { Counter, Gauge, OpenMetricsContentType, Registry } from 'prom-client';
import { loadPeer } from '../../optional-peer.js';
import { CLUSTER_METRICS, type ClusterMetricKey } from './declarations.js';

/** The metrics of all clusters of one registry. */
export interface ClusterFamily {
  gauge(key: ClusterMetricKey): Gauge;
  counter(key: ClusterMetricKey): Counter;
  /** The clusters by the value of their label; `undefined` for the one that has no label. */
  readonly clusters: Map<string | undefined, FamilyMember>;
  /** Removes a cluster, with the last one the metrics. */
  remove(name: string | undefined): void;
}

/** One cluster of a family. */
export interface FamilyMember {
  /** Sets its values. Never rejects. */
  refresh(): Promise<void>;
  /** Removes its values from the registry, for good. */
  removeSeries(): void;
}

/** A registry of either format. */
type AnyRegistry = Registry | Registry<OpenMetricsContentType>;

const families = new WeakMap<AnyRegistry, ClusterFamily>();

/** Returns the metrics of clusters of a registry, and registers them if it has none. */
export function familyOf(registry: AnyRegistry): ClusterFamily {
  const known = families.get(registry);
  // An application may have cleared the registry.
  if (known !== undefined && registry.getSingleMetric(CLUSTER_METRICS.up.name) === known.gauge('up'))
    return known;
  const created = createFamily(registry);
  families.set(registry, created);
  return created;
}

function createFamily(registry: AnyRegistry): ClusterFamily {
  const prom = loadPeer('prom-client', 'pegasus-http/prom-client') as typeof import('prom-client');
  const clusters = new Map<string | undefined, FamilyMember>();
  let refreshing: Promise<void> | undefined;

  /** Refreshes all clusters. All metrics that one scrape collects share one refresh. */
  function collect(): Promise<void> {
    refreshing ??= Promise.all(Array.from(clusters.values(), (cluster) => cluster.refresh())).then(() => {
      refreshing = undefined;
    });
    return refreshing;
  }

  const metrics = new Map<ClusterMetricKey, Counter | Gauge>();
  for (const [key, { name, type, help, labels }] of Object.entries(CLUSTER_METRICS)) {
    const Metric = type === 'counter' ? prom.Counter : prom.Gauge;
    const labelNames = ['cluster', ...labels];
    metrics.set(
      key as ClusterMetricKey,
      new Metric({ name, help, labelNames, registers: [registry], collect }),
    );
  }

  return {
    gauge: (key) => metrics.get(key) as Gauge,
    counter: (key) => metrics.get(key) as Counter,
    clusters,
    remove(name) {
      clusters.delete(name);
      if (clusters.size > 0) return;
      for (const [key, metric] of metrics) {
        const registered = CLUSTER_METRICS[key].name;
        if (registry.getSingleMetric(registered) === metric) registry.removeSingleMetric(registered);
      }
      families.delete(registry);
    },
  };
}
