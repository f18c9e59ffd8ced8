import type { App } from '../model/cluster.js';
import { blockMaker, type Making } from '../render/body-cache.js';
import { UNFROZEN } from '../render/time-slicing.js';
import { type AppStats, appStats } from './app-stats.js';
import { addApp, addHealth, type Health, initialHealth } from './health.js';
import { addReplicaCounts, type ReplicaCounts } from './replica-counts.js';

/** What follows from many apps. */
export interface ClusterStats {
  readonly apps: readonly AppStats[];
  /** How many of the apps are in which state of health. */
  readonly health: Health;
  /** By node. */
  readonly replicaCounts: ReadonlyMap<string, ReplicaCounts>;
}

const blocks = blockMaker<App, undefined, ClusterStats>(figuresOfBlock);

/** Looks at many apps; what follows from a block of them is kept as long as they are. A part of renderings, as {@link appStats} is. */
export function* clusterStats(apps: readonly App[]): Making<ClusterStats> {
  const figures: AppStats[] = [];
  const health = initialHealth(0);
  const replicaCounts = new Map<string, ReplicaCounts>();
  for (const block of blocks(apps, undefined)) {
    if (block === '' || block === UNFROZEN) {
      yield block;
      continue;
    }
    figures.push(...block.apps);
    addHealth(health, block.health);
    addReplicaCounts(replicaCounts, block.replicaCounts);
  }
  return { apps: figures, health, replicaCounts };
}

function* figuresOfBlock(apps: readonly App[]): Making<ClusterStats> {
  const figures: AppStats[] = [];
  const health = initialHealth(0);
  const replicaCounts = new Map<string, ReplicaCounts>();
  for (const app of apps) {
    const found = yield* appStats(app);
    figures.push(found);
    addApp(health, found.health);
    addReplicaCounts(replicaCounts, found.replicaCounts);
  }
  return { apps: figures, health, replicaCounts };
}
