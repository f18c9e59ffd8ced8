import type { PerfCounterSource } from '../../model/source.js';

/** What the counters are read from. */
export interface Readings {
  ageInSeconds(): number;
  losses(): number;
  reads(): number;
  waiting(): number;
}

/** How a source that reads ZooKeeper is doing, as perf counters. */
export function zookeeperCounters(readings: Readings): PerfCounterSource {
  const counters = new Map<string, { readonly read: () => number; readonly description: string }>([
    [
      'meta*zookeeper*state.age(s)',
      {
        read: readings.ageInSeconds,
        description:
          'how old the last known state is while ZooKeeper cannot be reached, 0 while it is current',
      },
    ],
    [
      'meta*zookeeper*connection.lost.count',
      { read: readings.losses, description: 'how often ZooKeeper was lost' },
    ],
    [
      'meta*zookeeper*znode.read.count',
      { read: readings.reads, description: 'how many znodes have been read, each time counted' },
    ],
    [
      'meta*zookeeper*znode.waiting.count',
      {
        read: readings.waiting,
        description: 'how many znodes are known to have changed and wait to be read',
      },
    ],
  ]);
  return {
    read(name) {
      const counter = counters.get(name);
      return counter && { name, type: 'NUMBER', value: counter.read(), description: counter.description };
    },
  };
}
