import { DUPLICATION_STATUSES } from '../../model/enums.js';
import { PegasusError } from '../../model/errors.js';
import type { AppDuplications, Duplication, ReplicaDuplication } from '../../model/operations.js';
import * as check from '../../validate/checks.js';
import { describeValue } from '../../validate/describe-value.js';
import type { ClusterState } from './cluster-state.js';
import type { MemoryOperations } from './operation-types.js';
import { parseDuplication, parseProgress, type StoredDuplication } from './parse-duplication.js';
import { appById, appInUse } from './tables-in-use.js';

/** The duplications of a {@link memoryCluster}. */
export interface Duplications
  extends Pick<
    MemoryOperations,
    'addDuplication' | 'setDuplicationStatus' | 'setDuplicationProgress' | 'removeDuplication'
  > {
  /** What `/meta/app/duplication` answers. */
  ofTable(appName: string): AppDuplications | undefined;
  /** What `/replica/duplication` of a server answers. */
  ofPrimaries(appId: number, address: string): readonly ReplicaDuplication[] | 'no primary';
  /** Sets the duplications of a described table. */
  describe(appId: number, duplications: readonly StoredDuplication[]): void;
}

export function createDuplications(state: ClusterState): Duplications {
  const byAppId = new Map<number, readonly StoredDuplication[]>();
  const ofApp = (appId: number) => byAppId.get(appId) ?? [];

  /** Replaces a duplication; `undefined` removes it. */
  function change(
    appName: string,
    dupId: unknown,
    changed: (old: StoredDuplication) => StoredDuplication | undefined,
  ): StoredDuplication | undefined {
    const { appId } = state.requireApp(appName);
    const duplications = ofApp(appId);
    const old = duplications.find((other) => other.dupId === dupId);
    if (old === undefined) {
      const message = `table ${describeValue(appName)} has no duplication ${describeValue(dupId)}`;
      throw new PegasusError('ERR_OBJECT_NOT_FOUND', message);
    }
    const next = changed(old);
    const all = duplications.map((other) => (other === old ? next : other));
    byAppId.set(
      appId,
      all.filter((other) => other !== undefined),
    );
    return next;
  }

  /** A real server of 2.5, which has no name of the other table, reports no progress. */
  function toDuplication(stored: StoredDuplication, appName: string): Duplication {
    const { progress, remoteAppName, remoteReplicaCount, ...rest } = stored;
    const { partitionCount } = state.requireApp(appName);
    const pidxs = remoteAppName === undefined ? [] : Array.from({ length: partitionCount }, (_, i) => i);
    return Object.freeze({
      ...rest,
      ...(remoteAppName !== undefined && { remoteAppName }),
      ...(remoteReplicaCount !== undefined && { remoteReplicaCount }),
      progress: Object.freeze(
        pidxs.map((pidx) => {
          const { confirmedDecree = -1, lastCommittedDecree = -1 } = progress.get(pidx) ?? {};
          return Object.freeze({ pidx, confirmedDecree, lastCommittedDecree });
        }),
      ),
    });
  }

  return {
    ofTable(appName) {
      const app = appInUse(state, appName);
      if (app === undefined) return undefined;
      const duplications = ofApp(app.appId).map((duplication) => toDuplication(duplication, appName));
      return Object.freeze({ appId: app.appId, duplications: Object.freeze(duplications) });
    },

    ofPrimaries(appId, address) {
      const primaries = appById(state, appId)?.partitions.filter(({ primary }) => primary === address) ?? [];
      if (primaries.length === 0) return 'no primary';
      return ofApp(appId).flatMap(({ dupId, failMode, status, remoteAppName, progress }) =>
        primaries.map(({ pidx }) => {
          const pending = progress.get(pidx)?.pendingMutations ?? 0;
          return {
            dupId,
            appId,
            pidx,
            isDuplicating: status === 'DS_LOG' || status === 'DS_START',
            failMode,
            notConfirmedMutations: pending,
            notDuplicatedMutations: pending,
            ...(remoteAppName !== undefined && { remoteAppName }),
          };
        }),
      );
    },

    describe: (appId, duplications) => byAppId.set(appId, duplications),

    addDuplication(appName, duplication) {
      const app = state.requireApp(appName);
      const others = ofApp(app.appId);
      const added = parseDuplication(duplication, 'duplication', app, others);
      byAppId.set(app.appId, [...others, added]);
      return toDuplication(added, appName);
    },

    setDuplicationStatus(appName, dupId, status) {
      const allowed = DUPLICATION_STATUSES.filter((other) => other !== 'DS_REMOVED');
      const checked = check.oneOf(status, 'status', allowed);
      const changed = change(appName, dupId, (old) => ({ ...old, status: checked }));
      return toDuplication(changed as StoredDuplication, appName);
    },

    setDuplicationProgress(appName, dupId, progress) {
      const app = state.requireApp(appName);
      const changed = change(appName, dupId, (old) => ({
        ...old,
        progress: parseProgress(progress, 'progress', app, old.progress),
      }));
      return toDuplication(changed as StoredDuplication, appName);
    },

    removeDuplication(appName, dupId) {
      change(appName, dupId, () => undefined);
    },
  };
}
