import type {
  BalanceOperations,
  Partition,
  PerfCounter,
  ProcessVersion,
  ReplicaServer,
} from '../../model/cluster.js';
import type { AppStatus, MetaFunctionLevel } from '../../model/enums.js';

/**
 * A cluster in plain data: what a JSON file can hold. Only what matters needs to be said, the rest has defaults.
 *
 * @example The cluster of the user's guide: every partition gets a primary and a secondary, in turn.
 * ```json
 * {
 *   "metaServers": ["127.0.0.1:34601", "127.0.0.1:34602"],
 *   "nodes": ["127.0.0.1:34801", "127.0.0.1:34802"],
 *   "apps": [{ "appName": "stat", "partitionCount": 4 }, { "appName": "temp", "partitionCount": 8 }]
 * }
 * ```
 */
export interface ClusterDescription {
  /** `/version`. Default: `unknown` twice. */
  readonly version?: ProcessVersion;
  /** `/recentStartTime`, in unix seconds. Default: when this process started. */
  readonly startSecond?: number;
  /** Default: `['127.0.0.1:34601']`. */
  readonly metaServers?: readonly (string | MetaServerDescription)[];
  /** One of the meta servers, `null` while an election is under way. Default: the first. */
  readonly primaryMetaServer?: string | null;
  /** Default: `['127.0.0.1:2181']`. */
  readonly zookeeperHosts?: readonly string[];
  /** Default: `/pegasus`. */
  readonly zookeeperRoot?: string;
  /** Default: `steady`. */
  readonly metaFunctionLevel?: MetaFunctionLevel;
  /** Default: nothing to do. */
  readonly balanceOperations?: BalanceOperations | 'unknown';
  /** The replica servers; a bare address is one that is alive. Default: none. */
  readonly nodes?: readonly (string | ReplicaServer)[];
  /** Default: none. */
  readonly apps?: readonly AppDescription[];
  /** Default: none. */
  readonly perfCounters?: readonly PerfCounter[];
}

/** A meta server whose HTTP interface is not simply at its address. */
export interface MetaServerDescription {
  /** As `/meta/cluster` shows it. */
  readonly address: string;
  /** Base URL that backups redirect to, with the mount prefix if there is one. Default: `http://` and the address. */
  readonly url?: string;
}

/** A table in plain data. */
export interface AppDescription {
  /** Any non-empty text that no other table in use bears. */
  readonly appName: string;
  /** Default: one more than the highest. */
  readonly appId?: number;
  /** Default: `pegasus`. */
  readonly appType?: string;
  /** Default: `AVAILABLE`. */
  readonly status?: AppStatus;
  /** Default: as many as `partitions` has, else 4. */
  readonly partitionCount?: number;
  /** Default: 3. */
  readonly maxReplicaCount?: number;
  /** Default: `true`. */
  readonly isStateful?: boolean;
  /** Unix seconds, 0 for none. Default: now. */
  readonly createSecond?: number;
  /** Unix seconds, 0 for none. Default: 0. */
  readonly dropSecond?: number;
  /** Unix seconds, 0 for none. Default: 0. */
  readonly expireSecond?: number;
  /** Default: none. */
  readonly envs?: Readonly<Record<string, string>>;
  /**
   * By ascending `pidx`; some may be missing. Default: placed on the living nodes in turn, the primary of partition `i` on the
   * `i`-th of them and the secondaries on those that follow.
   */
  readonly partitions?: readonly PartitionDescription[];
}

/** A partition's configuration in plain data. */
export interface PartitionDescription extends Partial<Pick<Partition, 'pidx' | 'ballot'>> {
  /** Address of one of the nodes, `null` for none. */
  readonly primary: string | null;
  /** Addresses of other nodes. Default: none. */
  readonly secondaries?: readonly string[];
}
