import type { AppStatus, MetaFunctionLevel, NodeStatus, PerfCounterType } from './enums.js';

/** Whether a meta server is the primary; see {@link MetaStateSource.role}. */
export type MetaRole =
  | {
      /** The primary meta server. It answers requests. */
      readonly role: 'primary';
    }
  | {
      /** A backup meta server. It redirects to the primary. */
      readonly role: 'backup';
      /**
       * Base URL of the primary meta, `http://10.0.0.1:34601` or with a mount prefix of its own
       * `http://10.0.0.1:8080/pegasus`; `null` while no primary is known (an election is under way).
       */
      readonly primaryUrl: string | null;
    };

/** A snapshot of the whole cluster; see {@link MetaStateSource.cluster}. */
export interface Cluster {
  /** All apps of any status by ascending `appId`. The endpoints list and count only `AVAILABLE` ones. */
  readonly apps: readonly App[];
  /** All replica servers that the meta server knows, in any order. */
  readonly nodes: readonly ReplicaServer[];
  /** Addresses of the meta servers, in configured order. */
  readonly metaServers: readonly string[];
  /** Address of the primary meta server; `null` while none is known. */
  readonly primaryMetaServer: string | null;
  /** `host:port` of each ZooKeeper server, in configured order. */
  readonly zookeeperHosts: readonly string[];
  /** The cluster's root znode, for instance `/pegasus/onebox/127.0.0.1`. */
  readonly zookeeperRoot: string;
  /** Which changes of the cluster the meta server makes. */
  readonly metaFunctionLevel: MetaFunctionLevel;
  /** The operations that the balancer would start now; `unknown` if the source cannot tell or the balancer has computed none. */
  readonly balanceOperations: BalanceOperations | 'unknown';
  /** How unevenly the replicas are spread. A source gives it where it does not know the partitions; derived from them when absent. */
  readonly replicaCountStddev?: ReplicaCountStddev | undefined;
}

/** How unevenly replicas are spread over the nodes, as standard deviations. 0 is even. */
export interface ReplicaCountStddev {
  /** Of the primary replicas. */
  readonly primary: number;
  /** Of all replicas. */
  readonly total: number;
}

/** A table. */
export interface App {
  /** Positive integer; unique, never reused. */
  readonly appId: number;
  /** Any non-empty text. */
  readonly appName: string;
  /** `pegasus` for every table that Pegasus creates. */
  readonly appType: string;
  /** The state of the table's life cycle. */
  readonly status: AppStatus;
  /** The number of partitions. */
  readonly partitionCount: number;
  /** The number of replicas that each partition should have. */
  readonly maxReplicaCount: number;
  /** Whether it holds data (always, in practice). */
  readonly isStateful: boolean;
  /** Unix time in seconds, 0 for none. */
  readonly createSecond: number;
  /** Unix time in seconds when it was dropped, 0 for none. */
  readonly dropSecond: number;
  /** Unix time in seconds when a dropped table is removed for good, 0 for none. */
  readonly expireSecond: number;
  /**
   * Environment variables. Only own keys count, so that `__proto__` can be one: `JSON.parse` and
   * `Object.fromEntries` make such objects, a literal needs `['__proto__']`.
   */
  readonly envs: Readonly<Record<string, string>>;
  /**
   * Partitions by ascending `pidx`. A missing partition (state that is partly written) counts as one without replicas.
   */
  readonly partitions: readonly Partition[];
  /**
   * How healthy its partitions are; derived from them when absent. A source that lists tables without their partitions gives it, and
   * leaves `partitions` of the listed table empty.
   */
  readonly health?: AppHealth | undefined;
  /** How many environment variables it has; counted when absent. A source that lists tables without their `envs` gives it. */
  readonly envCount?: number | undefined;
}

/** How many partitions of a table are in each state of health. */
export interface AppHealth {
  /** They have a primary and all replicas. */
  readonly fullyHealthy: number;
  /** They lack a replica. */
  readonly unhealthy: number;
  /** They have too few replicas to be written. */
  readonly writeUnhealthy: number;
  /** They have no primary. */
  readonly readUnhealthy: number;
}

/** A partition's configuration. */
export interface Partition {
  /** Index within the app: an integer from 0 to `partitionCount - 1`. */
  readonly pidx: number;
  /** Counts the changes of this configuration; -1 for a new partition of a split that is under way. */
  readonly ballot: number;
  /** Address of the node with the primary replica, `null` for none. */
  readonly primary: string | null;
  /** Addresses of the nodes with a secondary replica, in the partition's own order. */
  readonly secondaries: readonly string[];
  /**
   * The number of replicas that this partition should have. Default: the app's. The two differ while Pegasus changes
   * `max_replica_count` partition by partition.
   */
  readonly maxReplicaCount?: number | undefined;
}

/** A replica server, called a node in responses. */
export interface ReplicaServer {
  /** `ip:port` or `host:port`. */
  readonly address: string;
  /** Whether the meta server hears from it. */
  readonly status: NodeStatus;
  /** Its replicas. A source gives them where it does not know the partitions; counted from them when absent. */
  readonly replicaCounts?: NodeReplicaCounts | undefined;
}

/** How many replicas are on one node. */
export interface NodeReplicaCounts {
  /** Primary replicas. */
  readonly primary: number;
  /** Secondary replicas. */
  readonly secondary: number;
}

/** Counts of the balancer's proposals, by kind; their total is derived. */
export interface BalanceOperations {
  /** Proposals to make a secondary the primary. */
  readonly movePrimary: number;
  /** Proposals to copy a primary to another node. */
  readonly copyPrimary: number;
  /** Proposals to copy a secondary to another node. */
  readonly copySecondary: number;
}

/** The value of one perf counter. */
export type PerfCounter =
  | {
      /** Its full name. */
      readonly name: string;
      /** The types that have one value. */
      readonly type: Exclude<PerfCounterType, 'PERCENTILE'>;
      /** In the counter's own unit; a `RATE` is per second. */
      readonly value: number;
      /** One sentence. */
      readonly description: string;
    }
  | {
      /** Its full name. */
      readonly name: string;
      /** The type that has two values. */
      readonly type: 'PERCENTILE';
      /** The median of the window's samples, which only `/metrics` prints; `undefined` if it is not known. */
      readonly p50?: number | undefined;
      /** 90% of the window's samples are at most this; like `p50`. */
      readonly p90?: number | undefined;
      /** 95% of the window's samples are at most this; like `p50`. */
      readonly p95?: number | undefined;
      /** 99% of the window's samples are at most this. */
      readonly p99: number;
      /** 99.9% of the window's samples are at most this. */
      readonly p999: number;
      /** One sentence. */
      readonly description: string;
    };

/** The version of a process. */
export interface ProcessVersion {
  /** For instance `1.12.SNAPSHOT`. */
  readonly version: string;
  /** The commit of the build. */
  readonly gitCommit: string;
}
