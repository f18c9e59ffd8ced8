import { configRegistry, type MemoryCluster } from '../../index.js';

/** The configuration of one server of the onebox. */
export type ServerConfig = ReturnType<typeof serverConfig>;

/**
 * Returns the configuration of one server, under Pegasus's names where it has them. Each server has its own, as each is a process of its
 * own in a real cluster.
 */
export function serverConfig(cluster: MemoryCluster) {
  const { zookeeperHosts, zookeeperRoot } = cluster.metaState.cluster();
  return configRegistry(
    {
      cluster_name: {
        type: 'string',
        section: 'replication',
        description: 'Name of this cluster.',
        default: zookeeperRoot.split('/').at(-1) ?? '',
      },
      hosts_list: {
        type: 'string',
        section: 'zookeeper',
        description: 'ZooKeeper hosts, separated by commas.',
        default: zookeeperHosts.join(),
      },
      enable_http_server: {
        type: 'bool',
        section: 'http',
        description: 'Whether the HTTP server is on.',
        default: true,
      },
      min_allowed_replica_count: replicaCount('Minimum', 1),
      max_allowed_replica_count: replicaCount('Maximum', 5),
      onebox_max_writes: {
        type: 'uint32',
        section: 'pegasus.server',
        description:
          'Maximum number of writes to a partition in 100 ms. See put_qps in the perf counters of a replica server.',
        default: 5,
        isMutable: true,
        validate: (value) => value <= 1000 || 'onebox_max_writes must be at most 1000',
      },
    },
    {
      groupValidators: {
        min_max_allowed_replica_count: ({ min_allowed_replica_count: min, max_allowed_replica_count: max }) =>
          min <= max || `min_allowed_replica_count(${min}) should be <= max_allowed_replica_count(${max})`,
      },
    },
  );
}

function replicaCount(bound: string, value: number) {
  return {
    type: 'int32',
    section: 'meta_server',
    description: `${bound} replica count of a new table.`,
    default: value,
    isMutable: true,
    validate: (count: number) => count > 0,
  } as const;
}
