/**
 * The HTTP interface of Apache Pegasus as an embeddable handler: {@link createPegasusHandler} makes it out of a
 * {@link ClusterSource}, and {@link memoryCluster} is the source that needs nothing else.
 *
 * @packageDocumentation
 */

export type {
  RequestErrorEvent,
  RequestEvent,
  ResponseEvent,
  SourceCallEvent,
} from './diagnostics/events.js';
export { createPegasusFetch } from './handler/create-fetch.js';
export { createPegasusHandler } from './handler/create-handler.js';
export type { FetchOptions } from './handler/fetch-options.js';
export { openApiDocument } from './handler/openapi-document.js';
export type { Authorize, AuthorizeResult, Challenge, HandlerOptions } from './handler/options.js';
export type { PegasusRequest, PegasusResponse } from './http/node.js';
export type {
  App,
  AppHealth,
  BalanceOperations,
  Cluster,
  MetaRole,
  NodeReplicaCounts,
  Partition,
  PerfCounter,
  ProcessVersion,
  ReplicaCountStddev,
  ReplicaServer,
} from './model/cluster.js';
export type { ConfigFlag, ConfigFlagBase, ConfigFlagType } from './model/config.js';
export type {
  AppStatus,
  BulkLoadStatus,
  Compatibility,
  DuplicationFailMode,
  DuplicationStatus,
  MetaFunctionLevel,
  NodeStatus,
  PerfCounterType,
  UsageScenario,
} from './model/enums.js';
export { PegasusError, type PegasusErrorCode } from './model/errors.js';
export type { MaybePromise } from './model/maybe-promise.js';
export type { Metric, MetricEntity, MetricsFilter, MetricsSnapshot, MetricType } from './model/metric.js';
export type { MetaOperations, ReplicaSource } from './model/operation-sources.js';
export type {
  AppDuplications,
  BackupPolicy,
  BulkLoadRequest,
  BulkLoadState,
  CompactionProgress,
  CompactionRequest,
  Duplication,
  DuplicationProgress,
  OperationResult,
  ReplicaDataVersion,
  ReplicaDuplication,
} from './model/operations.js';
export type {
  CallNode,
  CallNodeLine,
  HeapProfileUnavailable,
  Profile,
  Profiler,
  SharedSymbols,
} from './model/profiler.js';
export type {
  ClusterSource,
  ConfigSource,
  MetaStateSource,
  MetricsSource,
  PerfCounterSource,
  ProcessInfoSource,
} from './model/source.js';
export type { SourceContext } from './model/source-context.js';
export type { PprofFormat, PprofOptions } from './pprof/formats.js';
export type { Endpoint, EndpointGroup, PegasusFetch, PegasusHandler } from './routing/endpoint.js';
export type { StaticFile, StaticFiles } from './routing/static-files.js';
export { configRegistry } from './sources/config/registry.js';
export type {
  ConfigFlagDefinition,
  ConfigFlagDefinitions,
  ConfigListener,
  ConfigRegistry,
  ConfigRegistryOptions,
  ConfigValueOf,
  ConfigValues,
  ConfigValuesOf,
  FirstValueOf,
  TypedConfigFlagDefinition,
} from './sources/config/types.js';
export type {
  AppDescription,
  ClusterDescription,
  MetaServerDescription,
  PartitionDescription,
} from './sources/memory/description.js';
export { memoryCluster } from './sources/memory/memory-cluster.js';
export type {
  BackupPolicyDescription,
  BulkLoadDescription,
  BulkLoadFiles,
  ClusterFeature,
  CompactionDescription,
  DuplicationDescription,
  DuplicationProgressDescription,
  MemoryOperations,
} from './sources/memory/operation-types.js';
export type {
  MemoryCluster,
  MemoryClusterOptions,
  MemoryMetaState,
  MemoryReplicaServer,
  MemoryReplicas,
} from './sources/memory/types.js';
export { combineMetrics } from './sources/metrics/combine.js';
export { perfCounterMetrics } from './sources/metrics/perf-counter-metrics.js';
export type { MetricsServerOptions } from './sources/metrics/snapshots.js';
export { type CombinedPerfCounters, combinePerfCounters } from './sources/perf-counters/combine.js';
export type { NumberCounter } from './sources/perf-counters/number.js';
export type {
  PercentileCounter,
  PercentileOptions,
  Percentiles,
} from './sources/perf-counters/percentile-types.js';
export type { RateCounter } from './sources/perf-counters/rate.js';
export { perfCounterRegistry } from './sources/perf-counters/registry.js';
export type {
  CollectOptions,
  PerfCounterRegistry,
  PerfCounterRegistryOptions,
} from './sources/perf-counters/registry-types.js';
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
export type { ClusterDocument, NodesDocument } from './wire/cluster.js';
export type { ConfigFlagDocument, ConfigFlagsDocument, ConfigUpdateDocument } from './wire/config.js';
export type { ErrorDocument } from './wire/error.js';
export type {
  AppDocument,
  AppEnvsDocument,
  AppsDocument,
} from './wire/meta.js';
export type { MetricsDocument } from './wire/metrics.js';
export type { OpenApiDocument } from './wire/openapi.js';
export type {
  BackupPoliciesDocument,
  BulkLoadResultDocument,
  BulkLoadStateDocument,
  CompactionProgressDocument,
  DataVersionsDocument,
  DuplicationDocument,
  DuplicationsDocument,
  KnownEnvsDocument,
  OperationResultDocument,
  ReplicaDuplicationsDocument,
} from './wire/operations.js';
export type {
  EndpointsDocument,
  PerfCounterDocument,
  RecentStartTimeDocument,
  VersionDocument,
} from './wire/process.js';
