import type { App } from '../../model/cluster.js';
import {
  DUPLICATION_FAIL_MODES,
  DUPLICATION_STATUSES,
  type DuplicationFailMode,
  type DuplicationStatus,
} from '../../model/enums.js';
import { invalidParameters, PegasusError } from '../../model/errors.js';
import * as check from '../../validate/checks.js';

/** A duplication with the progress of its partitions, as a meta server and the replica servers together know it. */
export interface StoredDuplication {
  readonly dupId: number;
  readonly createSecond: number;
  readonly remote: string;
  readonly status: DuplicationStatus;
  readonly failMode: DuplicationFailMode;
  readonly remoteAppName: string | undefined;
  readonly remoteReplicaCount: number | undefined;
  readonly progress: ReadonlyMap<number, StoredProgress>;
}

/** The progress of one partition. */
export interface StoredProgress {
  readonly confirmedDecree: number;
  readonly lastCommittedDecree: number;
  readonly pendingMutations: number;
}

const NO_PROGRESS: StoredProgress = { confirmedDecree: -1, lastCommittedDecree: -1, pendingMutations: 0 };

const MAX_REPLICAS = 100;

/** Parses a duplication of a table. `others` are those that the table has. */
export function parseDuplication(
  value: unknown,
  path: string,
  app: App,
  others: readonly StoredDuplication[],
): StoredDuplication {
  const given = check.objectWithKeys(value, path, [
    'dupId',
    'createSecond',
    'remote',
    'status',
    'failMode',
    'remoteAppName',
    'remoteReplicaCount',
    'progress',
  ]);
  const {
    createSecond = Math.floor(Date.now() / 1000),
    status = 'DS_PREPARE',
    failMode = 'FAIL_SLOW',
  } = given;
  const created = check.unixSeconds(createSecond, `${path}.createSecond`);
  const { dupId = freeId(Math.max(1, Math.floor(created)), others) } = given;
  const id = check.integer(dupId, `${path}.dupId`, 1);
  if (others.some((other) => other.dupId === id)) {
    throw new PegasusError('ERR_INVALID_STATE', `${path}: the table has a duplication ${id} already`);
  }
  return {
    dupId: id,
    createSecond: created,
    remote: check.nonEmpty(given.remote, `${path}.remote`),
    status: check.oneOf(status, `${path}.status`, DUPLICATION_STATUSES),
    failMode: check.oneOf(failMode, `${path}.failMode`, DUPLICATION_FAIL_MODES),
    remoteAppName:
      given.remoteAppName === undefined
        ? undefined
        : check.nonEmpty(given.remoteAppName, `${path}.remoteAppName`),
    remoteReplicaCount:
      given.remoteReplicaCount === undefined
        ? undefined
        : check.integer(given.remoteReplicaCount, `${path}.remoteReplicaCount`, 1, MAX_REPLICAS),
    progress: parseProgress(given.progress ?? [], `${path}.progress`, app, new Map()),
  };
}

function freeId(first: number, others: readonly StoredDuplication[]): number {
  const taken = others.map(({ dupId }) => dupId);
  let id = first;
  while (taken.includes(id)) id += 1;
  return id;
}

/** Parses the progress of some partitions of a table. Those that are left out keep theirs. */
export function parseProgress(
  value: unknown,
  path: string,
  app: App,
  before: ReadonlyMap<number, StoredProgress>,
): ReadonlyMap<number, StoredProgress> {
  const changed = check.list(value, path, (item, at) => {
    const keys = ['pidx', 'confirmedDecree', 'lastCommittedDecree', 'pendingMutations'] as const;
    const given = check.objectWithKeys(item, at, keys);
    const pidx = check.integer(given.pidx, `${at}.pidx`, 0, app.partitionCount - 1);
    const old = before.get(pidx) ?? NO_PROGRESS;
    const { confirmedDecree = old.confirmedDecree, lastCommittedDecree = old.lastCommittedDecree } = given;
    const confirmed = check.integer(confirmedDecree, `${at}.confirmedDecree`, old.confirmedDecree);
    const committed = check.integer(lastCommittedDecree, `${at}.lastCommittedDecree`, -1);
    if (committed !== -1 && confirmed > committed) {
      throw invalidParameters(`${at}.confirmedDecree must be ${committed} at most, not ${confirmed}`);
    }
    const { pendingMutations = committed === -1 ? 0 : committed - confirmed } = given;
    const pending = check.integer(pendingMutations, `${at}.pendingMutations`);
    const progress = {
      confirmedDecree: confirmed,
      lastCommittedDecree: committed,
      pendingMutations: pending,
    };
    return [pidx, progress] as const;
  });
  check.unique(
    changed.map(([pidx]) => pidx),
    `${path} pidx`,
  );
  return new Map([...before, ...changed]);
}
