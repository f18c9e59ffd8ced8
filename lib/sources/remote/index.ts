/**
 * A source that shows a running Pegasus cluster over the HTTP interface of its meta servers.
 *
 * @packageDocumentation
 */
export type { RemoteClusterOptions } from './options.js';
export { remoteCluster } from './remote-cluster.js';
export type { RemoteCluster, RemoteLiveness, UpstreamStatus } from './types.js';
