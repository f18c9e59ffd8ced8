import type { App } from '../../model/cluster.js';
import { PegasusError } from '../../model/errors.js';
import type { CompactionProgress, CompactionRequest, OperationResult } from '../../model/operations.js';
import * as check from '../../validate/checks.js';
import { describeValue } from '../../validate/describe-value.js';
import type { ClusterState } from './cluster-state.js';
import type { CompactionDescription, MemoryOperations } from './operation-types.js';
import { isMember } from './partitions.js';
import { ACCEPTED, appById, availableApp } from './tables-in-use.js';

type Phase = 'queuing' | 'running' | 'finished';

/** The replicas of one table on one server by pidx; those that are missing are idle. */
type Phases = Map<number, Phase>;

/** The manual compactions of a {@link memoryCluster}. */
export interface Compactions extends Pick<MemoryOperations, 'advanceCompaction'> {
  /** Sets the environment variables that a compaction has in Pegasus, and starts it. */
  start(request: CompactionRequest): OperationResult;
  /** What `/replica/manual_compaction` of a server answers. */
  progress(appId: number, address: string): CompactionProgress;
  /** Sets the state of a described table. Its first replicas have finished, the next ones run or wait. */
  describe(app: App, compaction: object, path: string): void;
  /** Forgets what a server has done: it is idle when it comes back. */
  forget(address: string): void;
}

const PREFIX = 'manual_compact';

export function createCompactions(state: ClusterState): Compactions {
  const byAppId = new Map<number, Map<string, Phases>>();

  function serversOf(appId: number): Map<string, Phases> {
    const servers = byAppId.get(appId) ?? new Map<string, Phases>();
    byAppId.set(appId, servers);
    return servers;
  }

  function progress(appId: number, address: string): CompactionProgress {
    const app = appById(state, appId);
    const pidxs = app === undefined ? [] : replicasOn(app, address);
    const phases = byAppId.get(appId)?.get(address);
    const counts = { idle: 0, queuing: 0, running: 0, finished: 0 };
    for (const pidx of pidxs) counts[phases?.get(pidx) ?? 'idle'] += 1;
    return counts;
  }

  return {
    start(request) {
      const given = parseRequest(request);
      const found = availableApp(state, given.appName);
      if ('refused' in found) return found.refused;
      const envs = { ...found.app.envs, ...envsOf(given) };
      const app = state.replaceApp(found.app, { envs: Object.freeze(envs) });
      if (given.type === 'periodic' || envs[`${PREFIX}.disabled`] === 'true') return ACCEPTED;
      const servers = serversOf(app.appId);
      servers.clear();
      for (const { address } of state.current().nodes) {
        servers.set(address, new Map(replicasOn(app, address).map((pidx) => [pidx, 'queuing'])));
      }
      runWaiting(servers, concurrencyOf(app));
      return ACCEPTED;
    },

    progress,

    describe(app, compaction, path) {
      const servers = new Map<string, Phases>();
      for (const [address, value] of Object.entries(compaction)) {
        const at = `${path}[${describeValue(address)}]`;
        const given = check.objectWithKeys(value, at, ['queuing', 'running', 'finished']);
        const pidxs = replicasOn(app, address);
        const { finished = 0, running = 0, queuing = 0 } = given as CompactionDescription;
        const counts = { finished, running, queuing };
        const phases = Object.entries(counts).flatMap(([phase, count]) =>
          Array<Phase>(check.integer(count, `${at}.${phase}`, 0, pidxs.length)).fill(phase as Phase),
        );
        check.integer(phases.length, `the sum of ${at}`, 0, pidxs.length);
        servers.set(address, new Map(phases.map((phase, i) => [pidxs[i] as number, phase])));
      }
      byAppId.set(app.appId, servers);
    },

    forget(address) {
      for (const servers of byAppId.values()) servers.delete(address);
    },

    advanceCompaction(appName) {
      const app = state.requireApp(appName);
      const servers = serversOf(app.appId);
      const all = [...servers.values()].flatMap((phases) => [...phases.values()]);
      if (all.every((phase) => phase === 'finished')) {
        const message = `table ${describeValue(appName)} is not being compacted`;
        throw new PegasusError('ERR_INVALID_STATE', message);
      }
      for (const phases of servers.values()) {
        for (const [pidx, phase] of phases) if (phase === 'running') phases.set(pidx, 'finished');
      }
      runWaiting(servers, concurrencyOf(app));
    },
  };
}

function replicasOn(app: App, address: string): number[] {
  return app.partitions.filter((partition) => isMember(partition, address)).map(({ pidx }) => pidx);
}

/** How many replicas of a server compact at the same time. */
function concurrencyOf({ envs }: App): number {
  return Number(envs[`${PREFIX}.max_concurrent_running_count`] ?? Number.POSITIVE_INFINITY);
}

function runWaiting(servers: Map<string, Phases>, concurrency: number): void {
  for (const phases of servers.values()) {
    let running = [...phases.values()].filter((phase) => phase === 'running').length;
    for (const [pidx, phase] of phases) {
      if (phase !== 'queuing' || running >= concurrency) continue;
      phases.set(pidx, 'running');
      running += 1;
    }
  }
}

function parseRequest(request: CompactionRequest): CompactionRequest {
  const given = check.objectWithKeys(request, 'request', [
    'appName',
    'type',
    'triggerTime',
    'targetLevel',
    'bottommostLevelCompaction',
    'maxConcurrentRunningCount',
  ]);
  const type = check.oneOf(given.type, 'request.type', ['once', 'periodic'] as const);
  const modes = ['skip', 'force'] as const;
  return {
    appName: check.nonEmpty(given.appName, 'request.appName'),
    type,
    triggerTime: type === 'periodic' ? check.nonEmpty(given.triggerTime, 'request.triggerTime') : undefined,
    targetLevel: check.integer(given.targetLevel, 'request.targetLevel', -1, 2 ** 31 - 1),
    bottommostLevelCompaction: check.oneOf(
      given.bottommostLevelCompaction,
      'request.bottommostLevelCompaction',
      modes,
    ),
    maxConcurrentRunningCount: check.integer(
      given.maxConcurrentRunningCount,
      'request.maxConcurrentRunningCount',
      0,
      2 ** 31 - 1,
    ),
  };
}

/** The environment variables that a meta server sets. A count of 0 leaves the one that is set. */
function envsOf(request: CompactionRequest): Readonly<Record<string, string>> {
  const { type, targetLevel, bottommostLevelCompaction, maxConcurrentRunningCount } = request;
  const { triggerTime = String(Math.floor(Date.now() / 1000)) } = request;
  return {
    [`${PREFIX}.${type}.trigger_time`]: triggerTime,
    [`${PREFIX}.${type}.target_level`]: String(targetLevel),
    [`${PREFIX}.${type}.bottommost_level_compaction`]: bottommostLevelCompaction,
    ...(maxConcurrentRunningCount > 0 && {
      [`${PREFIX}.max_concurrent_running_count`]: String(maxConcurrentRunningCount),
    }),
  };
}
