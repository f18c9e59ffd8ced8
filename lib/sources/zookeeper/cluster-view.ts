import type { App, Cluster, ReplicaServer } from '../../model/cluster.js';
import { isPromiseLike, type MaybePromise } from '../../model/maybe-promise.js';
import { reuseList, reuseObject } from '../../model/structural-sharing.js';
import type { StoredCluster } from './mirror.js';
import type { ResolvedClusterOptions } from './resolve-options.js';
import { type SuppliedOptions, type SuppliedValues, supplyValues } from './supplied-values.js';

/** What a {@link Cluster} needs beside the znodes. */
type ViewOptions = SuppliedOptions & Pick<ResolvedClusterOptions, 'zookeeperHosts' | 'zookeeperRoot'>;

/**
 * Makes snapshots from the znodes and the values that your application supplies. Equal parts stay the same objects.
 *
 * @returns A function that returns a promise if one of the values is a promise.
 */
export function createClusterView(options: ViewOptions): (stored: StoredCluster) => MaybePromise<Cluster> {
  let last: Cluster | undefined;
  const shown = createNodeTranslator();

  function combine(stored: StoredCluster, supplied: SuppliedValues): Cluster {
    const { apps, liveMetaServers } = stored;
    const nodes = (supplied.nodes ?? []).map(shown(stored));
    last = reuseObject(last, {
      apps,
      nodes: reuseList(last?.nodes, listNodes(apps, nodes, last?.nodes)),
      metaServers: reuseList(last?.metaServers, supplied.metaServers ?? liveMetaServers),
      primaryMetaServer: liveMetaServers[0] ?? null,
      zookeeperHosts: options.zookeeperHosts,
      zookeeperRoot: options.zookeeperRoot,
      metaFunctionLevel: supplied.metaFunctionLevel ?? 'unknown',
      balanceOperations: reuseBalance(last?.balanceOperations, supplied.balanceOperations ?? 'unknown'),
    });
    return last;
  }

  return function view(stored) {
    const supplied = supplyValues(options);
    return isPromiseLike(supplied)
      ? supplied.then((values) => combine(stored, values))
      : combine(stored, supplied);
  };
}

/**
 * Makes a function that gives supplied nodes the form of address that the tables have: your application may know a node by its IP
 * address and the cluster by its host name, or the other way round.
 */
function createNodeTranslator(): (stored: StoredCluster) => (node: ReplicaServer) => ReplicaServer {
  let last: Pick<StoredCluster, 'hasNames' | 'nodeNames'> | undefined;
  let other: ReadonlyMap<string, string> = new Map();

  return function shown({ hasNames, nodeNames }) {
    if (last?.hasNames !== hasNames || last.nodeNames !== nodeNames) {
      const pairs = nodeNames.flatMap((names) => [...names]);
      other = new Map(hasNames ? pairs : pairs.map(([address, name]) => [name, address]));
      last = { hasNames, nodeNames };
    }
    return ({ address, status }) => ({ address: other.get(address) ?? address, status });
  };
}

/** Returns the supplied nodes, and those that hold a replica. */
function listNodes(
  apps: readonly App[],
  supplied: readonly ReplicaServer[],
  last: readonly ReplicaServer[] = [],
): ReplicaServer[] {
  const known = new Map(last.map((node) => [node.address, node]));
  const statuses = new Map(supplied.map(({ address, status }) => [address, status]));
  for (const app of apps) {
    if (app.status === 'DROPPED') continue;
    for (const address of addressesOf(app)) if (!statuses.has(address)) statuses.set(address, 'UNKNOWN');
  }
  return Array.from(statuses, ([address, status]) => reuseObject(known.get(address), { address, status }));
}

/** Caches the addresses of a table, so that a change of one table does not visit the partitions of all others. */
const addressesByApp = new WeakMap<App, ReadonlySet<string>>();

function addressesOf(app: App): ReadonlySet<string> {
  let found = addressesByApp.get(app);
  if (found === undefined) {
    const addresses = new Set<string>();
    for (const { primary, secondaries } of app.partitions) {
      if (primary !== null) addresses.add(primary);
      for (const secondary of secondaries) addresses.add(secondary);
    }
    found = addresses;
    addressesByApp.set(app, found);
  }
  return found;
}

function reuseBalance(
  old: Cluster['balanceOperations'] | undefined,
  fresh: Cluster['balanceOperations'],
): Cluster['balanceOperations'] {
  if (fresh === 'unknown') return fresh;
  return reuseObject(old === 'unknown' ? undefined : old, { ...fresh });
}
