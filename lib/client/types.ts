import type { App, Cluster, Partition, ReplicaServer } from '../model/cluster.js';
import type { UsageScenario } from '../model/enums.js';
import type {
  AppDuplications,
  BackupPolicy,
  BulkLoadRequest,
  BulkLoadState,
  CompactionRequest,
  OperationResult,
} from '../model/operations.js';
import type { CallOptions } from './options.js';

/** A table as `/meta/apps` lists it: without its partitions and its environment variables. */
export interface ListedApp extends Omit<App, 'envs' | 'partitions' | 'envCount'> {
  /** How many environment variables it has. */
  readonly envCount: number;
}

/** A table as `/meta/app` shows it: with its partitions, without its times and its environment variables. */
export interface AppPartitions extends Pick<App, 'appId' | 'appName' | 'partitionCount' | 'maxReplicaCount'> {
  /** By ascending `pidx`. */
  readonly partitions: readonly Partition[];
}

/** A cluster as `/meta/cluster` shows it, and its nodes. */
export interface ClusterInfo extends Omit<Cluster, 'apps'> {
  /** The server that answered, as the client's `servers` name it. */
  readonly server: string;
}

/** The tables, the nodes and the cluster, of one primary at about the same moment. */
export interface ClusterOverview extends ClusterInfo {
  /** The tables by ascending `appId`. */
  readonly apps: readonly ListedApp[];
}

/** An environment variable that tables can have. */
export interface TableEnv {
  /** Its name, such as `default_ttl`. */
  readonly name: string;
  /** Pegasus's word, such as `bool`, `unsigned int32`, `string`. */
  readonly type: string;
  /** Which values are allowed, as a sentence. */
  readonly limitation: string;
  /** An example of a value; empty for none. */
  readonly sample: string;
}

/** The operations of the primary meta server. Each rejects with a `PegasusError`. */
export interface MetaClient {
  /** Returns the name of the primary, as the client's `servers` name it. Asks it whether it still leads. */
  primary(options?: CallOptions): Promise<string>;
  /** `/meta/app?detail`: one table with its partitions; `undefined` if there is no table of that name. */
  app(appName: string, options?: CallOptions): Promise<AppPartitions | undefined>;
  /** `/meta/app_envs`: the environment variables of a table; empty also if there is no table of that name. */
  appEnvs(appName: string, options?: CallOptions): Promise<App['envs']>;
  /** `/meta/apps?detail`: the tables by ascending `appId`, with their health. */
  apps(options?: CallOptions): Promise<readonly ListedApp[]>;
  /** `/meta/nodes?detail`: the replica servers with their replica counts. */
  nodes(options?: CallOptions): Promise<readonly ReplicaServer[]>;
  /** `/meta/cluster` and `/meta/nodes`. The nodes have no replica counts. */
  cluster(options?: CallOptions): Promise<ClusterInfo>;
  /** Nodes, tables and cluster in three requests to the same primary. */
  overview(options?: CallOptions): Promise<ClusterOverview>;
  /** `/meta/app/duplication`; `undefined` if there is no table of that name, `'disabled'` if the cluster has no duplication. */
  duplications(appName: string, options?: CallOptions): Promise<AppDuplications | 'disabled' | undefined>;
  /** `/meta/backup_policy`; `'disabled'` if the cluster has no cold backup. */
  backupPolicies(options?: CallOptions): Promise<readonly BackupPolicy[] | 'disabled'>;
  /** `/meta/app/query_bulk_load`; `undefined` if there is no table of that name, `'disabled'` if the cluster has no bulk load. */
  bulkLoadStatus(appName: string, options?: CallOptions): Promise<BulkLoadState | 'disabled' | undefined>;
  /** `/envs/list`: the environment variables that tables can have. Pegasus 2.6 and newer have it. */
  tableEnvs(options?: CallOptions): Promise<readonly TableEnv[]>;
  /** `/meta/app/start_bulk_load`. Sent once. An error that says so leaves open whether the primary has done it. */
  startBulkLoad(request: BulkLoadRequest, options?: CallOptions): Promise<OperationResult | 'disabled'>;
  /** `/meta/app/start_compaction`. Sent once. */
  startCompaction(request: CompactionRequest, options?: CallOptions): Promise<OperationResult>;
  /** `/meta/app/usage_scenario`. Sent once. */
  setUsageScenario(appName: string, scenario: UsageScenario, options?: CallOptions): Promise<OperationResult>;
}
