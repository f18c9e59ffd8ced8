import { META_FUNCTION_LEVELS } from '../../model/enums.js';
import { invalidParameters, PegasusError } from '../../model/errors.js';
import type { ProcessInfoSource } from '../../model/source.js';
import * as check from '../../validate/checks.js';
import { describeValue } from '../../validate/describe-value.js';
import { readOptions } from '../../validate/options.js';
import { clusterState } from './cluster-state.js';
import type { ClusterDescription } from './description.js';
import { nameCaller, nameCallers } from './errors.js';
import { memoryMetrics } from './metrics.js';
import { createNodeOperations } from './node-operations.js';
import type { MemoryOperations } from './operation-types.js';
import { createOperations } from './operations.js';
import { parseBalanceOperations, parseDescription } from './parse.js';
import { parsePartition } from './parse-app.js';
import { memoryPerfCounters } from './perf-counters.js';
import { createTableOperations } from './table-operations.js';
import type { MemoryCluster, MemoryClusterOptions, MemoryMetaState } from './types.js';

/** Has the nodes that an operation may name, for error messages. */
const OWNER = 'the cluster';

type Parts = 'metaState' | 'perfCounters' | 'processInfo' | 'metrics';
type Operations = Omit<MemoryCluster, Parts | keyof MemoryOperations>;

/**
 * Creates a {@link MemoryCluster}.
 *
 * @param description - Plain data, from a literal or a parsed JSON file; see {@link ClusterDescription}.
 * @param options - See {@link MemoryClusterOptions}.
 * @throws PegasusError `ERR_INVALID_PARAMETERS` that says what is wrong, and where.
 *
 * @example A test of a dashboard: a table has lost a node
 * ```ts
 * import { createServer } from 'node:http';
 * import { createPegasusHandler, memoryCluster } from 'pegasus-http';
 *
 * const cluster = memoryCluster({
 *   nodes: ['127.0.0.1:34801', '127.0.0.1:34802', '127.0.0.1:34803'],
 *   apps: [{ appName: 'temp', partitionCount: 8 }],
 * });
 * const server = createServer(createPegasusHandler(cluster)).listen(34601, '127.0.0.1');
 * cluster.killNode('127.0.0.1:34803');
 * // GET /meta/app?name=temp&detail: every partition has 2/3
 * server.close();
 * ```
 */
export function memoryCluster(
  description: ClusterDescription = {},
  options: MemoryClusterOptions = {},
): MemoryCluster {
  const { profiler } = readOptions('memoryCluster', options, ['profiler'], (given) => given);
  const { version, startSecond, metaServerUrls, cluster, ...parsed } = nameCaller('memoryCluster', () =>
    parseDescription(description),
  );
  const { perfCounters, setPerfCounter } = memoryPerfCounters(parsed.perfCounters);
  const state = clusterState(cluster);
  const metrics = memoryMetrics(state.current);
  const { changes, meta, replicas, describe, forget } = nameCaller('memoryCluster', () =>
    createOperations(state, parsed.operations),
  );
  const processInfo: ProcessInfoSource = { version: () => version, startSecond: () => startSecond, profiler };

  function metaState(isPrimary: (primary: string) => boolean): MemoryMetaState {
    return {
      role() {
        const primary = state.current().primaryMetaServer;
        if (primary === null) return { role: 'backup', primaryUrl: null };
        if (isPrimary(primary)) return { role: 'primary' };
        return { role: 'backup', primaryUrl: metaServerUrls.get(primary) as string };
      },
      app: state.app,
      cluster: state.current,
      ...meta,
    };
  }

  const operations: Operations = {
    metaServer(address) {
      check.existingAddress(address, 'address', state.current().metaServers, 'meta server', OWNER);
      return {
        metaState: metaState((primary) => primary === address),
        perfCounters,
        processInfo,
        metrics: metrics.metaServer(() => address),
      };
    },

    replicaServer(address) {
      const addresses = state.current().nodes.map((node) => node.address);
      check.existingAddress(address, 'address', addresses, 'node', OWNER);
      return {
        perfCounters,
        processInfo,
        metrics: metrics.replicaServer(address),
        replicas: replicas(address),
      };
    },

    ...createTableOperations(state, OWNER, describe),

    setPartition(appName, pidx, configuration) {
      const app = state.requireApp(appName);
      const index = app.partitions.findIndex((partition) => partition.pidx === pidx);
      const old = app.partitions[index];
      if (old === undefined) {
        throw new PegasusError(
          'ERR_OBJECT_NOT_FOUND',
          `table ${describeValue(appName)} has no partition ${describeValue(pidx)}`,
        );
      }
      const defaults = { pidx, ballot: old.ballot + 1 };
      const scope = { nodes: state.current().nodes, owner: OWNER };
      const partition = parsePartition(configuration, 'configuration', defaults, scope);
      if (partition.pidx !== pidx) throw invalidParameters('configuration.pidx must not differ from pidx');
      if (partition.ballot <= old.ballot) {
        throw invalidParameters(`configuration.ballot must be above ${old.ballot}, not ${partition.ballot}`);
      }
      state.replaceApp(app, { partitions: Object.freeze(app.partitions.with(index, partition)) });
      return partition;
    },

    ...createNodeOperations(state, forget),

    electPrimaryMeta(address) {
      const { metaServers, primaryMetaServer } = state.current();
      const elected =
        address === null
          ? null
          : check.existingAddress(address, 'address', metaServers, 'meta server', OWNER);
      if (elected !== primaryMetaServer) state.change({ primaryMetaServer: elected });
    },

    setMetaFunctionLevel(level) {
      state.change({ metaFunctionLevel: check.oneOf(level, 'level', META_FUNCTION_LEVELS) });
    },

    setBalanceOperations(balanceOperations) {
      state.change({ balanceOperations: parseBalanceOperations(balanceOperations, 'balanceOperations') });
    },

    setPerfCounter,
    setMetric: metrics.setMetric,
  };

  return {
    metaState: metaState(() => true),
    perfCounters,
    processInfo,
    metrics: metrics.metaServer(() => state.current().primaryMetaServer ?? state.current().metaServers[0]),
    ...nameCallers('memoryCluster', { ...operations, ...changes }),
  };
}
