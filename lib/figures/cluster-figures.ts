import type { App } from '../contracts.js';
import { blockMaker, type Making } from '../kept.js';
import { UNFROZEN } from '../render.js';
import { type AppFigures, appFigures } from './app-figures.js';
import { addHealth, type Health, healthOfNone, judgeApp } from './health.js';
import { addReplicaCounts, type ReplicaCounts } from './replica-counts.js';

/** What follows from many apps. */
export interface ClusterFigures {
  readonly apps: readonly AppFigures[];
  /** How many of the apps are in which state of health. */
  readonly health: Health;
  /** By node. */
  readonly replicaCounts: ReadonlyMap<string, ReplicaCounts>;
}

const blocks = blockMaker<App, undefined, ClusterFigures>(figuresOfBlock);

/** Looks at many apps; what follows from a block of them is kept as long as they are. A part of renderings, as {@link appFigures} is. */
export function* clusterFigures(apps: readonly App[]): Making<ClusterFigures> {
  const figures: AppFigures[] = [];
  const health = healthOfNone(0);
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

function* figuresOfBlock(apps: readonly App[]): Making<ClusterFigures> {
  const figures: AppFigures[] = [];
  const health = healthOfNone(0);
  const replicaCounts = new Map<string, ReplicaCounts>();
  for (const app of apps) {
    const found = yield* appFigures(app);
    figures.push(found);
    judgeApp(health, found.health);
    addReplicaCounts(replicaCounts, found.replicaCounts);
  }
  return { apps: figures, health, replicaCounts };
}
