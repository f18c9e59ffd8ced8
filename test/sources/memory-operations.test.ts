import { describe, expect, it } from 'vitest';
import {
  type AppDuplications,
  type ClusterDescription,
  type MemoryCluster,
  memoryCluster,
} from '../../lib/index.js';
import { forwardMetaState } from '../../lib/sources/forward-meta-state.js';

const NODES = ['127.0.0.1:34801', '127.0.0.1:34802', '127.0.0.1:34803'] as const;
const FILES = {
  appName: 'temp',
  clusterName: 'onebox',
  fileProviderType: 'local_service',
  remoteRootPath: 'bulk',
};
const COMPACTION = {
  appName: 'temp',
  type: 'once',
  targetLevel: -1,
  bottommostLevelCompaction: 'force',
  maxConcurrentRunningCount: 1,
} as const;

function createCluster(description: ClusterDescription = {}): MemoryCluster {
  return memoryCluster({
    nodes: NODES,
    apps: [{ appName: 'temp', partitionCount: 4 }],
    bulkLoadFiles: [FILES],
    ...description,
  });
}

const progressOn = (cluster: MemoryCluster, address: string) =>
  cluster.replicaServer(address).replicas.compactionProgress(1);

describe('a compaction', () => {
  it('sets the environment variables of Pegasus', () => {
    const cluster = createCluster();
    expect(cluster.metaState.startCompaction(COMPACTION)).toEqual({ error: 'ERR_OK', hint: '' });
    expect(cluster.metaState.app('temp')?.envs).toEqual({
      'manual_compact.once.trigger_time': expect.stringMatching(/^\d{10}$/),
      'manual_compact.once.target_level': '-1',
      'manual_compact.once.bottommost_level_compaction': 'force',
      'manual_compact.max_concurrent_running_count': '1',
    });
    const periodic = {
      ...COMPACTION,
      type: 'periodic',
      triggerTime: '3:00',
      maxConcurrentRunningCount: 0,
    } as const;
    cluster.metaState.startCompaction(periodic);
    expect(cluster.metaState.app('temp')?.envs).toMatchObject({
      'manual_compact.periodic.trigger_time': '3:00',
      'manual_compact.max_concurrent_running_count': '1',
    });
  });

  it('runs as many replicas of a server at a time as it may, until all have finished', () => {
    const cluster = createCluster();
    cluster.metaState.startCompaction(COMPACTION);
    const seen = [progressOn(cluster, NODES[0])];
    for (let i = 0; i < 4; i += 1) {
      cluster.advanceCompaction('temp');
      seen.push(progressOn(cluster, NODES[0]));
    }
    expect(seen.map(({ queuing, running, finished }) => [queuing, running, finished])).toEqual([
      [3, 1, 0],
      [2, 1, 1],
      [1, 1, 2],
      [0, 1, 3],
      [0, 0, 4],
    ]);
    expect(() => cluster.advanceCompaction('temp')).toThrow('table "temp" is not being compacted');
    cluster.killNode(NODES[0]);
    cluster.reviveNode(NODES[0]);
    expect(progressOn(cluster, NODES[0])).toEqual({ idle: 4, queuing: 0, running: 0, finished: 0 });
  });

  it('does not run where it is disabled', () => {
    const cluster = createCluster();
    cluster.setAppEnvs('temp', { 'manual_compact.disabled': 'true' });
    cluster.metaState.startCompaction(COMPACTION);
    expect(progressOn(cluster, NODES[1])).toMatchObject({ idle: 4 });
  });
});

describe('a bulk load', () => {
  it('moves through its states, and only in their order', () => {
    const cluster = createCluster({ metaFunctionLevel: 'lively' });
    const status = () => cluster.metaState.bulkLoadStatus('temp');
    expect(status()).toEqual({ status: 'BLS_INVALID', error: 'ERR_OK' });
    expect(() => cluster.setBulkLoadStatus('temp', 'BLS_DOWNLOADED')).toThrow('start it first');
    expect(cluster.metaState.startBulkLoad(FILES)).toMatchObject({ error: 'ERR_OK' });
    expect(cluster.metaState.cluster().metaFunctionLevel).toBe('steady');
    expect(cluster.metaState.startBulkLoad(FILES)).toMatchObject({ error: 'ERR_BUSY' });
    expect(() => cluster.setBulkLoadStatus('temp', 'BLS_SUCCEED')).toThrow(
      'is BLS_DOWNLOADING: next is BLS_DOWNLOADED or BLS_PAUSING or BLS_FAILED or BLS_CANCELED, not BLS_SUCCEED',
    );
    for (const next of ['BLS_DOWNLOADED', 'BLS_INGESTING'] as const) cluster.setBulkLoadStatus('temp', next);
    cluster.setBulkLoadStatus('temp', 'BLS_FAILED', 'ERR_FILE_OPERATION_FAILED');
    expect(status()).toEqual({ status: 'BLS_FAILED', error: 'ERR_FILE_OPERATION_FAILED' });
    expect(cluster.metaState.startBulkLoad(FILES)).toMatchObject({ error: 'ERR_OK' });
  });
});

