import type { ClusterSource, MetaStateSource } from '../../index.js';
import type { MonitoredSource } from '../../sources/prom-client/index.js';
import { type RemoteCluster, remoteCluster } from '../../sources/remote/index.js';
import { type ZookeeperCluster, zookeeperCluster } from '../../sources/zookeeper/index.js';
import { StartError } from '../failure.js';
import { loadOptional } from '../optional-package.js';
import type { ClusterOptions } from './cluster-options.js';
import type { Log } from './log.js';

/** A cluster that the gateway serves. */
export interface Upstream {
  readonly options: ClusterOptions;
  /** The name in the log, in metrics and in /readyz. */
  readonly label: string;
  readonly source: ClusterSource & { readonly metaState: MetaStateSource };
  /** The same for metrics: with what is known of the connection to the meta servers, if there is one. */
  readonly monitored: MonitoredSource;
  close(): Promise<void>;
}

/** The name of the only cluster of a gateway that has no names. */
const SINGLE_LABEL = 'cluster';

/**
 * Connects to a cluster.
 *
 * @throws StartError if its options are wrong.
 */
export function createUpstream(options: ClusterOptions, log: Log): Upstream {
  const { servers, zookeeper, name: label = SINGLE_LABEL } = options;
  const remote =
    servers === undefined ? undefined : ofOptions(options, () => remoteOf(options, servers, label, log));
  if (zookeeper === undefined && remote !== undefined)
    return { options, label, source: remote, monitored: remote, close: remote.close };
  const live = ofOptions(options, () => zookeeperOf(options, label, log, remote));
  return {
    options,
    label,
    source: { metaState: live.metaState },
    monitored: { metaState: live.metaState, upstream: remote?.upstream },
    async close() {
      await Promise.all([live.close(), remote?.close()]);
    },
  };
}

function remoteOf(
  { maxAgeMs, maxStaleMs, timeZone }: ClusterOptions,
  servers: readonly string[],
  cluster: string,
  log: Log,
): RemoteCluster {
  return remoteCluster({
    servers,
    maxAgeMs,
    maxStaleMs,
    timeZone,
    ...reports('the meta servers', cluster, log),
  });
}

function zookeeperOf(
  { zookeeper, maxStaleMs }: ClusterOptions,
  cluster: string,
  log: Log,
  remote: RemoteCluster | undefined,
): ZookeeperCluster {
  if (loadOptional('node-zookeeper-client') === undefined) {
    throw new StartError(
      'ZooKeeper needs the package node-zookeeper-client: npx -p pegasus-http -p node-zookeeper-client pegasus-http gateway ...',
    );
  }
  const { servers = [], root = '', lockRoot } = zookeeper ?? {};
  return zookeeperCluster({
    servers,
    clusterRoot: root,
    lockRoot,
    maxStaleMs,
    ...reports('ZooKeeper', cluster, log),
    ...remote?.liveness,
  });
}

/** Logs each outage once, and its end once. */
function reports(upstream: string, cluster: string, log: Log) {
  return {
    onError: (error: Error) =>
      log.error(`upstream is silent: ${upstream}`, { cluster, error: error.message, ...codeOf(error) }),
    onRecover: (message: string) => log.warn(`upstream is back: ${upstream}`, { cluster, detail: message }),
  };
}

/** Returns the code of an error as a field of the log. */
export function codeOf(error: unknown): { readonly code?: string } {
  const { code } = error as { readonly code?: unknown };
  return typeof code === 'string' ? { code } : {};
}

/** Runs a function that checks options. Its errors name where they were given. */
function ofOptions<T>({ path, name }: ClusterOptions, create: () => T): T {
  try {
    return create();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const message = error.message.replace(
      /^(remoteCluster|zookeeperCluster): /,
      name === undefined ? ' ' : '.',
    );
    throw new StartError(`${path}${message}`);
  }
}
