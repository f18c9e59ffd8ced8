import type { BulkLoadStatus, MemoryCluster } from '../../index.js';

const NEXT: Readonly<Partial<Record<string, BulkLoadStatus>>> = {
  BLS_DOWNLOADING: 'BLS_DOWNLOADED',
  BLS_DOWNLOADED: 'BLS_INGESTING',
  BLS_INGESTING: 'BLS_SUCCEED',
};

/**
 * Moves all operations of a cluster on, once a second, as a real cluster does: compactions and bulk loads go on, duplications make
 * progress.
 */
export function runOperations(cluster: MemoryCluster): { stop(): void } {
  const timer = setInterval(() => {
    for (const { appId, appName, status } of cluster.metaState.cluster().apps) {
      if (status !== 'AVAILABLE') continue;
      advanceCompaction(cluster, appId, appName);
      advanceBulkLoad(cluster, appName);
      advanceDuplications(cluster, appName);
    }
  }, 1000);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

function advanceCompaction(cluster: MemoryCluster, appId: number, appName: string): void {
  const isUnderWay = cluster.metaState.cluster().nodes.some(({ address }) => {
    const { queuing, running } = cluster.replicaServer(address).replicas.compactionProgress(appId);
    return queuing + running > 0;
  });
  if (isUnderWay) cluster.advanceCompaction(appName);
}

function advanceBulkLoad(cluster: MemoryCluster, appName: string): void {
  const state = cluster.metaState.bulkLoadStatus(appName);
  const next = typeof state === 'object' ? NEXT[state.status] : undefined;
  if (next !== undefined) cluster.setBulkLoadStatus(appName, next);
}

/** The other cluster confirms what the table had a second ago, while clients go on writing. */
function advanceDuplications(cluster: MemoryCluster, appName: string): void {
  const found = cluster.metaState.duplications(appName);
  if (typeof found !== 'object') return;
  for (const { dupId, status, progress } of found.duplications) {
    if (status !== 'DS_LOG') continue;
    const moved = progress.map(({ pidx, lastCommittedDecree: committed = -1 }) => ({
      pidx,
      confirmedDecree: committed,
      lastCommittedDecree: committed + 1 + Math.floor(Math.random() * 9),
    }));
    cluster.setDuplicationProgress(appName, dupId, moved);
  }
}
