import type { Gauge } from 'prom-client';
import type { Sample } from './samples.js';

/** The values of one gauge that belong to one cluster. */
export interface ClusterSeries {
  /** Sets the values, and removes those that are not among them. */
  replace(samples: readonly Sample[]): void;
}

interface Series {
  readonly labels: Sample['labels'];
  readonly value: number;
}

/** Makes {@link ClusterSeries}. */
export function createClusterSeries(gauge: Gauge, clusterLabel: Sample['labels']): ClusterSeries {
  let current = new Map<string, Series>();
  let last: readonly Sample[] = [];
  return {
    replace(samples) {
      if (samples !== last) {
        const previous = current;
        current = new Map();
        for (const { labels, value } of samples) {
          if (!Number.isFinite(value)) continue;
          const key = JSON.stringify(labels);
          const all = previous.get(key)?.labels ?? { ...clusterLabel, ...labels };
          current.set(key, { labels: all, value });
          previous.delete(key);
        }
        for (const { labels } of previous.values()) gauge.remove(labels);
        last = samples;
      }
      // Also those that did not change, because the application may have reset the registry.
      for (const { labels, value } of current.values()) gauge.set(labels, value);
    },
  };
}
