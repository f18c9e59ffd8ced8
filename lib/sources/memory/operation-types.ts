import type { BulkLoadStatus, DuplicationStatus } from '../../model/enums.js';
import type {
  BackupPolicy,
  BulkLoadRequest,
  Duplication,
  DuplicationProgress,
} from '../../model/operations.js';

/** A feature that the configuration of a cluster can switch off. */
export type ClusterFeature = 'duplication' | 'coldBackup' | 'bulkLoad';

/** A duplication in plain data. */
export interface DuplicationDescription
  extends Partial<Omit<Duplication, 'remote' | 'progress'>>,
    Pick<Duplication, 'remote'> {
  /**
   * Positive integer that no other duplication of the table has. Default: `createSecond`, or the next free number. Other defaults:
   * `createSecond` now, `status` `DS_PREPARE`, `failMode` `FAIL_SLOW`.
   */
  readonly dupId?: number;
  /** Name of the table in the other cluster, as Pegasus 2.6 has it. Without it `/meta/app/duplication` shows no progress, as in 2.5. */
  readonly remoteAppName?: string;
  /** Replicas of the table in the other cluster. Default: none, as in Pegasus 2.5. */
  readonly remoteReplicaCount?: number;
  /** The progress of some partitions. Default: none has sent or has anything. */
  readonly progress?: readonly DuplicationProgressDescription[];
}

/** The progress of the duplication of one partition in plain data. */
export interface DuplicationProgressDescription extends Pick<DuplicationProgress, 'pidx'> {
  /** The last mutation that the other cluster has; -1 for none. Default: -1, or what it was. */
  readonly confirmedDecree?: number;
  /** The last mutation that the partition has; -1 for none. Default: -1, or what it was. */
  readonly lastCommittedDecree?: number;
  /**
   * Mutations that the replica server has still to send. Default: the difference of the two. It can be more, because the meta server
   * learns of mutations later.
   */
  readonly pendingMutations?: number;
}

/** A policy of cold backups in plain data. */
export interface BackupPolicyDescription
  extends Partial<Omit<BackupPolicy, 'name' | 'appIds'>>,
    Pick<BackupPolicy, 'name' | 'appIds'> {}

/** Files that a bulk load can read. */
export interface BulkLoadFiles extends BulkLoadRequest {
  /** Id of the table that the files were made for. Default: any. */
  readonly appId?: number;
  /** Partitions that the files were made for. Default: any number. */
  readonly partitionCount?: number;
  /** Whether the file `bulk_load_info` is damaged. Default: `false`. */
  readonly isDamaged?: boolean;
}

/** A bulk load in plain data. */
export interface BulkLoadDescription {
  /** The state of the bulk load. */
  readonly status: BulkLoadStatus;
  /** Why it has failed. Default: `ERR_OK`. */
  readonly error?: string;
}

/** How many replicas of a table on one server are in each state of a manual compaction. The others are idle. */
export interface CompactionDescription {
  /** Default: 0. */
  readonly queuing?: number;
  /** Default: 0. */
  readonly running?: number;
  /** Default: 0. */
  readonly finished?: number;
}

/**
 * What changes duplications, backups, bulk loads and compactions of a {@link MemoryCluster}, where a real cluster changes them on its
 * own or by its shell. The operations that clients start by HTTP are functions of its `metaState`.
 */
export interface MemoryOperations {
  /** Adds a duplication to a table. */
  addDuplication(appName: string, duplication: DuplicationDescription): Duplication;
  /** Sets the status of a duplication, such as `DS_LOG` when it sends mutations or `DS_PAUSE`. */
  setDuplicationStatus(appName: string, dupId: number, status: DuplicationStatus): Duplication;
  /**
   * Sets the progress of some partitions of a duplication; those that are left out keep theirs. `confirmedDecree` never falls, and is at
   * most `lastCommittedDecree` unless that is -1.
   */
  setDuplicationProgress(
    appName: string,
    dupId: number,
    progress: readonly DuplicationProgressDescription[],
  ): Duplication;
  /** Removes a duplication. */
  removeDuplication(appName: string, dupId: number): void;
  /** Adds a policy of cold backups, or replaces the one of the same name. */
  setBackupPolicy(policy: BackupPolicyDescription): BackupPolicy;
  /**
   * Moves the bulk load of a table on: `BLS_DOWNLOADING`, `BLS_DOWNLOADED`, `BLS_INGESTING`, `BLS_SUCCEED`. It can fail or be cancelled
   * before `BLS_SUCCEED`, and pause while it downloads. `BLS_INVALID` forgets a bulk load that has ended.
   *
   * @param error - Why it has failed, for `BLS_FAILED` only: `ERR_CORRUPTION` by default.
   */
  setBulkLoadStatus(appName: string, status: BulkLoadStatus, error?: string): void;
  /** Moves the manual compaction of a table on: running replicas finish, and waiting ones run. */
  advanceCompaction(appName: string): void;
}
