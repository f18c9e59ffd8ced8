import type { ClusterState } from './cluster-state.js';
import { aliveAddresses } from './parse-app.js';
import { addReplica, isMember, removeNode } from './partitions.js';
import type { MemoryCluster } from './types.js';

/**
 * Creates the operations that kill and revive the nodes of a cluster.
 *
 * @param onKilled - Called with the address of a node that was killed.
 */
export function createNodeFailures(
  state: ClusterState,
  onKilled: (address: string) => void,
): Pick<MemoryCluster, 'killNode' | 'reviveNode'> {
  /** The partitions that each dead node has lost, as `appId.pidx`. It joins them again when it is revived. */
  const lostReplicas = new Map<string, Set<string>>();

  return {
    killNode(address) {
      state.setNodeStatus(address, 'UNALIVE');
      const alive = new Set(aliveAddresses(state.current().nodes));
      const lost = new Set<string>();
      state.changePartitions((partition, app) => {
        if (isMember(partition, address)) lost.add(`${app.appId}.${partition.pidx}`);
        return removeNode(partition, address, (other) => alive.has(other));
      });
      lostReplicas.set(address, lost);
      onKilled(address);
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
