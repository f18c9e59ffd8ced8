/**
 * The HTTP interface of Apache Pegasus as an embeddable handler: {@link createPegasusHandler} makes it out of a
 * {@link ClusterSource}, and {@link memoryCluster} is the source that needs nothing else.
 *
 * @packageDocumentation
 */

export type {
  App,
  BalanceOperations,
  Cluster,
  ClusterSource,
  MaybePromise,
  MetaRole,
  MetaStateSource,
  Partition,
  PerfCounter,
  PerfCounterSource,
  ProcessInfoSource,
  ProcessVersion,
  ReplicaServer,
  SourceCall,
} from './contracts.js';
export { PegasusError, type PegasusErrorCode } from './errors.js';
export { createPegasusHandler, type PegasusHandler } from './handler.js';
export type { HandlerOptions, PprofFormat, PprofOptions } from './options.js';
export type { CallNode, NoHeapProfile, Profile, Profiler } from './profiler-contract.js';
export type { PegasusRequest, PegasusResponse } from './request.js';
export type {
  AppDescription,
  ClusterDescription,
  MetaServerDescription,
  PartitionDescription,
} from './sources/memory/description.js';
export {
  type MemoryCluster,
  type MemoryClusterOptions,
  type MemoryMetaState,
  memoryCluster,
} from './sources/memory/memory-cluster.js';
export type { AppStatus, MetaFunctionLevel, NodeStatus, PerfCounterType } from './vocabulary.js';
