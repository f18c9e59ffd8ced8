import type { MetaClient } from '../../client/index.js';
import type { MetaOperations } from '../../model/operation-sources.js';
import type { Reads } from './reads.js';

/** Maximum number of tables whose answers of one kind are kept. */
const MAX_TABLES = 500;

/**
 * Makes the operations of the meta state.
 *
 * @param writes - Whether there are those that change the cluster.
 */
export function metaOperations(meta: MetaClient, reads: Reads, writes: boolean): MetaOperations {
  const duplications = reads.keyed(MAX_TABLES, (appName) => meta.duplications(appName));
  const bulkLoads = reads.keyed(MAX_TABLES, (appName) => meta.bulkLoadStatus(appName));
  const policies = reads.one(() => meta.backupPolicies());
  return {
    duplications: (appName) => duplications.of(appName).get(),
    backupPolicies: policies.get,
    bulkLoadStatus: (appName) => bulkLoads.of(appName).get(),
    ...(writes && {
      startBulkLoad: (request) => meta.startBulkLoad(request),
      startCompaction: (request) => meta.startCompaction(request),
      setUsageScenario: (appName, scenario) => meta.setUsageScenario(appName, scenario),
    }),
  };
}
