import type { FakeClusterDescription } from '../../testing/index.js';

/** The cluster of `pegasus-http onebox` without a file; examples/onebox.json is the same. */
export const DEFAULT_CLUSTER: FakeClusterDescription = {
  version: { version: '1.12.SNAPSHOT', gitCommit: 'cf428dc0ef995b961809df860e783417de7757fc' },
  metaServers: ['127.0.0.1:34601', '127.0.0.1:34602', '127.0.0.1:34603'],
  zookeeperHosts: ['127.0.0.1:22181'],
  zookeeperRoot: '/pegasus/onebox/127.0.0.1',
  nodes: ['127.0.0.1:34801', '127.0.0.1:34802', '127.0.0.1:34803'],
  apps: [
    { appName: 'stat', partitionCount: 4, createSecond: 1565843655 },
    {
      appName: 'temp',
      partitionCount: 8,
      createSecond: 1565843655,
      envs: { 'replica.enable_slow_query_log': 'true', 'replica.slow_query_threshold': '20' },
      duplications: [
        {
          dupId: 1565843700,
          createSecond: 1565843700,
          remote: 'onebox2',
          status: 'DS_LOG',
          remoteAppName: 'temp',
          remoteReplicaCount: 3,
        },
      ],
    },
  ],
  backupPolicies: [
    { name: 'every_day', appIds: [1, 2], startTime: '03:30' },
    { name: 'every_hour', appIds: [2], intervalSeconds: 3600, isEnabled: false },
  ],
  bulkLoadFiles: [
    {
      appName: 'temp',
      clusterName: 'onebox',
      fileProviderType: 'local_service',
      remoteRootPath: 'bulk',
    },
  ],
  perfCounters: [
    {
      name: 'collector*app.pegasus*app.stat.read_qps#_all_',
      type: 'NUMBER',
      value: 0,
      description: 'statistic the read_qps of app _all_',
    },
  ],
};
