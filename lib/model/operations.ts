/**
 * The values of the operations of meta servers and replica servers.
 *
 * @module
 */

import type { BulkLoadStatus, DuplicationFailMode, DuplicationStatus } from './enums.js';

/** A duplication of a table to another cluster, as a meta server knows it. */
export interface Duplication {
  /** Positive integer. */
  readonly dupId: number;
  /** Unix time in seconds. */
  readonly createSecond: number;
  /** Name of the other cluster. */
  readonly remote: string;
  /** The state of the duplication. */
  readonly status: DuplicationStatus;
  /** What happens to a mutation that cannot be sent. */
  readonly failMode: DuplicationFailMode;
  /** Name of the table in the other cluster. Only Pegasus 2.6 and newer have it. */
  readonly remoteAppName?: string | undefined;
  /** Replicas of the table in the other cluster. Only Pegasus 2.6 and newer have it. */
  readonly remoteReplicaCount?: number | undefined;
  /** The progress of each partition that has reported one, by ascending `pidx`. */
  readonly progress: readonly DuplicationProgress[];
}

/** The progress of the duplication of one partition. */
export interface DuplicationProgress {
  /** Index of the partition. */
  readonly pidx: number;
  /** The last mutation that the other cluster has; -1 for none. */
  readonly confirmedDecree: number;
  /** The last mutation that the partition has; -1 for none. Only Pegasus 2.6 and newer have it. */
  readonly lastCommittedDecree?: number | undefined;
}

/** The duplications of one table. */
export interface AppDuplications {
  /** Id of the table. */
  readonly appId: number;
  /** The duplications, oldest first. */
  readonly duplications: readonly Duplication[];
}

/** A policy of cold backups. */
export interface BackupPolicy {
  /** Name of the policy. */
  readonly name: string;
  /** The configured provider, such as `hdfs_service`. */
  readonly providerType: string;
  /** Time between two backups. */
  readonly intervalSeconds: number;
  /** Ids of the tables that are backed up. */
  readonly appIds: readonly number[];
  /** Local time of day, `HH:MM`. */
  readonly startTime: string;
  /** Whether backups are made. */
  readonly isEnabled: boolean;
  /** How many backups are kept. */
  readonly historyCount: number;
}

/** The bulk load of a table. */
export interface BulkLoadState {
  /** The state of the bulk load. */
  readonly status: BulkLoadStatus;
  /** Why the bulk load has failed, such as `ERR_CORRUPTION`; `ERR_OK` otherwise. */
  readonly error: string;
}

/** Where a bulk load reads the data of a table. */
export interface BulkLoadRequest {
  /** Name of the table. */
  readonly appName: string;
  /** Name of the cluster that the files are for. */
  readonly clusterName: string;
  /** The configured provider, such as `hdfs_zjy`. */
  readonly fileProviderType: string;
  /** Root path of the files at the provider. */
  readonly remoteRootPath: string;
}

/** A manual compaction of a table. */
export interface CompactionRequest {
  /** Name of the table. */
  readonly appName: string;
  /** Whether the table is compacted now, or every day at `triggerTime`. */
  readonly type: 'once' | 'periodic';
  /** Times of day of a periodic compaction, such as `3:00,21:00`. */
  readonly triggerTime?: string | undefined;
  /** The level to compact to; -1 lets RocksDB choose. */
  readonly targetLevel: number;
  /** Whether files of the last level are compacted too. */
  readonly bottommostLevelCompaction: 'skip' | 'force';
  /** How many replicas of a server compact at the same time; 0 for no limit. */
  readonly maxConcurrentRunningCount: number;
}

/** The outcome of an operation that a meta server accepted or refused. */
export interface OperationResult {
  /** `ERR_OK`, or a code of Pegasus such as `ERR_APP_NOT_EXIST`, `ERR_INVALID_STATE`. */
  readonly error: string;
  /** A sentence about the error; empty for none. */
  readonly hint: string;
}

/** The duplication of one partition, as the replica server with its primary replica knows it. */
export interface ReplicaDuplication {
  /** Id of the duplication. */
  readonly dupId: number;
  /** Id of the table. */
  readonly appId: number;
  /** Index of the partition. */
  readonly pidx: number;
  /** Whether the replica sends mutations now. */
  readonly isDuplicating: boolean;
  /** What happens to a mutation that cannot be sent. */
  readonly failMode: DuplicationFailMode;
  /** Mutations that the other cluster has not confirmed. */
  readonly notConfirmedMutations: number;
  /** Mutations that have not been sent. */
  readonly notDuplicatedMutations: number;
  /** Name of the table in the other cluster. Only Pegasus 2.6 and newer have it. */
  readonly remoteAppName?: string | undefined;
}

/** The version of the data format of one replica. */
export interface ReplicaDataVersion {
  /** Index of the partition. */
  readonly pidx: number;
  /** Version of the data format. */
  readonly dataVersion: number;
}

/** How many replicas of a table on one server are in each state of a manual compaction. */
export interface CompactionProgress {
  /** Replicas that are not compacted. */
  readonly idle: number;
  /** Replicas that wait for their compaction. */
  readonly queuing: number;
  /** Replicas that are being compacted. */
  readonly running: number;
  /** Replicas whose compaction is done. */
  readonly finished: number;
}
