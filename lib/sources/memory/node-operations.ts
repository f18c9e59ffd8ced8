import type { Cluster, Partition, ReplicaServer } from '../../model/cluster.js';
import type { MetaFunctionLevel } from '../../model/enums.js';
import { invalidParameters, PegasusError } from '../../model/errors.js';
import * as check from '../../validate/checks.js';
import { describeValue } from '../../validate/describe-value.js';
import type { ClusterState } from './cluster-state.js';
import { aliveAddresses } from './parse-app.js';
import { addReplica, isMember, lacksSecondary, removeNode } from './partitions.js';
import type { MemoryCluster } from './types.js';

/** The levels at which a meta server replaces lost replicas. At the others it changes no partition on its own. */
const CURING_LEVELS: readonly MetaFunctionLevel[] = ['steady', 'lively', 'unknown'];

/**
 * Creates the operations that add, remove, kill and revive the nodes of a cluster.
 *
 * @param onLost - Called with the address of a node that was killed or removed.
 */
export function createNodeOperations(
  state: ClusterState,
  onLost: (address: string) => void,
): Pick<MemoryCluster, 'addNode' | 'removeNode' | 'killNode' | 'reviveNode'> {
  /** The partitions that each dead node has lost, as `appId.pidx`. It joins them again when it is revived. */
  const lostReplicas = new Map<string, Set<string>>();

  /** Removes a node from its partitions. Returns those that it has left. */
  function leavePartitions(address: string): Set<string> {
    const alive = new Set(aliveAddresses(state.current().nodes));
    const lost = new Set<string>();
    state.changePartitions((partition, app) => {
      if (isMember(partition, address)) lost.add(`${app.appId}.${partition.pidx}`);
      return removeNode(partition, address, (other) => other !== address && alive.has(other));
    });
    return lost;
  }

  /** Fills up the partitions that lack secondaries, each on the living node with the fewest replicas. */
  function cure(): void {
    const { nodes, metaFunctionLevel } = state.current();
    if (!CURING_LEVELS.includes(metaFunctionLevel)) return;
    const counts = countReplicas(state.current(), aliveAddresses(nodes));
    state.changePartitions((partition, app) => {
      if (app.status === 'DROPPED') return partition;
      let cured = partition;
      while (lacksSecondary(cured, app.maxReplicaCount)) {
        const address = leastLoaded(counts, cured);
        if (address === undefined) break;
        cured = addReplica(cured, address, app.maxReplicaCount);
        counts.set(address, (counts.get(address) ?? 0) + 1);
      }
      return cured;
    });
  }

  return {
    addNode(address) {
      const added: ReplicaServer = Object.freeze({
        address: check.address(address, 'address'),
        status: 'ALIVE',
      });
      const { nodes } = state.current();
      if (nodes.some((node) => node.address === address)) {
        throw invalidParameters(`there is a node ${describeValue(address)} already`);
      }
      state.change({ nodes: Object.freeze([...nodes, added]) });
      cure();
    },

    removeNode(address) {
      const { nodes } = state.current();
      if (!nodes.some((node) => node.address === address)) {
        throw new PegasusError('ERR_OBJECT_NOT_FOUND', `there is no node ${describeValue(address)}`);
      }
      leavePartitions(address);
      lostReplicas.delete(address);
      state.change({ nodes: Object.freeze(nodes.filter((node) => node.address !== address)) });
      cure();
      onLost(address);
    },

    killNode(address) {
      state.setNodeStatus(address, 'UNALIVE');
      lostReplicas.set(address, leavePartitions(address));
      onLost(address);
    },

    reviveNode(address) {
      state.setNodeStatus(address, 'ALIVE');
      const lost = lostReplicas.get(address);
      state.changePartitions((partition, app) => {
        if (lost?.has(`${app.appId}.${partition.pidx}`) !== true) return partition;
        return addReplica(partition, address, app.maxReplicaCount);
      });
      lostReplicas.delete(address);
    },
  };
}

/** Counts the replicas on each of several nodes. */
function countReplicas({ apps }: Cluster, addresses: readonly string[]): Map<string, number> {
  const counts = new Map(addresses.map((address) => [address, 0]));
  for (const { partitions, status } of apps) {
    if (status === 'DROPPED') continue;
    for (const { primary, secondaries } of partitions) {
      for (const address of primary === null ? secondaries : [primary, ...secondaries]) {
        const count = counts.get(address);
        if (count !== undefined) counts.set(address, count + 1);
      }
    }
  }
  return counts;
}

/** Returns the node with the fewest replicas that has none of a partition. The first one wins where several have as few. */
function leastLoaded(counts: ReadonlyMap<string, number>, partition: Partition): string | undefined {
  let found: string | undefined;
  let fewest = Number.POSITIVE_INFINITY;
  for (const [address, count] of counts) {
    if (count >= fewest || isMember(partition, address)) continue;
    found = address;
    fewest = count;
  }
  return found;
}
