import { BULK_LOAD_STATUSES, type BulkLoadStatus } from '../../model/enums.js';
import { invalidParameters, PegasusError } from '../../model/errors.js';
import type { BulkLoadRequest, BulkLoadState, OperationResult } from '../../model/operations.js';
import * as check from '../../validate/checks.js';
import { describeValue } from '../../validate/describe-value.js';
import type { ClusterState } from './cluster-state.js';
import type { BulkLoadFiles, MemoryOperations } from './operation-types.js';
import { errorCode } from './parse-operations.js';
import { ACCEPTED, appInUse, availableApp } from './tables-in-use.js';

/** The bulk loads of a {@link memoryCluster}. */
export interface BulkLoads extends Pick<MemoryOperations, 'setBulkLoadStatus'> {
  start(request: BulkLoadRequest): OperationResult;
  /** What `/meta/app/query_bulk_load` answers. */
  status(appName: string): BulkLoadState | undefined;
  /** Sets the bulk load of a described table. */
  describe(appId: number, bulkLoad: BulkLoadState): void;
}

const NONE: BulkLoadState = Object.freeze({ status: 'BLS_INVALID', error: 'ERR_OK' });

/** The states that may follow each state. `BLS_INVALID` is left by a start only. */
const NEXT: Readonly<Record<BulkLoadStatus, readonly BulkLoadStatus[]>> = {
  BLS_INVALID: [],
  BLS_DOWNLOADING: ['BLS_DOWNLOADED', 'BLS_PAUSING', 'BLS_FAILED', 'BLS_CANCELED'],
  BLS_DOWNLOADED: ['BLS_INGESTING', 'BLS_FAILED', 'BLS_CANCELED'],
  BLS_INGESTING: ['BLS_SUCCEED', 'BLS_FAILED', 'BLS_CANCELED'],
  BLS_SUCCEED: ['BLS_INVALID'],
  BLS_FAILED: ['BLS_INVALID'],
  BLS_PAUSING: ['BLS_PAUSED', 'BLS_FAILED', 'BLS_CANCELED'],
  BLS_PAUSED: ['BLS_DOWNLOADING', 'BLS_FAILED', 'BLS_CANCELED'],
  BLS_CANCELED: ['BLS_INVALID'],
};

const ENDED: readonly BulkLoadStatus[] = ['BLS_INVALID', 'BLS_SUCCEED', 'BLS_FAILED', 'BLS_CANCELED'];

export function createBulkLoads(state: ClusterState, files: readonly BulkLoadFiles[]): BulkLoads {
  const byAppId = new Map<number, BulkLoadState>();

  return {
    start(request) {
      const given = parseRequest(request);
      if ([...byAppId.values()].some(({ status }) => !ENDED.includes(status))) {
        return refused('ERR_BUSY', 'meta server is busy now, please wait');
      }
      const found = availableApp(state, given.appName);
      if ('refused' in found) return found.refused;
      const { app } = found;
      const problem = findProblem(files, given, app.appId, app.partitionCount);
      if (problem !== undefined) return problem;
      // A meta server stops balancing while files are loaded.
      if (state.current().metaFunctionLevel !== 'steady') state.change({ metaFunctionLevel: 'steady' });
      byAppId.set(app.appId, Object.freeze({ status: 'BLS_DOWNLOADING', error: 'ERR_OK' }));
      return ACCEPTED;
    },

    status(appName) {
      const app = appInUse(state, appName);
      return app?.status === 'AVAILABLE' ? (byAppId.get(app.appId) ?? NONE) : undefined;
    },

    describe: (appId, bulkLoad) => byAppId.set(appId, bulkLoad),

    setBulkLoadStatus(appName, status, error) {
      const { appId } = state.requireApp(appName);
      const next = check.oneOf(status, 'status', BULK_LOAD_STATUSES);
      if (error !== undefined && next !== 'BLS_FAILED') {
        throw invalidParameters('error is for BLS_FAILED only');
      }
      const { status: old } = byAppId.get(appId) ?? NONE;
      if (!NEXT[old].includes(next)) {
        const table = `the bulk load of table ${describeValue(appName)} is ${old}`;
        const allowed = NEXT[old].join(' or ') || 'nothing; start it first';
        throw new PegasusError('ERR_INVALID_STATE', `${table}: next is ${allowed}, not ${next}`);
      }
      const failure = next === 'BLS_FAILED' ? errorCode(error ?? 'ERR_CORRUPTION', 'error') : 'ERR_OK';
      byAppId.set(appId, Object.freeze({ status: next, error: failure }));
    },
  };
}

/** Returns why the files cannot be loaded, in Pegasus's own words. */
function findProblem(
  files: readonly BulkLoadFiles[],
  { appName, clusterName, fileProviderType, remoteRootPath }: BulkLoadRequest,
  appId: number,
  partitionCount: number,
): OperationResult | undefined {
  const atProvider = files.filter((one) => one.fileProviderType === fileProviderType);
  if (atProvider.length === 0) return refused('ERR_INVALID_PARAMETERS', 'invalid file_provider');
  const found = atProvider.find(
    (one) =>
      one.remoteRootPath === remoteRootPath && one.clusterName === clusterName && one.appName === appName,
  );
  if (found === undefined) return refused('ERR_OBJECT_NOT_FOUND', 'read bulk_load_info failed');
  if (found.isDamaged) return refused('ERR_CORRUPTION', 'bulk_load_info damaged');
  const { appId: madeForId = appId, partitionCount: madeForCount = partitionCount } = found;
  if (madeForId === appId && madeForCount === partitionCount) return undefined;
  return refused('ERR_INCONSISTENT_STATE', 'app_id or partition_count is inconsistent');
}

function refused(error: string, hint: string): OperationResult {
  return { error, hint };
}

function parseRequest(request: BulkLoadRequest): BulkLoadRequest {
  const keys = ['appName', 'clusterName', 'fileProviderType', 'remoteRootPath'] as const;
  const given = check.objectWithKeys(request, 'request', keys);
  return {
    appName: check.nonEmpty(given.appName, 'request.appName'),
    clusterName: check.nonEmpty(given.clusterName, 'request.clusterName'),
    fileProviderType: check.nonEmpty(given.fileProviderType, 'request.fileProviderType'),
    remoteRootPath: check.nonEmpty(given.remoteRootPath, 'request.remoteRootPath'),
  };
}
