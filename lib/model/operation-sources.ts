import type { UsageScenario } from './enums.js';
import type { MaybePromise } from './maybe-promise.js';
import type {
  AppDuplications,
  BackupPolicy,
  BulkLoadRequest,
  BulkLoadState,
  CompactionProgress,
  CompactionRequest,
  OperationResult,
  ReplicaDataVersion,
  ReplicaDuplication,
} from './operations.js';
import type { SourceContext } from './source-context.js';

/**
 * The operations of a meta server beyond its state. Each function is optional: an endpoint whose function is missing returns 404.
 * The primary answers; a backup redirects.
 */
export interface MetaOperations {
  /**
   * Called by `/meta/app/duplication`.
   *
   * @returns The duplications of the table; `undefined` if there is no table of that name (404); `'disabled'` if the cluster has no
   *   duplication (404).
   */
  duplications?(
    appName: string,
    context: SourceContext,
  ): MaybePromise<AppDuplications | 'disabled' | undefined>;
  /** Called by `/meta/backup_policy`. Returns all policies; `'disabled'` if the cluster has no cold backup (404). */
  backupPolicies?(context: SourceContext): MaybePromise<readonly BackupPolicy[] | 'disabled'>;
  /**
   * Called by `/meta/app/query_bulk_load`.
   *
   * @returns The bulk load; `undefined` if there is no table of that name (200 with `ERR_APP_NOT_EXIST`, as in Pegasus); `'disabled'` if
   *   the cluster has no bulk load (404).
   */
  bulkLoadStatus?(
    appName: string,
    context: SourceContext,
  ): MaybePromise<BulkLoadState | 'disabled' | undefined>;
  /** Called by `/meta/app/start_bulk_load`, only if `authorize` of the handler allows it. `'disabled'` becomes a 404. */
  startBulkLoad?(
    request: BulkLoadRequest,
    context: SourceContext,
  ): MaybePromise<OperationResult | 'disabled'>;
  /** Called by `/meta/app/start_compaction`, only if `authorize` of the handler allows it. */
  startCompaction?(request: CompactionRequest, context: SourceContext): MaybePromise<OperationResult>;
  /** Called by `/meta/app/usage_scenario`, only if `authorize` of the handler allows it. */
  setUsageScenario?(
    appName: string,
    scenario: UsageScenario,
    context: SourceContext,
  ): MaybePromise<OperationResult>;
}

/** The replicas of one replica server. Each function is optional: an endpoint whose function is missing returns 404. */
export interface ReplicaSource {
  /**
   * Called by `/replica/duplication`.
   *
   * @returns The duplications of the primary replicas of the table on this server; `'disabled'` if the cluster has no duplication,
   *   `'no primary'` if this server has no primary replica of the table (both 404). An empty list is a 404 too.
   */
  duplications?(
    appId: number,
    context: SourceContext,
  ): MaybePromise<readonly ReplicaDuplication[] | 'disabled' | 'no primary'>;
  /** Called by `/replica/data_version`. Returns one item for each replica of the table on this server; none becomes a 404. */
  dataVersions?(appId: number, context: SourceContext): MaybePromise<readonly ReplicaDataVersion[]>;
  /** Called by `/replica/manual_compaction`. Returns zeros for a table that has no replica on this server. */
  compactionProgress?(appId: number, context: SourceContext): MaybePromise<CompactionProgress>;
}
