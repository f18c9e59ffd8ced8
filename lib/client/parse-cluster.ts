import type { BalanceOperations, Cluster } from '../model/cluster.js';
import { META_FUNCTION_LEVELS } from '../model/enums.js';
import type { ClusterDocument } from '../wire/cluster.js';
import { type Answer, okJson } from './answer.js';
import { readFields } from './fields.js';

/** Parses `/meta/cluster`. */
export function parseCluster(answer: Answer): Omit<Cluster, 'apps' | 'nodes'> {
  const row = readFields<ClusterDocument>(okJson(answer));
  const primary = row.text('primary_meta_server');
  return {
    metaServers: row.list('meta_servers'),
    primaryMetaServer: primary === '-' ? null : primary,
    zookeeperHosts: row.list('zookeeper_hosts'),
    zookeeperRoot: row.text('zookeeper_root'),
    metaFunctionLevel: row.oneOf('meta_function_level', META_FUNCTION_LEVELS),
    balanceOperations: balanceOperations(row.text('balance_operation_count')),
    replicaCountStddev: {
      primary: row.number('primary_replica_count_stddev'),
      total: row.number('total_replica_count_stddev'),
    },
  };
}

/**
 * Reads `move_pri=0,copy_pri=0,copy_sec=0,total=0`, or the JSON of Pegasus 2.6. A total of -1 means that the balancer has not computed
 * anything.
 */
function balanceOperations(text: string): Cluster['balanceOperations'] {
  const counts = new Map(
    Array.from(text.matchAll(/\b(\w+)"?\s*[=:]\s*(-?\d{1,9})/g), ([, name = '', count]) => [
      name,
      Number(count),
    ]),
  );
  const [movePrimary, copyPrimary, copySecondary] = ['move_pri', 'copy_pri', 'copy_sec'].map((name) =>
    counts.get(name),
  );
  if (movePrimary === undefined || copyPrimary === undefined || copySecondary === undefined) return 'unknown';
  const operations: BalanceOperations = { movePrimary, copyPrimary, copySecondary };
  return counts.get('total') === -1 ? 'unknown' : operations;
}
