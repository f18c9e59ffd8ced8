import type { NodeStatus } from '../model/enums.js';
import { NODE_STATUSES } from '../model/enums.js';
import type { ClusterDescription } from '../sources/memory/description.js';
import * as check from '../validate/checks.js';
import type { FakeClusterDescription } from './types.js';

/** A server that a description names. */
export interface NamedServer {
  readonly role: 'meta' | 'replica';
  readonly name: string;
  /** `ALIVE` for a meta server. */
  readonly status: NodeStatus;
}

const MAX_SERVERS = 1000;

/**
 * Returns the servers of a description, the meta servers first.
 *
 * @throws PegasusError `ERR_INVALID_PARAMETERS` if a name is wrong, or two servers have the same.
 */
export function namedServers({ metaServers = 1, nodes = 3 }: FakeClusterDescription): NamedServer[] {
  const metas = listOf(metaServers, 'metaServers', 'meta', 1).map(
    ({ value, path }): NamedServer => ({
      role: 'meta',
      name: check.nonEmpty(value, path),
      status: 'ALIVE',
    }),
  );
  const replicas = listOf(nodes, 'nodes', 'node', 0).map(({ value, path }): NamedServer => {
    if (typeof value === 'string')
      return { role: 'replica', name: check.nonEmpty(value, path), status: 'ALIVE' };
    const given = check.objectWithKeys(value, path, ['address', 'status']);
    const name = check.nonEmpty(given.address, `${path}.address`);
    return { role: 'replica', name, status: check.oneOf(given.status, `${path}.status`, NODE_STATUSES) };
  });
  const servers = [...metas, ...replicas];
  check.unique(
    servers.map(({ name }) => name),
    'metaServers and nodes',
  );
  return servers;
}

function listOf(
  value: unknown,
  path: string,
  prefix: string,
  min: number,
): { readonly value: unknown; readonly path: string }[] {
  if (typeof value !== 'number') return check.list(value, path, (item, at) => ({ value: item, path: at }));
  const count = check.integer(value, path, min, MAX_SERVERS);
  return Array.from({ length: count }, (_, i) => ({ value: `${prefix}${i + 1}`, path }));
}

/**
 * Replaces the names of servers in a description by their addresses. `memoryCluster` checks everything else.
 *
 * @param addresses - The addresses by name.
 * @throws PegasusError `ERR_INVALID_PARAMETERS` if it names a server that it does not have.
 */
export function resolveNames(
  description: FakeClusterDescription,
  servers: readonly NamedServer[],
  addresses: ReadonlyMap<string, string>,
): ClusterDescription {
  const ofRole = (role: NamedServer['role']) => servers.filter((server) => server.role === role);
  const addressOf = (name: string) => addresses.get(name) ?? name;
  const resolve = (role: NamedServer['role']) => {
    const names = ofRole(role).map(({ name }) => name);
    const kind = role === 'meta' ? 'meta server' : 'node';
    return (value: unknown, path: string) =>
      addressOf(check.existingAddress(value, path, names, kind, 'the description'));
  };
  const node = resolve('replica');
  const { primaryMetaServer, apps, ...others } = description;
  return {
    ...others,
    metaServers: ofRole('meta').map(({ name }) => addressOf(name)),
    nodes: ofRole('replica').map(({ name, status }) => ({ address: addressOf(name), status })),
    ...(primaryMetaServer !== undefined && {
      primaryMetaServer:
        primaryMetaServer === null ? null : resolve('meta')(primaryMetaServer, 'primaryMetaServer'),
    }),
    ...(apps !== undefined && {
      apps: check.list(apps, 'apps', (app, path) => resolveApp(app, path, node)) as NonNullable<
        ClusterDescription['apps']
      >,
    }),
  };
}

function resolveApp(value: unknown, path: string, node: check.Check<string>): object {
  const { partitions, compaction, ...others } = check.object(value, path) as Record<string, unknown>;
  return {
    ...others,
    ...(partitions !== undefined && {
      partitions: check.list(partitions, `${path}.partitions`, (partition, at) =>
        resolvePartition(partition, at, node),
      ),
    }),
    ...(compaction !== undefined && {
      compaction: Object.fromEntries(
        Object.entries(check.object(compaction, `${path}.compaction`)).map(([name, state]) => [
          node(name, `${path}.compaction`),
          state,
        ]),
      ),
    }),
  };
}

function resolvePartition(value: unknown, path: string, node: check.Check<string>): object {
  const { primary, secondaries, ...others } = check.object(value, path) as Record<string, unknown>;
  return {
    ...others,
    ...(primary !== undefined && { primary: primary === null ? null : node(primary, `${path}.primary`) }),
    ...(secondaries !== undefined && {
      secondaries: check.list(secondaries, `${path}.secondaries`, node),
    }),
  };
}
