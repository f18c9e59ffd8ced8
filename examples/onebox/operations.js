// What a real cluster does with its operations in time: compactions and bulk loads go on, duplications make progress.

/** @type {Readonly<Record<string, 'BLS_DOWNLOADED' | 'BLS_INGESTING' | 'BLS_SUCCEED' | undefined>>} */
const NEXT = {
  BLS_DOWNLOADING: 'BLS_DOWNLOADED',
  BLS_DOWNLOADED: 'BLS_INGESTING',
  BLS_INGESTING: 'BLS_SUCCEED',
};

/**
 * Moves all operations of a cluster on, once a second.
 *
 * @param {import('pegasus-http').MemoryCluster} cluster
 * @returns {{ stop(): void }}
 */
export function runOperations(cluster) {
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

/**
 * @param {import('pegasus-http').MemoryCluster} cluster
 * @param {number} appId
 * @param {string} appName
 */
function advanceCompaction(cluster, appId, appName) {
  const isUnderWay = cluster.metaState.cluster().nodes.some(({ address }) => {
    const { queuing, running } = cluster.replicaServer(address).replicas.compactionProgress(appId);
    return queuing + running > 0;
  });
  if (isUnderWay) cluster.advanceCompaction(appName);
}

/**
 * @param {import('pegasus-http').MemoryCluster} cluster
 * @param {string} appName
 */
function advanceBulkLoad(cluster, appName) {
  const state = cluster.metaState.bulkLoadStatus(appName);
  const next = typeof state === 'object' ? NEXT[state.status] : undefined;
  if (next !== undefined) cluster.setBulkLoadStatus(appName, next);
}

/**
 * The other cluster confirms what the table had a second ago, while clients go on writing.
 *
 * @param {import('pegasus-http').MemoryCluster} cluster
 * @param {string} appName
 */
function advanceDuplications(cluster, appName) {
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
