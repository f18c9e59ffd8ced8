import type { App } from '../../index.js';
import type { FakeCluster, FakeServer } from '../../testing/index.js';
import { addressOf } from './describe.js';

/** Returns the servers and the tables of a onebox, for tests that want to look at them. */
export function stateOf(fake: FakeCluster) {
  const { nodes, apps, metaFunctionLevel, balanceOperations } = fake.cluster.metaState.cluster();
  const statuses = new Map(nodes.map(({ address, status }) => [address, status]));
  return {
    primaryMetaServer: fake.primaryMeta?.address ?? null,
    metaServers: fake.metas.map(serverState),
    nodes: fake.replicas.map((server) => ({ ...serverState(server), status: statuses.get(server.address) })),
    metaFunctionLevel,
    balanceOperations,
    apps: apps.map(appState),
  };
}

/** Returns what tells a server from the others. */
export function serverState(server: FakeServer) {
  return { ...addressOf(server), isListening: server.isListening };
}

/** Returns a table without what it consists of but its partitions. */
export function appState({ appId, appName, status, partitionCount, maxReplicaCount, envs, partitions }: App) {
  return { appId, appName, status, partitionCount, maxReplicaCount, envs, partitions };
}