describe('a duplication', () => {
  it('makes progress', () => {
    const cluster = createCluster();
    const { dupId, status } = cluster.addDuplication('temp', {
      remote: 'onebox2',
      remoteAppName: 'temp',
      remoteReplicaCount: 3,
    });
    expect(status).toBe('DS_PREPARE');
    cluster.setDuplicationStatus('temp', dupId, 'DS_LOG');
    cluster.setDuplicationProgress('temp', dupId, [{ pidx: 0, lastCommittedDecree: 9, confirmedDecree: 4 }]);
    const found = cluster.metaState.duplications('temp') as AppDuplications;
    const [duplication] = found.duplications;
    expect(duplication?.progress).toHaveLength(4);
    expect(duplication?.progress[0]).toEqual({ pidx: 0, confirmedDecree: 4, lastCommittedDecree: 9 });
    expect(cluster.replicaServer(NODES[0]).replicas.duplications(1)).toMatchObject([
      { dupId, pidx: 0, isDuplicating: true, notConfirmedMutations: 5 },
      { dupId, pidx: 3 },
    ]);
    const back = () => cluster.setDuplicationProgress('temp', dupId, [{ pidx: 0, confirmedDecree: 3 }]);
    expect(back).toThrow('progress[0].confirmedDecree must be an integer from 4, not 3');
    cluster.removeDuplication('temp', dupId);
    expect(cluster.metaState.duplications('temp')).toEqual({ appId: 1, duplications: [] });
    expect(() => cluster.removeDuplication('temp', dupId)).toThrow('has no duplication');
  });
});

const WRONG: readonly (readonly [act: (cluster: MemoryCluster) => unknown, message: string])[] = [
  [(cluster) => cluster.addDuplication('nope', { remote: 'a' }), 'there is no table "nope"'],
  [
    (cluster) => cluster.addDuplication('temp', { remote: '' }),
    'duplication.remote must be a non-empty string',
  ],
  [
    (cluster) => cluster.addDuplication('temp', { remote: 'a', progress: [{ pidx: 4 }] }),
    'duplication.progress[0].pidx must be an integer from 0 to 3, not 4',
  ],
  [
    (cluster) => {
      cluster.addDuplication('temp', { remote: 'a', dupId: 7 });
      cluster.addDuplication('temp', { remote: 'b', dupId: 7 });
    },
    'the table has a duplication 7 already',
  ],
  [(cluster) => cluster.setBackupPolicy({ name: 'p', appIds: [9] }), 'there is no table with id 9'],
  [
    (cluster) => cluster.setBackupPolicy({ name: 'p', appIds: [1], startTime: '25:00' }),
    'policy.startTime must be a time of day such as "03:30", not "25:00"',
  ],
  [(cluster) => cluster.setBulkLoadStatus('temp', 'BLS_INVALID', 'ERR_OK'), 'error is for BLS_FAILED only'],
  [
    (cluster) => cluster.metaState.startCompaction({ ...COMPACTION, targetLevel: -2 }),
    'request.targetLevel must be an integer from -1 to 2147483647, not -2',
  ],
  [(cluster) => cluster.metaState.setUsageScenario('temp', 'fast' as 'normal'), 'scenario must be one of'],
  [
    (cluster) => cluster.createApp({ appName: 'b', dataVersion: -1 }),
    'app.dataVersion must be an integer from 0',
  ],
  [
    () => createCluster({ apps: [{ appName: 'a', compaction: { [NODES[0]]: { running: 5 } } }] }),
    'running must be an integer from 0 to 4, not 5',
  ],
  [
    () => createCluster({ disabledFeatures: ['backup' as 'coldBackup'] }),
    'disabledFeatures[0] must be one of',
  ],
];

it.each(WRONG)('checks what it is given: %#', (act, message) => {
  expect(() => act(createCluster())).toThrow(message);
});

it('has no trace of a table whose description was wrong', () => {
  const cluster = createCluster();
  const bulkLoad = { status: 'BLS_DOWNLOADING' } as const;
  const wrong = { appName: 'new', bulkLoad, compaction: { [NODES[0]]: { running: 99 } } };
  expect(() => cluster.createApp(wrong)).toThrow('running');
  cluster.createApp({ appName: 'new' });
  expect(cluster.metaState.bulkLoadStatus('new')).toMatchObject({ status: 'BLS_INVALID' });
});

it('forwards every property of a source', () => {
  const { metaState } = createCluster();
  expect(Object.keys(forwardMetaState(metaState)).sort()).toEqual(Object.keys(metaState).sort());
  const { role, app, cluster } = metaState;
  expect(Object.keys(forwardMetaState({ role, app, cluster }))).toEqual(['role', 'app', 'cluster']);
  const forwarded = forwardMetaState(metaState);
  expect(forwarded.app('temp', { signal: AbortSignal.timeout(1000) })).toBe(metaState.app('temp'));
});
