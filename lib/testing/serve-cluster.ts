import { createPegasusHandler } from '../handler/create-handler.js';
import { memoryCluster } from '../sources/memory/memory-cluster.js';
import * as check from '../validate/checks.js';
import { checkArguments, readOptions } from '../validate/options.js';
import { createFakeCluster } from './fake-cluster.js';
import { createFakeServer, type ServerHandle } from './fake-server.js';
import { type NamedServer, namedServers, resolveNames } from './server-names.js';
import type { FakeCluster, FakeClusterDescription, ServeClusterOptions } from './types.js';

/**
 * Serves a fake cluster: every meta server and every replica server listens on a port of its own.
 *
 * @param description - Plain data, from a literal or a parsed JSON file; see {@link FakeClusterDescription}.
 * @param options - See {@link ServeClusterOptions}.
 * @returns The cluster, once all its servers listen.
 * @throws TypeError with `code` `ERR_INVALID_PARAMETERS` that says what is wrong with the description or the options.
 *
 * @example A backup redirects to the primary; when that dies, another meta server takes over
 * ```ts
 * import { serveCluster } from 'pegasus-http/testing';
 *
 * const fake = await serveCluster({ metaServers: 2, apps: [{ appName: 'temp' }] });
 * try {
 *   const url = `${fake.metas[1]?.url}/meta/cluster`;
 *   console.log((await fetch(url)).redirected); // true
 *   await fake.killMeta('meta1');
 *   console.log((await fetch(url)).redirected); // false
 * } finally {
 *   await fake.close();
 * }
 * ```
 */
export async function serveCluster(
  description: FakeClusterDescription = {},
  options: ServeClusterOptions = {},
): Promise<FakeCluster> {
  const {
    ports = 'free',
    profiler,
    createHandler = defaultHandler,
  } = readOptions('serveCluster', options, ['ports', 'profiler', 'createHandler'], (given) => {
    if (given.ports !== undefined) check.oneOf(given.ports, 'ports', ['free', 'described'] as const);
    check.optionalFunction(given.createHandler, 'createHandler');
    return given;
  });
  const named = checkArguments('serveCluster', () => {
    const found = namedServers(check.object(description, 'description'));
    for (const { name } of ports === 'described' ? found : []) check.address(name, 'the name of each server');
    // What is wrong with the description is found before a server listens.
    resolveNames(description, found, new Map());
    return found;
  });

  const open = (server: NamedServer) => createFakeServer(server, ports);
  const servers: ServerHandle[] = [];
  try {
    for (const server of named) servers.push(await open(server));
    const addresses = new Map(servers.map(({ server }) => [server.name, server.address]));
    const cluster = checkArguments('serveCluster', () =>
      memoryCluster(resolveNames(description, named, addresses), { profiler }),
    );
    return await createFakeCluster(cluster, servers, open, createHandler);
  } catch (error) {
    await Promise.all(servers.map(({ listener }) => listener.stop()));
    throw error;
  }
}

const defaultHandler: NonNullable<ServeClusterOptions['createHandler']> = (source) =>
  createPegasusHandler(source);
