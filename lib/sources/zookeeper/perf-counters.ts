import type { PerfCounterSource } from '../../model/source.js';

/** The values behind the perf counters. */
export interface SourceMetrics {
  ageSeconds(): number;
  connectionLosses(): number;
  znodeReads(): number;
  pendingReads(): number;
}

/** Makes the perf counters of a source that reads ZooKeeper. */
export function zookeeperCounters(metrics: SourceMetrics): PerfCounterSource {
  const counters = new Map<string, { readonly read: () => number; readonly description: string }>([
    [
      'meta*zookeeper*state.age(s)',
      {
        read: metrics.ageSeconds,
        description: 'age of the last known state in seconds, 0 while the state is current',
      },
    ],
    [
      'meta*zookeeper*connection.lost.count',
      { read: metrics.connectionLosses, description: 'how often the connection to ZooKeeper was lost' },
    ],
    [
      'meta*zookeeper*znode.read.count',
      { read: metrics.znodeReads, description: 'how many znodes were read, each read counted' },
    ],
    [
      'meta*zookeeper*znode.waiting.count',
      { read: metrics.pendingReads, description: 'how many znodes have changed and wait to be read' },
    ],
  ]);
  return {
    read(name) {
      const counter = counters.get(name);
      return counter && { name, type: 'NUMBER', value: counter.read(), description: counter.description };
    },
  };
}
