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

/** Where the recorded cluster lies. */
export const ROOT = '/pegasus/onebox/127.0.0.1';

/** A real ZooKeeper for all tests of a file. It is there when they run. */
export function realZookeeper(): () => ZookeeperServer {
  let server: ZookeeperServer | undefined;
  beforeAll(async () => {
    server = await startZookeeper({ tickTimeMs: 100 });
  }, 60_000);
  afterAll(() => server?.stop());
  return () => {
    if (server === undefined) throw new Error('ZooKeeper is there only while a test runs');
    return server;
  };
}

/** A writer, with the recorded tree if one is given, until the test is over; then the tree is gone. */
export async function stored(address: string, golden?: Golden): Promise<ZookeeperWriter> {
  const writer = await writeZookeeper(address);
  onTestFinished(async () => {
    if (golden !== undefined) await writer.remove('/pegasus');
    await writer.close();
  });
  if (golden !== undefined) await writer.load(golden.znodes);
  return writer;
}

/** A cluster that reads it, until the test is over. */
export async function followed(
  servers: string,
  options: Partial<ZookeeperClusterOptions> = {},
): Promise<ZookeeperCluster> {
  const cluster = zookeeperCluster({ servers, clusterRoot: ROOT, sessionTimeoutMs: 1000, ...options });
  onTestFinished(() => cluster.close());
  await cluster.ready();
  return cluster;
}

/** Lets nobody read or write a znode, nor what is made below it, until the test is over. */
export async function refuse(address: string, path: string): Promise<void> {
  const allow = (permission: number) => [new client.ACL(permission, new client.Id('world', 'anyone'))];
  const admin = client.createClient(address);
  admin.connect();
  await once(admin, 'connected');
  const setAcl = promisify(admin.setACL.bind(admin));
  await setAcl(path, allow(client.Permission.ADMIN));
  onTestFinished(async () => {
    await setAcl(path, allow(client.Permission.ALL));
    admin.close();
  });
}

/** Returns the snapshot of a source that has it in memory, as ZooKeeper's has unless an option returns a promise. */
export function snapshotOf({ metaState }: { readonly metaState: Pick<MetaStateSource, 'cluster'> }): Cluster {
  const cluster = metaState.cluster({ signal: new AbortController().signal });
  if (isPromiseLike(cluster)) throw new Error('the snapshot is a promise');
  return cluster;
}
