import type {
  App,
  BalanceOperations,
  Cluster,
  MetaRole,
  Partition,
  PerfCounter,
} from '../../model/cluster.js';
import type { AppStatus, MetaFunctionLevel, UsageScenario } from '../../model/enums.js';
import type { Metric } from '../../model/metric.js';
import type { ReplicaSource } from '../../model/operation-sources.js';
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
} from '../../model/operations.js';
import type { Profiler } from '../../model/profiler.js';
import type {
  ClusterSource,
  MetaStateSource,
  MetricsSource,
  PerfCounterSource,
  ProcessInfoSource,
} from '../../model/source.js';
import type { AppDescription, PartitionDescription } from './description.js';
import type { MemoryOperations } from './operation-types.js';

/**
 * A cluster in memory: a source for {@link createPegasusHandler}, and a fake for tests. As a source it is the primary meta
 * server; {@link MemoryCluster.metaServer} and {@link MemoryCluster.replicaServer} are its single servers.
 *
 * The operations change it as a real cluster changes. They check their arguments and throw a {@link PegasusError} that says
 * what is wrong: `ERR_INVALID_PARAMETERS`, `ERR_OBJECT_NOT_FOUND` for a table, partition or node that does not exist,
 * `ERR_APP_EXIST`, or `ERR_INVALID_STATE` (killing a dead node).
 */
export interface MemoryCluster extends ClusterSource, MemoryOperations {
  readonly metaState: MemoryMetaState;
  readonly perfCounters: PerfCounterSource;
  readonly processInfo: ProcessInfoSource;
  /**
   * The metrics of the primary meta server: `table` and `partition` entities that follow from the state. Those of a replica server have
   * `replica` entities.
   */
  readonly metrics: MetricsSource;
  /** Returns one meta server as a source: the primary answers `/meta/*`, the others redirect to it. */
  metaServer(address: string): ClusterSource;
  /** Returns one replica server as a source: it has no meta state, but `replicas`. */
  replicaServer(address: string): MemoryReplicaServer;
  /** Creates a table. Its partitions are placed on the living nodes, unless the description places them. */
  createApp(app: AppDescription): App;
  /**
   * Drops a table. It keeps its id and its state, but no endpoint shows it.
   *
   * @param options - `holdSeconds`: how long it can be recalled, a week by default.
   */
  dropApp(appName: string, options?: { readonly holdSeconds?: number }): App;
  /**
   * Makes a dropped table available again. As on a real cluster it keeps its `dropSecond` and `expireSecond`.
   *
   * @param appId - Several dropped tables may have the same name, so a table is recalled by its id.
   * @param newName - Default: the name that it had.
   */
  recallApp(appId: number, newName?: string): App;
  /**
   * Renames a table that is `AVAILABLE`. It keeps its id and its data.
   *
   * @param newName - A name that no other table in use has.
   */
  renameApp(appName: string, newName: string): App;
  /**
   * Moves a table to the next state of its life cycle: `CREATING` becomes `AVAILABLE` or `CREATE_FAILED`; `AVAILABLE` becomes
   * `DROPPING`, then `DROPPED` or `DROP_FAILED`; `DROPPED` becomes `RECALLING`, then `AVAILABLE`. A failed creation can start again or
   * be dropped, a failed drop can start again. `DROPPING` sets `dropSecond` and `expireSecond`.
   *
   * @param table - Name of a table that is not dropped, or the id of any table.
   */
  setAppStatus(table: string | number, status: AppStatus): App;
  /** Sets environment variables of a table and keeps its others; `null` deletes one. */
  setAppEnvs(appName: string, envs: Readonly<Record<string, string | null>>): App;
  /** Replaces the configuration of a partition. The ballot rises by one, unless a higher one is given. */
  setPartition(appName: string, pidx: number, configuration: Omit<PartitionDescription, 'pidx'>): Partition;
  /**
   * Adds a node that is alive. Where partitions lack secondaries, it gets replicas of them (the ballot rises by one), unless the
   * function level is `stopped`, `blind` or `freezed`: at these a meta server moves no replica.
   *
   * @param address - `host:port` that no other node has.
   */
  addNode(address: string): void;
  /**
   * Removes a node: its partitions lose it as by `killNode`, and no response lists it. Other living nodes then get the replicas that are
   * missing, as by `addNode`.
   */
  removeNode(address: string): void;
  /**
   * Kills a node: it is UNALIVE, its primaries move to the first living secondary (the ballot rises by two), and it leaves the
   * other partitions that it served (the ballot rises by one). A partition without a living secondary loses its primary.
   */
  killNode(address: string): void;
  /** Revives a node: it joins again where it was lost and a replica is missing (the ballot rises by one). */
  reviveNode(address: string): void;
  /** Makes another meta server the primary; `null` starts an election, during which `/meta/*` is 503. */
  electPrimaryMeta(address: string | null): void;
  /** Sets which changes of the cluster the meta server makes. */
  setMetaFunctionLevel(level: MetaFunctionLevel): void;
  /** Sets what the balancer would do; `unknown` if it has computed nothing. */
  setBalanceOperations(balanceOperations: BalanceOperations | 'unknown'): void;
  /** Adds a perf counter, or replaces the one of the same name. */
  setPerfCounter(counter: PerfCounter): void;
  /**
   * Adds a metric to an entity of one server, or replaces the one of the same name.
   *
   * @param address - Address of a meta server or a replica server.
   * @param entityId - Such as `server`, `table@2`, `partition@2.5` on the primary meta server, `replica@2.5` on a replica server. The
   *   server must have the entity now.
   */
  setMetric(address: string, entityId: string, metric: Metric): void;
}

/** The parts of a {@link MemoryCluster} that are not plain data. */
export interface MemoryClusterOptions {
  /** Adds `/pprof/*` to all its servers. They share one process, and so one profiler. */
  readonly profiler?: Profiler | undefined;
}

/** The meta state of a {@link MemoryCluster}. It is synchronous, so tests can inspect it without waiting. */
export interface MemoryMetaState extends MetaStateSource {
  role(): MetaRole;
  app(name: string): App | undefined;
  cluster(): Cluster;
  duplications(appName: string): AppDuplications | 'disabled' | undefined;
  backupPolicies(): readonly BackupPolicy[] | 'disabled';
  bulkLoadStatus(appName: string): BulkLoadState | 'disabled' | undefined;
  /** Starts a bulk load if `bulkLoadFiles` of the description has the files and no other one is under way. */
  startBulkLoad(request: BulkLoadRequest): OperationResult | 'disabled';
  /** Starts a compaction: sets the environment variables that it has in Pegasus, and moves the replicas. */
  startCompaction(request: CompactionRequest): OperationResult;
  /** Sets the environment variable `rocksdb.usage_scenario`. */
  setUsageScenario(appName: string, scenario: UsageScenario): OperationResult;
}

/** One replica server of a {@link MemoryCluster}. */
export interface MemoryReplicaServer extends ClusterSource {
  readonly replicas: MemoryReplicas;
}

/** The replicas of one server of a {@link MemoryCluster}. They are synchronous, too. */
export interface MemoryReplicas extends ReplicaSource {
  duplications(appId: number): readonly ReplicaDuplication[] | 'disabled' | 'no primary';
  dataVersions(appId: number): readonly ReplicaDataVersion[];
  compactionProgress(appId: number): CompactionProgress;
}
