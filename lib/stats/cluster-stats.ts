import { memoizeBlocks } from '../render/block-cache.js';
import type { AppStats } from './app-stats.js';
import { addApp, addHealth, type Health, initialHealth } from './health.js';
import { addReplicaCounts, type ReplicaCounts, type ReplicaCountsByNode } from './replica-counts.js';

/** Statistics of many apps. */
export interface ClusterStats {
  /** How many apps are in each state of health. */
  readonly health: Health;
  readonly replicaCounts: ReplicaCountsByNode;
}

const appBlocks = memoizeBlocks(blockStats, ({ isFrozen }: AppStats) => isFrozen);

/** Blocks of blocks: 10,000 apps have 157 blocks, each with the counts of all nodes. */
const largeBlocks = memoizeBlocks(sum, () => true);

/** Computes the statistics of many apps. Blocks of frozen apps are cached. */
export function clusterStats(apps: readonly AppStats[]): ClusterStats {
  return sum([...largeBlocks([...appBlocks(apps, undefined)], undefined)]);
}

function sum(parts: readonly ClusterStats[]): ClusterStats {
  const health = initialHealth(0);
  const replicaCounts = new Map<string, ReplicaCounts>();
  for (const part of parts) {
    addHealth(health, part.health);
    addReplicaCounts(replicaCounts, part.replicaCounts);
  }
  return { health, replicaCounts };
}

function blockStats(apps: readonly AppStats[]): ClusterStats {
  const health = initialHealth(0);
  const replicaCounts = new Map<string, ReplicaCounts>();
  for (const stats of apps) {
    addApp(health, stats.health);
    addReplicaCounts(replicaCounts, stats.replicaCounts);
  }
  return { health, replicaCounts };
}
