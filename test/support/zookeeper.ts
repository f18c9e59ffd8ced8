import { once } from 'node:events';
import { promisify } from 'node:util';
import client from 'node-zookeeper-client';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { startZookeeper, type ZookeeperServer } from '../../examples/zookeeper/server.js';
import { writeZookeeper, type ZookeeperWriter } from '../../examples/zookeeper/writer.js';
import type { Cluster, MetaStateSource } from '../../lib/index.js';
import { isPromiseLike } from '../../lib/model/maybe-promise.js';
import {
  type ZookeeperCluster,
  type ZookeeperClusterOptions,
  zookeeperCluster,
} from '../../lib/sources/zookeeper/index.js';
import type { Golden } from './fixtures.js';

/** The root znode of the recorded cluster. */
export const ROOT = '/pegasus/onebox/127.0.0.1';

/** Starts a real ZooKeeper for all tests of a file. */
export function realZookeeper(): () => ZookeeperServer {
  let server: ZookeeperServer | undefined;
  beforeAll(async () => {
    server = await startZookeeper({ tickTimeMs: 100 });
  }, 60_000);
  afterAll(() => server?.stop());
  return () => {
    if (server === undefined) throw new Error('ZooKeeper runs only during a test');
    return server;
  };
}

/** Connects a writer until the test is over. Writes a recorded tree if one is given, and removes it in the end. */
export async function stored(address: string, golden?: Pick<Golden, 'znodes'>): Promise<ZookeeperWriter> {
  const writer = await writeZookeeper(address);
  onTestFinished(async () => {
    if (golden !== undefined) await writer.remove('/pegasus');
    await writer.close();
  });
  if (golden !== undefined) await writer.load(golden.znodes);
  return writer;
}

/** Opens a source that reads the recorded cluster, until the test is over, and waits until it has read everything. */
export async function followed(
  servers: string,
  options: Partial<ZookeeperClusterOptions> = {},
): Promise<ZookeeperCluster> {
  const cluster = zookeeperCluster({ servers, clusterRoot: ROOT, sessionTimeoutMs: 1000, ...options });
  onTestFinished(() => cluster.close());
  await cluster.ready();
  return cluster;
}

/**
 * Takes all permissions on a znode and on those that are created below it, until the test is over.
 *
 * @param kept - Permissions that stay.
 * @returns A function that gives them back.
 */
export async function refuse(address: string, path: string, kept = 0): Promise<() => Promise<void>> {
  const allow = (permission: number) => [new client.ACL(permission, new client.Id('world', 'anyone'))];
  const admin = client.createClient(address);
  admin.connect();
  await once(admin, 'connected');
  const setAcl = promisify(admin.setACL.bind(admin));
  await setAcl(path, allow(client.Permission.ADMIN | kept));
  const giveBack = () => setAcl(path, allow(client.Permission.ALL)).then(() => {});
  onTestFinished(async () => {
    await giveBack();
    admin.close();
  });
  return giveBack;
}

/** The permission to create children. */
export const CREATE: number = client.Permission.CREATE;

/** Returns the snapshot of a source that has it in memory, as ZooKeeper's has unless an option returns a promise. */
export function snapshotOf({ metaState }: { readonly metaState: Pick<MetaStateSource, 'cluster'> }): Cluster {
  const cluster = metaState.cluster({ signal: new AbortController().signal });
  if (isPromiseLike(cluster)) throw new Error('the snapshot is a promise');
  return cluster;
}
