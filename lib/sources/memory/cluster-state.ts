import type { App, Cluster, Partition } from '../../model/cluster.js';
import type { NodeStatus } from '../../model/enums.js';
import { PegasusError } from '../../model/errors.js';
import * as check from '../../validate/checks.js';
import { describeValue } from '../../validate/describe-value.js';
import { indexByName } from '../apps-by-name.js';

/**
 * The cluster of a {@link memoryCluster} as it stands, and how it becomes the next one: each is frozen, and what does not change is the
 * same object in both.
 */
export interface ClusterState {
  current(): Cluster;
  app(name: string): App | undefined;
  /** @throws `ERR_OBJECT_NOT_FOUND`, also for a table that was dropped. */
  existingApp(appName: string): App;
  change(changed: Partial<Cluster>): void;
  replaceApp(old: App, changed: Partial<App>): App;
  /** Gives every partition of the cluster a new configuration; what stays equal stays the same object. */
  changePartitions(changed: (partition: Partition, app: App) => Partition): void;
  /** @throws `ERR_OBJECT_NOT_FOUND`; `ERR_INVALID_STATE` when the node has that status. */
  setNodeStatus(address: string, status: NodeStatus): void;
}

/** Begins with a cluster that is frozen through and through. */
export function clusterState(cluster: Cluster): ClusterState {
  let state = cluster;
  let byName = indexByName(state.apps);

  function change(changed: Partial<Cluster>): void {
    state = Object.freeze({ ...state, ...changed });
    if (changed.apps !== undefined) byName = indexByName(state.apps);
  }

  return {
    current: () => state,
    app: (name) => byName.get(name),
    change,

    existingApp(appName) {
      const app = byName.get(check.nonEmpty(appName, 'appName'));
      if (app === undefined || app.status === 'DROPPED') {
        throw new PegasusError('ERR_OBJECT_NOT_FOUND', `there is no table ${describeValue(appName)}`);
      }
      return app;
    },

    replaceApp(old, changed) {
      const app = Object.freeze({ ...old, ...changed });
      change({ apps: Object.freeze(state.apps.map((other) => (other === old ? app : other))) });
      return app;
    },

    changePartitions(changed) {
      const apps = state.apps.map((app) => {
        const partitions = app.partitions.map((partition) => changed(partition, app));
        if (partitions.every((partition, i) => partition === app.partitions[i])) return app;
        return Object.freeze({ ...app, partitions: Object.freeze(partitions) });
      });
      if (apps.some((app, i) => app !== state.apps[i])) change({ apps: Object.freeze(apps) });
    },

    setNodeStatus(address, status) {
      const node = state.nodes.find((other) => other.address === address);
      if (node === undefined)
        throw new PegasusError('ERR_OBJECT_NOT_FOUND', `there is no node ${describeValue(address)}`);
      if (node.status === status)
        throw new PegasusError('ERR_INVALID_STATE', `node ${address} is ${status} already`);
      const changed = Object.freeze({ address, status });
      change({ nodes: Object.freeze(state.nodes.map((other) => (other === node ? changed : other))) });
    },
  };
}
