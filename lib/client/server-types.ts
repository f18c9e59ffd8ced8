import type { PerfCounter, ProcessVersion } from '../model/cluster.js';
import type { ConfigFlag } from '../model/config.js';
import type { MetricsFilter, MetricsSnapshot } from '../model/metric.js';
import type {
  CompactionProgress,
  OperationResult,
  ReplicaDataVersion,
  ReplicaDuplication,
} from '../model/operations.js';
import type { CallOptions } from './options.js';

/**
 * The operations of one server: meta, replica server or collector. Each rejects with a `PegasusError`, `ERR_HANDLER_NOT_FOUND` where the
 * server's version does not have the endpoint.
 */
export interface ServerClient {
  /** `/`: the paths that the server has. */
  paths(options?: CallOptions): Promise<readonly string[]>;
  /** `/version`. A collector of Pegasus 2.2 to 2.6 has empty texts. */
  version(options?: CallOptions): Promise<ProcessVersion>;
  /** `/recentStartTime`, in unix seconds. */
  startSecond(options?: CallOptions): Promise<number>;
  /** `/perfCounter`, up to Pegasus 2.5; `undefined` if there is no counter of that name. Reading may reset it. */
  perfCounter(name: string, options?: CallOptions): Promise<PerfCounter | undefined>;
  /** `/metrics`, from Pegasus 2.6 on. */
  metrics(filter?: Partial<MetricsFilter>, options?: CallOptions): Promise<MetricsSnapshot>;
  /** `/config`, from Pegasus 2.2 on; `undefined` if there is no flag of that name. */
  flag(name: string, options?: CallOptions): Promise<ConfigFlag | undefined>;
  /** `/configs`, from Pegasus 2.2 on. */
  flags(options?: CallOptions): Promise<readonly ConfigFlag[]>;
  /** `/updateConfig`, from Pegasus 2.2 on. Sent once. `error` is `ERR_OK` if the server has changed the flag. */
  updateFlag(name: string, value: string, options?: CallOptions): Promise<OperationResult>;
  /** `/replica/duplication` of a replica server; empty if it duplicates nothing of the table. */
  duplications(
    appId: number,
    options?: CallOptions,
  ): Promise<readonly ReplicaDuplication[] | 'disabled' | 'no primary'>;
  /** `/replica/data_version` of a replica server; empty if it has no replica of the table. */
  dataVersions(appId: number, options?: CallOptions): Promise<readonly ReplicaDataVersion[]>;
  /** `/replica/manual_compaction` of a replica server. */
  compactionProgress(appId: number, options?: CallOptions): Promise<CompactionProgress>;
  /**
   * `/pprof/profile`, `/pprof/heap`, `/pprof/growth`, `/pprof/cmdline` or `/pprof/symbol` by GET: what the server sends, for `pprof`.
   *
   * @param seconds - How long the server takes the profile. The time limits of request and call grow by as much.
   */
  pprof(path: PprofPath, seconds?: number, options?: CallOptions): Promise<Buffer>;
  /** `/pprof/symbol` by POST: the names of the functions at these addresses, by address. */
  symbols(addresses: readonly bigint[], options?: CallOptions): Promise<ReadonlyMap<bigint, string>>;
}

/** The last part of a path of `/pprof/`. */
export type PprofPath = 'profile' | 'heap' | 'growth' | 'cmdline' | 'symbol';
