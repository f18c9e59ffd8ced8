import type { App, Cluster, Partition } from '../../model/cluster.js';
import type { NodeStatus } from '../../model/enums.js';
import { PegasusError } from '../../model/errors.js';
import * as check from '../../validate/checks.js';
import { describeValue } from '../../validate/describe-value.js';
import { appFinder } from '../apps-by-name.js';

/**
 * Holds the current snapshot of a {@link memoryCluster} and replaces it by the next. Every snapshot is frozen; unchanged parts
 * are the same objects in both.
 */
export interface ClusterState {
  current(): Cluster;
  app(name: string): App | undefined;
  /**
   * Returns the table of a name.
   *
   * @throws PegasusError `ERR_OBJECT_NOT_FOUND`, also for a dropped table.
   */
  requireApp(appName: string): App;
  change(changed: Partial<Cluster>): void;
  replaceApp(old: App, changed: Partial<App>): App;
  /** Replaces the partitions of all tables. A partition that `changed` returns unchanged stays the same object. */
  changePartitions(changed: (partition: Partition, app: App) => Partition): void;
  /**
   * Sets the status of a node.
   *
   * @throws PegasusError `ERR_OBJECT_NOT_FOUND`; `ERR_INVALID_STATE` when the node has that status already.
   */
  setNodeStatus(address: string, status: NodeStatus): void;
}

/**
 * Creates the state of a cluster.
 *
 * @param initial - A deeply frozen snapshot.
 */
export function clusterState(initial: Cluster): ClusterState {
  let cluster = initial;
  const find = appFinder();

  function change(changed: Partial<Cluster>): void {
    cluster = Object.freeze({ ...cluster, ...changed });
  }

  return {
    current: () => cluster,
    app: (name) => find(cluster.apps, name),
    change,

    requireApp(appName) {
      const app = find(cluster.apps, check.nonEmpty(appName, 'appName'));
      if (app === undefined || app.status === 'DROPPED') {
        throw new PegasusError('ERR_OBJECT_NOT_FOUND', `there is no table ${describeValue(appName)}`);
      }
      return app;
    },

    replaceApp(old, changed) {
      const app = Object.freeze({ ...old, ...changed });
      // Faster than `with` and `map`, which read the items of a frozen array one by one.
      const apps = [...cluster.apps];
      apps[apps.indexOf(old)] = app;
      change({ apps: Object.freeze(apps) });
      return app;
    },

    changePartitions(changed) {
      const apps = cluster.apps.map((app) => {
        const partitions = app.partitions.map((partition) => changed(partition, app));
        if (partitions.every((partition, i) => partition === app.partitions[i])) return app;
        return Object.freeze({ ...app, partitions: Object.freeze(partitions) });
      });
      if (apps.some((app, i) => app !== cluster.apps[i])) change({ apps: Object.freeze(apps) });
    },

    setNodeStatus(address, status) {
      const node = cluster.nodes.find((other) => other.address === address);
      if (node === undefined)
        throw new PegasusError('ERR_OBJECT_NOT_FOUND', `there is no node ${describeValue(address)}`);
      if (node.status === status)
        throw new PegasusError('ERR_INVALID_STATE', `node ${address} is ${status} already`);
      const changed = Object.freeze({ address, status });
      change({ nodes: Object.freeze(cluster.nodes.map((other) => (other === node ? changed : other))) });
    },
  };
}
