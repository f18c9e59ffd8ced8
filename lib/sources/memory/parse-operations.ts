import type { App } from '../../model/cluster.js';
import { BULK_LOAD_STATUSES } from '../../model/enums.js';
import { PegasusError } from '../../model/errors.js';
import type { BackupPolicy, BulkLoadState } from '../../model/operations.js';
import * as check from '../../validate/checks.js';
import { describeValue } from '../../validate/describe-value.js';
import type { AppDescription } from './description.js';
import type { BulkLoadFiles, ClusterFeature } from './operation-types.js';

/** A table with its description, which says more than the table. */
export interface DescribedApp {
  readonly app: App;
  readonly description: AppDescription;
  /** Where the description is, such as `apps[0]`, for error messages. */
  readonly path: string;
}

/** What the description of a cluster says about operations. */
export interface DescribedOperations {
  readonly disabledFeatures: readonly ClusterFeature[];
  readonly bulkLoadFiles: readonly BulkLoadFiles[];
  readonly backupPolicies: readonly BackupPolicy[];
  readonly apps: readonly DescribedApp[];
}

/** Parses the parts of the description of a cluster that concern operations. */
export function parseOperations(
  given: {
    readonly disabledFeatures?: unknown;
    readonly bulkLoadFiles?: unknown;
    readonly backupPolicies?: unknown;
  },
  apps: readonly DescribedApp[],
): DescribedOperations {
  const { disabledFeatures = [], bulkLoadFiles = [], backupPolicies = [] } = given;
  const tables = apps.map(({ app }) => app);
  const policies = check.list(backupPolicies, 'backupPolicies', (policy, path) =>
    parseBackupPolicy(policy, path, tables),
  );
  check.unique(
    policies.map(({ name }) => name),
    'backupPolicies',
  );
  return {
    disabledFeatures: check.list(disabledFeatures, 'disabledFeatures', (feature, path) =>
      check.oneOf(feature, path, FEATURES),
    ),
    bulkLoadFiles: check.list(bulkLoadFiles, 'bulkLoadFiles', parseBulkLoadFiles),
    backupPolicies: policies,
    apps,
  };
}

const FEATURES: readonly ClusterFeature[] = ['duplication', 'coldBackup', 'bulkLoad'];

const TIME_OF_DAY = /^([01]\d|2[0-3]):[0-5]\d$/;

/** Parses a policy of cold backups. */
export function parseBackupPolicy(value: unknown, path: string, apps: readonly App[]): BackupPolicy {
  const given = check.objectWithKeys(value, path, [
    'name',
    'providerType',
    'intervalSeconds',
    'appIds',
    'startTime',
    'isEnabled',
    'historyCount',
  ]);
  const {
    providerType = 'local_service',
    intervalSeconds = 86_400,
    startTime = '00:00',
    isEnabled = true,
    historyCount = 3,
  } = given;
  const appIds = check.list(given.appIds, `${path}.appIds`, (appId, at) => {
    if (apps.some((app) => app.appId === appId)) return appId as number;
    throw new PegasusError(
      'ERR_OBJECT_NOT_FOUND',
      `${at}: there is no table with id ${describeValue(appId)}`,
    );
  });
  check.unique(appIds, `${path}.appIds`);
  if (typeof startTime !== 'string' || !TIME_OF_DAY.test(startTime)) {
    check.fail(`${path}.startTime`, 'a time of day such as "03:30"', startTime);
  }
  return Object.freeze({
    name: check.nonEmpty(given.name, `${path}.name`),
    providerType: check.nonEmpty(providerType, `${path}.providerType`),
    intervalSeconds: check.integer(intervalSeconds, `${path}.intervalSeconds`, 1),
    appIds: Object.freeze(appIds),
    startTime,
    isEnabled: check.boolean(isEnabled, `${path}.isEnabled`),
    historyCount: check.integer(historyCount, `${path}.historyCount`, 1),
  });
}

/** Parses the files of a bulk load. */
function parseBulkLoadFiles(value: unknown, path: string): BulkLoadFiles {
  const given = check.objectWithKeys(value, path, [
    'appName',
    'clusterName',
    'fileProviderType',
    'remoteRootPath',
    'appId',
    'partitionCount',
    'isDamaged',
  ]);
  const { appId, partitionCount, isDamaged = false } = given;
  return {
    appName: check.nonEmpty(given.appName, `${path}.appName`),
    clusterName: check.nonEmpty(given.clusterName, `${path}.clusterName`),
    fileProviderType: check.nonEmpty(given.fileProviderType, `${path}.fileProviderType`),
    remoteRootPath: check.nonEmpty(given.remoteRootPath, `${path}.remoteRootPath`),
    ...(appId !== undefined && { appId: check.integer(appId, `${path}.appId`, 1) }),
    ...(partitionCount !== undefined && {
      partitionCount: check.integer(partitionCount, `${path}.partitionCount`, 1),
    }),
    isDamaged: check.boolean(isDamaged, `${path}.isDamaged`),
  };
}

/** Parses the bulk load of a table. */
export function parseBulkLoad(value: unknown, path: string): BulkLoadState {
  const given = check.objectWithKeys(value, path, ['status', 'error']);
  const { error = 'ERR_OK' } = given;
  return Object.freeze({
    status: check.oneOf(given.status, `${path}.status`, BULK_LOAD_STATUSES),
    error: errorCode(error, `${path}.error`),
  });
}

/** Checks the name of an error code of Pegasus. */
export function errorCode(value: unknown, path: string): string {
  if (typeof value === 'string' && /^ERR_[A-Z_]+$/.test(value)) return value;
  return check.fail(path, 'an error code such as "ERR_CORRUPTION"', value);
}
