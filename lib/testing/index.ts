/**
 * A fake Pegasus cluster for tests: every meta server and every replica server of a `memoryCluster` listens on a free port.
 *
 * @packageDocumentation
 */

export { serveCluster } from './serve-cluster.js';
export type {
  FakeCluster,
  FakeClusterDescription,
  FakeServer,
  Fault,
  ServeClusterOptions,
} from './types.js';
