import { USAGE_SCENARIOS } from '../../model/enums.js';
import type { BackupPolicy } from '../../model/operations.js';
import * as check from '../../validate/checks.js';
import { createBulkLoads } from './bulk-loads.js';
import type { ClusterState } from './cluster-state.js';
import { createCompactions } from './compactions.js';
import { createDuplications } from './duplications.js';
import { nameCallers } from './errors.js';
import type { ClusterFeature, MemoryOperations } from './operation-types.js';
import { parseDuplication, type StoredDuplication } from './parse-duplication.js';
import {
  type DescribedApp,
  type DescribedOperations,
  parseBackupPolicy,
  parseBulkLoad,
} from './parse-operations.js';
import { isMember } from './partitions.js';
import { ACCEPTED, appById, availableApp } from './tables-in-use.js';
import type { MemoryMetaState, MemoryReplicas } from './types.js';

/** The operations of the meta servers and the replica servers of a {@link memoryCluster}. */
export interface ClusterOperations {
  /** What a meta server offers to clients. */
  readonly meta: Omit<MemoryMetaState, 'role' | 'app' | 'cluster'>;
  /** Returns what a replica server offers to clients. */
  replicas(address: string): MemoryReplicas;
  readonly changes: MemoryOperations;
  /** Sets what the description of a table says beyond its state. */
  describe(described: DescribedApp): void;
  /** Forgets what a server that is lost has done. */
  forget(address: string): void;
}

/**
 * Creates the operations of a cluster.
 *
 * @throws PegasusError `ERR_INVALID_PARAMETERS` if the description of a table is wrong.
 */
export function createOperations(
  state: ClusterState,
  { disabledFeatures, bulkLoadFiles, backupPolicies, apps }: DescribedOperations,
): ClusterOperations {
  const duplications = createDuplications(state);
  const bulkLoads = createBulkLoads(state, bulkLoadFiles);
  const compactions = createCompactions(state);
  const policies = new Map<string, BackupPolicy>(backupPolicies.map((policy) => [policy.name, policy]));
  const dataVersions = new Map<number, number>();
  const isDisabled = (feature: ClusterFeature) => disabledFeatures.includes(feature);

  const meta: ClusterOperations['meta'] = {
    duplications: (appName) => (isDisabled('duplication') ? 'disabled' : duplications.ofTable(appName)),
    backupPolicies: () => (isDisabled('coldBackup') ? 'disabled' : Object.freeze([...policies.values()])),
    bulkLoadStatus: (appName) => (isDisabled('bulkLoad') ? 'disabled' : bulkLoads.status(appName)),
    startBulkLoad: (request) => (isDisabled('bulkLoad') ? 'disabled' : bulkLoads.start(request)),
    startCompaction: compactions.start,
    setUsageScenario(appName, scenario) {
      const found = availableApp(state, check.nonEmpty(appName, 'appName'));
      const checked = check.oneOf(scenario, 'scenario', USAGE_SCENARIOS);
      if ('refused' in found) return found.refused;
      const envs = { ...found.app.envs, 'rocksdb.usage_scenario': checked };
      state.replaceApp(found.app, { envs: Object.freeze(envs) });
      return ACCEPTED;
    },
  };

  /** Parses everything before it sets anything, so that a wrong description has no effect. */
  function describe({ app, description, path }: DescribedApp): void {
    const { dataVersion = 1, bulkLoad, compaction = {} } = description;
    const version = check.integer(dataVersion, `${path}.dataVersion`);
    const described: StoredDuplication[] = [];
    check.list(description.duplications ?? [], `${path}.duplications`, (duplication, at) =>
      described.push(parseDuplication(duplication, at, app, described)),
    );
    const load = bulkLoad === undefined ? undefined : parseBulkLoad(bulkLoad, `${path}.bulkLoad`);
    compactions.describe(app, check.object(compaction, `${path}.compaction`), `${path}.compaction`);
    duplications.describe(app.appId, described);
    dataVersions.set(app.appId, version);
    if (load !== undefined) bulkLoads.describe(app.appId, load);
  }

  for (const app of apps) describe(app);

  return {
    meta: nameCallers('memoryCluster.metaState', meta),

    replicas: (address) => ({
      duplications: (appId) =>
        isDisabled('duplication') ? 'disabled' : duplications.ofPrimaries(appId, address),
      dataVersions(appId) {
        const dataVersion = dataVersions.get(appId) ?? 1;
        const partitions = appById(state, appId)?.partitions ?? [];
        return partitions
          .filter((partition) => isMember(partition, address))
          .map(({ pidx }) => ({ pidx, dataVersion }));
      },
      compactionProgress: (appId) => compactions.progress(appId, address),
    }),

    changes: {
      addDuplication: duplications.addDuplication,
      setDuplicationStatus: duplications.setDuplicationStatus,
      setDuplicationProgress: duplications.setDuplicationProgress,
      removeDuplication: duplications.removeDuplication,
      setBulkLoadStatus: bulkLoads.setBulkLoadStatus,
      advanceCompaction: compactions.advanceCompaction,
      setBackupPolicy(policy) {
        const parsed = parseBackupPolicy(policy, 'policy', state.current().apps);
        policies.set(parsed.name, parsed);
        return parsed;
      },
    },

    describe,

    forget: compactions.forget,
  };
}
