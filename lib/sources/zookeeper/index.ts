/**
 * A live Pegasus cluster read from ZooKeeper, and hosts that elect their primary there. Both need the optional peer
 * `node-zookeeper-client`: `npm install node-zookeeper-client`.
 *
 * @packageDocumentation
 */
export { type Election, electPrimary } from './election.js';
export type {
  ElectionOptions,
  ValueOrGetter,
  ZookeeperClusterOptions,
  ZookeeperOptions,
} from './options.js';
export type { ReadProgress, ZookeeperCluster, ZookeeperMetaState } from './types.js';
export { zookeeperCluster } from './zookeeper-cluster.js';
