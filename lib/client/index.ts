/**
 * A typed client of the HTTP interface of a running Pegasus cluster, from 1.12 to 2.6.
 *
 * @packageDocumentation
 */
export { createPegasusClient, type PegasusClient } from './create-client.js';
export type { CallOptions, PegasusClientOptions } from './options.js';
export type { PprofPath, ServerClient } from './server-types.js';
export type {
  AppPartitions,
  ClusterInfo,
  ClusterOverview,
  ListedApp,
  MetaClient,
  TableEnv,
} from './types.js';
