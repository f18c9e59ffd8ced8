import { invalidParameters, PegasusError } from '../model/errors.js';
import type { MemoryCluster } from '../sources/memory/types.js';
import * as check from '../validate/checks.js';
import { describeValue } from '../validate/describe-value.js';
import type { ServerHandle } from './fake-server.js';
import type { NamedServer } from './server-names.js';
import type { FakeCluster, FakeServer, ServeClusterOptions } from './types.js';

/**
 * Creates the fake cluster of servers that listen.
 *
 * @param handles - All servers, the meta servers first.
 * @param open - Lets another server listen.
 */
export async function createFakeCluster(
  cluster: MemoryCluster,
  handles: readonly ServerHandle[],
  open: (server: NamedServer) => Promise<ServerHandle>,
  createHandler: NonNullable<ServeClusterOptions['createHandler']>,
): Promise<FakeCluster> {
  const metas = handles.filter(({ server }) => server.role === 'meta');
  let replicas = handles.filter(({ server }) => server.role === 'replica');
  let closing: Promise<void> | undefined;

  function find(given: FakeServer | string, candidates: readonly ServerHandle[], kind: string): ServerHandle {
    const found = candidates.find(({ server }) => [server, server.name, server.address].includes(given));
    if (found !== undefined) return found;
    const name = typeof given === 'string' ? given : given?.name;
    throw new PegasusError('ERR_OBJECT_NOT_FOUND', `the fake cluster has no ${kind} ${describeValue(name)}`);
  }
  const findMeta = (server: FakeServer | string) => find(server, metas, 'meta server');
  const findNode = (server: FakeServer | string) => find(server, replicas, 'node');
  const findAny = (server: FakeServer | string) => find(server, [...metas, ...replicas], 'server');

  function assertOpen(): void {
    if (closing !== undefined) throw new PegasusError('ERR_INVALID_STATE', 'the fake cluster is closed');
  }

  function assertListening({ server }: ServerHandle, expected: boolean): void {
    if (server.isListening === expected) return;
    const state = expected ? 'down' : 'up';
    throw new PegasusError('ERR_INVALID_STATE', `meta server ${server.name} is ${state} already`);
  }

  function attachHandler({ server, listener, faults }: ServerHandle): void {
    const source =
      server.role === 'meta' ? cluster.metaServer(server.address) : cluster.replicaServer(server.address);
    listener.setHandler(faults.wrap(createHandler(source, server)));
  }

  /** Returns the first name of the form `node7` that no server has. */
  function nextName(): string {
    const taken = new Set([...metas, ...replicas].map(({ server }) => server.name));
    let number = replicas.length + 1;
    while (taken.has(`node${number}`)) number += 1;
    return `node${number}`;
  }

  async function closeAll(): Promise<void> {
    await Promise.all([...metas, ...replicas].map(({ listener }) => listener.stop()));
  }

  for (const handle of handles) attachHandler(handle);
  const dead = cluster.metaState.cluster().nodes.filter(({ status }) => status !== 'ALIVE');
  await Promise.all(dead.map(({ address }) => findNode(address).listener.stop()));

  const close = () => {
    closing ??= closeAll();
    return closing;
  };
  return {
    cluster,
    metas: Object.freeze(metas.map(({ server }) => server)),
    get replicas() {
      return Object.freeze(replicas.map(({ server }) => server));
    },
    get primaryMeta() {
      const { primaryMetaServer } = cluster.metaState.cluster();
      return primaryMetaServer === null ? undefined : findMeta(primaryMetaServer).server;
    },
    server: (nameOrAddress) => findAny(nameOrAddress).server,

    async killNode(server) {
      assertOpen();
      const { server: node, listener } = findNode(server);
      cluster.killNode(node.address);
      await listener.stop();
    },

    async reviveNode(server) {
      assertOpen();
      const { server: node, listener } = findNode(server);
      const { nodes } = cluster.metaState.cluster();
      const isAlive = nodes.some(({ address, status }) => address === node.address && status === 'ALIVE');
      // A node that gets its port no more stays dead.
      if (!isAlive) await listener.start();
      cluster.reviveNode(node.address);
    },

    async addNode(name = nextName()) {
      assertOpen();
      if ([...metas, ...replicas].some(({ server }) => server.name === check.nonEmpty(name, 'name'))) {
        throw invalidParameters(`the fake cluster has a server ${describeValue(name)} already`);
      }
      const handle = await open({ role: 'replica', name, status: 'ALIVE' });
      if (closing !== undefined) await handle.listener.stop();
      assertOpen();
      cluster.addNode(handle.server.address);
      attachHandler(handle);
      replicas = [...replicas, handle];
      return handle.server;
    },

    async removeNode(server) {
      assertOpen();
      const removed = findNode(server);
      cluster.removeNode(removed.server.address);
      replicas = replicas.filter((handle) => handle !== removed);
      await removed.listener.stop();
    },

    async killMeta(server) {
      assertOpen();
      const killed = findMeta(server);
      assertListening(killed, true);
      const stopped = killed.listener.stop();
      if (cluster.metaState.cluster().primaryMetaServer === killed.server.address) {
        const next = metas.find((handle) => handle !== killed && handle.server.isListening);
        cluster.electPrimaryMeta(next?.server.address ?? null);
      }
      await stopped;
    },

    async reviveMeta(server) {
      assertOpen();
      const revived = findMeta(server);
      assertListening(revived, false);
      await revived.listener.start();
      if (cluster.metaState.cluster().primaryMetaServer === null)
        cluster.electPrimaryMeta(revived.server.address);
    },

    setFault: (server, fault) => findAny(server).faults.set(fault),

    clearFaults(server) {
      const cleared = server === undefined ? [...metas, ...replicas] : [findAny(server)];
      for (const { faults } of cleared) faults.clear();
    },

    close,
    [Symbol.asyncDispose]: close,
  };
}
