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
export type { Challenge, Endpoint, EndpointGroup, Verdict } from './endpoint.js';
export { PegasusError, type PegasusErrorCode } from './errors.js';
export type { AnswerEvent, FailureEvent, RequestEvent, SourceEvent } from './events.js';
export { createPegasusHandler } from './handler.js';
export type { HandlerOptions, PprofFormat, PprofOptions } from './options.js';
export type { CallNode, NoHeapProfile, Profile, Profiler } from './profiler-contract.js';
export type { PegasusHandler, PegasusRequest, PegasusResponse } from './request.js';
export { combinePerfCounters } from './sources/counters/combine.js';
export type { NumberCounter } from './sources/counters/number.js';
export type { PercentileCounter, PercentileOptions, Percentiles } from './sources/counters/percentile.js';
export type { RateCounter } from './sources/counters/rate.js';
export {
  type PerfCounterRegistry,
  type PerfCounterRegistryOptions,
  perfCounterRegistry,
} from './sources/counters/registry.js';
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
export {
  type ProcessCounters,
  type ProcessCountersOptions,
  processCounters,
} from './sources/process/process-counters.js';
export { type ProcessInfoOptions, processInfo } from './sources/process/process-info.js';
export {
  type RequestCounters,
  type RequestCountersOptions,
  requestCounters,
} from './sources/process/request-counters.js';
export type { AppStatus, MetaFunctionLevel, NodeStatus, PerfCounterType } from './vocabulary.js';
