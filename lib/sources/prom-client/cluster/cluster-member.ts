import type { Cluster } from '../../../model/cluster.js';
import type { MetaStateSource } from '../../../model/source.js';
import { runInSlices } from '../../../render/time-slicing.js';
import { STATE_METRICS, type StateMetricKey } from './declarations.js';
import type { ClusterFamily, FamilyMember } from './family.js';
import { createStateReader } from './read-state.js';
import { type Sample, type StateSamples, stateSamples } from './samples.js';
import { createClusterSeries } from './series.js';
import { createUpstreamCounters, type UpstreamCounts } from './upstream-counters.js';

/** What {@link createClusterMember} needs. */
export interface ClusterMemberOptions {
  readonly metaState: MetaStateSource;
  readonly upstream: (() => UpstreamCounts) | undefined;
  /** The value of the label `cluster`. */
  readonly name: string | undefined;
  readonly maxTables: number;
  readonly timeoutMs: number;
  report(error: unknown): void;
}

/** What a scrape shows of one cluster. */
interface Reading {
  readonly ageSeconds: number;
  readonly samples: StateSamples;
}

/** Makes the part of a family that belongs to one cluster. */
export function createClusterMember(family: ClusterFamily, options: ClusterMemberOptions): FamilyMember {
  const { metaState, upstream, name, maxTables, timeoutMs, report } = options;
  const label: Sample['labels'] = name === undefined ? {} : { cluster: name };
  const seriesOf = (key: 'up' | 'stateAge' | StateMetricKey) => createClusterSeries(family.gauge(key), label);
  const up = seriesOf('up');
  const stateAge = seriesOf('stateAge');
  const state = STATE_METRICS.map((key) => ({ key, series: seriesOf(key) }));
  const readState = createStateReader(metaState, timeoutMs);
  const updateUpstream = createUpstreamCounters(family, label, upstream);
  const failures = family.counter('scrapeFailures');
  /** The last snapshot that can be told to be unchanged, and its values. */
  let known: { readonly cluster: Cluster; readonly samples: StateSamples } | undefined;
  let isRemoved = false;

  async function read(): Promise<Reading> {
    const { cluster, ageSeconds } = await readState();
    if (cluster === known?.cluster) return { ageSeconds, samples: known.samples };
    const { samples, errors, isFrozen } = await runInSlices(stateSamples(cluster, maxTables));
    for (const error of errors) report(error);
    known = isFrozen ? { cluster, samples } : undefined;
    return { ageSeconds, samples };
  }

  function show(reading: Reading | undefined): void {
    up.replace([{ labels: {}, value: reading === undefined ? 0 : 1 }]);
    stateAge.replace(reading === undefined ? [] : [{ labels: {}, value: reading.ageSeconds }]);
    for (const { key, series } of state) series.replace(reading?.samples[key] ?? []);
    failures.inc(label, reading === undefined ? 1 : 0);
  }

  return {
    async refresh() {
      let reading: Reading | undefined;
      try {
        reading = await read();
      } catch (error) {
        report(error);
      }
      if (isRemoved) return;
      show(reading);
      try {
        updateUpstream();
      } catch (error) {
        report(error);
      }
    },
    removeSeries() {
      isRemoved = true;
      for (const series of [up, stateAge, ...state.map((entry) => entry.series)]) series.replace([]);
      for (const key of ['scrapeFailures', 'upstreamRequests', 'upstreamFailures'] as const)
        family.counter(key).remove(label);
    },
  };
}
