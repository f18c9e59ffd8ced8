import type {
  BalanceOperations,
  Partition,
  PerfCounter,
  ProcessVersion,
  ReplicaServer,
} from '../../model/cluster.js';
import type { AppStatus, MetaFunctionLevel } from '../../model/enums.js';
import type {
  BackupPolicyDescription,
  BulkLoadDescription,
  BulkLoadFiles,
  ClusterFeature,
  CompactionDescription,
  DuplicationDescription,
} from './operation-types.js';

/**
 * A cluster in plain data, such as a JSON file can hold. Every field has a default.
 *
 * @example The cluster of the user's guide. Each partition gets a primary and a secondary, on the two nodes in turn.
 * ```json
 * {
 *   "metaServers": ["127.0.0.1:34601", "127.0.0.1:34602"],
 *   "nodes": ["127.0.0.1:34801", "127.0.0.1:34802"],
 *   "apps": [{ "appName": "stat", "partitionCount": 4 }, { "appName": "temp", "partitionCount": 8 }]
 * }
 * ```
 */
export interface ClusterDescription {
  /** The answer of `/version`. Default: `unknown` twice. */
  readonly version?: ProcessVersion;
  /** The answer of `/recentStartTime`, in Unix seconds. Default: when this process started. */
  readonly startSecond?: number;
  /** The meta servers, in configured order. Default: `['127.0.0.1:34601']`. */
  readonly metaServers?: readonly (string | MetaServerDescription)[];
  /** Address of the primary meta server; `null` during an election. Default: the first meta server. */
  readonly primaryMetaServer?: string | null;
  /** Default: `['127.0.0.1:2181']`. */
  readonly zookeeperHosts?: readonly string[];
  /** Default: `/pegasus`. */
  readonly zookeeperRoot?: string;
  /** Default: `steady`. */
  readonly metaFunctionLevel?: MetaFunctionLevel;
  /** What the balancer would do. Default: nothing. */
  readonly balanceOperations?: BalanceOperations | 'unknown';
  /** The replica servers. A plain address is a node that is alive. Default: none. */
  readonly nodes?: readonly (string | ReplicaServer)[];
  /** The tables. Default: none. */
  readonly apps?: readonly AppDescription[];
  /** The policies of cold backups. Default: none. */
  readonly backupPolicies?: readonly BackupPolicyDescription[];
  /** The files that bulk loads can read. Default: none, so that no bulk load starts. */
  readonly bulkLoadFiles?: readonly BulkLoadFiles[];
  /** Features that are switched off; their endpoints are 404. Default: none. */
  readonly disabledFeatures?: readonly ClusterFeature[];
  /** The perf counters of all servers. Default: none. */
  readonly perfCounters?: readonly PerfCounter[];
}

/** A meta server whose HTTP interface is at another URL than its address. */
export interface MetaServerDescription {
  /** The address that `/meta/cluster` shows. */
  readonly address: string;
  /** Base URL that backups redirect to, with the mount prefix if there is one. Default: `http://` and the address. */
  readonly url?: string;
}

/** A table in plain data. */
export interface AppDescription {
  /** A non-empty text that no other table in use has as its name. */
  readonly appName: string;
  /** Default: one more than the highest. */
  readonly appId?: number;
  /** Default: `pegasus`. */
  readonly appType?: string;
  /** Default: `AVAILABLE`. */
  readonly status?: AppStatus;
  /** Default: the length of `partitions`, else 4. */
  readonly partitionCount?: number;
  /** How many replicas each partition wants. Default: 3. */
  readonly maxReplicaCount?: number;
  /** Default: `true`. */
  readonly isStateful?: boolean;
  /** Unix seconds, 0 for none. Default: now. */
  readonly createSecond?: number;
  /** Unix seconds, 0 for none. A recalled table keeps it, although it is `AVAILABLE` again. Default: 0. */
  readonly dropSecond?: number;
  /** Unix seconds, 0 for none. A recalled table keeps it, too. Default: 0. */
  readonly expireSecond?: number;
  /** Environment variables. Default: none. */
  readonly envs?: Readonly<Record<string, string>>;
  /**
   * Partitions by ascending `pidx`; some may be missing. Default: placed on the living nodes in turn, the primary of partition
   * `i` on the `i`-th of them and the secondaries on those after it.
   */
  readonly partitions?: readonly PartitionDescription[];
  /** Version of the data format of all replicas. Default: 1. */
  readonly dataVersion?: number;
  /** Duplications to other clusters, oldest first. Default: none. */
  readonly duplications?: readonly DuplicationDescription[];
  /** The bulk load that is under way or has ended. Default: none. */
  readonly bulkLoad?: BulkLoadDescription;
  /** The manual compaction by the addresses of the replica servers. Default: all replicas are idle. */
  readonly compaction?: Readonly<Record<string, CompactionDescription>>;
}

/** A partition's configuration in plain data. */
export interface PartitionDescription extends Partial<Pick<Partition, 'pidx' | 'maxReplicaCount'>> {
  /** Counts the changes of the configuration; -1 for a new partition of a split, which has none yet. Default: 0. */
  readonly ballot?: number;
  /** Address of one of the nodes, `null` for none. */
  readonly primary: string | null;
  /** Addresses of other nodes. Default: none. */
  readonly secondaries?: readonly string[];
}
