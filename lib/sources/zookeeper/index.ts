/**
 * A live cluster out of ZooKeeper, and hosts that elect their primary there. It needs the package `node-zookeeper-client`, an
 * optional peer: `npm install node-zookeeper-client`.
 *
 * @packageDocumentation
 */
export { type Election, type ElectionOptions, electPrimary } from './election.js';
export type { Supplied, ZookeeperClusterOptions, ZookeeperOptions } from './options.js';
export {
  type ReadProgress,
  type ZookeeperCluster,
  type ZookeeperMetaState,
  zookeeperCluster,
} from './zookeeper-cluster.js';
