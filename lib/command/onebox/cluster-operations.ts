import type { MemoryCluster } from '../../index.js';

/** An operation of a memory cluster, as a client of the control interface calls it. */
interface ClusterOperation {
  readonly summary: string;
  readonly example: object;
  /** The keys of the body; without them the body is the argument, and the memory cluster checks it. */
  readonly keys?: readonly string[];
  /** Calls the operation. The memory cluster checks the values. */
  // biome-ignore lint/suspicious/noExplicitAny: these are values of a client
  run(cluster: MemoryCluster, body: any): unknown;
}

/** The operations under the names that `MemoryCluster` has for them. */
export const CLUSTER_OPERATIONS: Readonly<Record<string, ClusterOperation>> = {
  createApp: {
    summary: 'Creates a table.',
    example: { appName: 'orders', partitionCount: 8, envs: {} },
    run: (cluster, app) => cluster.createApp(app),
  },
  dropApp: {
    summary: 'Drops a table.',
    example: { appName: 'orders', holdSeconds: 3600 },
    keys: ['appName', 'holdSeconds'],
    run: (cluster, { appName, ...options }) => cluster.dropApp(appName, options),
  },
  recallApp: {
    summary: 'Makes a dropped table available again, with another name if one is given.',
    example: { appId: 3, newName: 'orders2' },
    keys: ['appId', 'newName'],
    run: (cluster, { appId, newName }) => cluster.recallApp(appId, newName),
  },
  renameApp: {
    summary: 'Renames a table.',
    example: { appName: 'orders', newName: 'orders2' },
    keys: ['appName', 'newName'],
    run: (cluster, { appName, newName }) => cluster.renameApp(appName, newName),
  },
  setAppStatus: {
    summary: 'Moves a table, by name or id, to the next state of its life cycle.',
    example: { table: 'orders', status: 'DROPPING' },
    keys: ['table', 'status'],
    run: (cluster, { table, status }) => cluster.setAppStatus(table, status),
  },
  setAppEnvs: {
    summary: 'Sets environment variables of a table; null removes one.',
    example: { appName: 'orders', envs: { default_ttl: '86400' } },
    keys: ['appName', 'envs'],
    run: (cluster, { appName, envs }) => cluster.setAppEnvs(appName, envs),
  },
  setPartition: {
    summary: 'Replaces the configuration of a partition.',
    example: { appName: 'orders', pidx: 0, primary: 'node1', secondaries: ['node2'] },
    keys: ['appName', 'pidx', 'primary', 'secondaries', 'ballot', 'maxReplicaCount'],
    run: (cluster, { appName, pidx, ...configuration }) => cluster.setPartition(appName, pidx, configuration),
  },
  setMetaFunctionLevel: {
    summary: 'Sets which changes the meta server makes.',
    example: { level: 'steady' },
    keys: ['level'],
    run: (cluster, { level }) => cluster.setMetaFunctionLevel(level),
  },
  setBalanceOperations: {
    summary: 'Sets what the balancer would do.',
    example: { balanceOperations: { movePrimary: 1, copyPrimary: 0, copySecondary: 0 } },
    keys: ['balanceOperations'],
    run: (cluster, { balanceOperations }) => cluster.setBalanceOperations(balanceOperations),
  },
  setPerfCounter: {
    summary: 'Adds or changes a perf counter of all servers.',
    example: { name: 'replica*server*memused.res(MB)', type: 'NUMBER', value: 512, description: 'memory' },
    run: (cluster, counter) => cluster.setPerfCounter(counter),
  },
  setMetric: {
    summary: 'Adds or changes a metric of one server.',
    example: {
      server: 'node1',
      entityId: 'server',
      metric: { name: 'load', type: 'Gauge', unit: 'Requests', description: 'load', value: 7 },
    },
    keys: ['server', 'entityId', 'metric'],
    run: (cluster, { server, entityId, metric }) => cluster.setMetric(server, entityId, metric),
  },
  addDuplication: {
    summary: 'Adds a duplication to a table.',
    example: { appName: 'orders', duplication: { remote: 'c2' } },
    keys: ['appName', 'duplication'],
    run: (cluster, { appName, duplication }) => cluster.addDuplication(appName, duplication),
  },
  setDuplicationStatus: {
    summary: 'Sets the status of a duplication.',
    example: { appName: 'orders', dupId: 1, status: 'DS_LOG' },
    keys: ['appName', 'dupId', 'status'],
    run: (cluster, { appName, dupId, status }) => cluster.setDuplicationStatus(appName, dupId, status),
  },
  setDuplicationProgress: {
    summary: 'Sets the progress of some partitions of a duplication.',
    example: { appName: 'orders', dupId: 1, progress: [{ pidx: 0, confirmedDecree: 5 }] },
    keys: ['appName', 'dupId', 'progress'],
    run: (cluster, { appName, dupId, progress }) => cluster.setDuplicationProgress(appName, dupId, progress),
  },
  removeDuplication: {
    summary: 'Removes a duplication.',
    example: { appName: 'orders', dupId: 1 },
    keys: ['appName', 'dupId'],
    run: (cluster, { appName, dupId }) => cluster.removeDuplication(appName, dupId),
  },
  setBackupPolicy: {
    summary: 'Adds or changes a policy of cold backups.',
    example: { name: 'every_day', appIds: [1] },
    run: (cluster, policy) => cluster.setBackupPolicy(policy),
  },
  setBulkLoadStatus: {
    summary: 'Moves the bulk load of a table on.',
    example: { appName: 'orders', status: 'BLS_DOWNLOADED' },
    keys: ['appName', 'status', 'error'],
    run: (cluster, { appName, status, error }) => cluster.setBulkLoadStatus(appName, status, error),
  },
  advanceCompaction: {
    summary: 'Moves the manual compaction of a table on.',
    example: { appName: 'orders' },
    keys: ['appName'],
    run: (cluster, { appName }) => cluster.advanceCompaction(appName),
  },
};
