import type { App, Partition, ReplicaServer } from '../../model/cluster.js';
import { APP_STATUSES } from '../../model/enums.js';
import { invalidParameters, PegasusError } from '../../model/errors.js';
import * as check from '../../validate/checks.js';
import { describeValue } from '../../validate/describe-value.js';
import type { AppDescription, PartitionDescription } from './description.js';
import { freezePartition, placePartitions } from './partitions.js';

const APP_KEYS = [
  'appName',
  'appId',
  'appType',
  'status',
  'partitionCount',
  'maxReplicaCount',
  'isStateful',
  'createSecond',
  'dropSecond',
  'expireSecond',
  'envs',
  'partitions',
  'dataVersion',
  'duplications',
  'bulkLoad',
  'compaction',
] as const satisfies readonly (keyof AppDescription)[];

const PARTITION_KEYS = [
  'pidx',
  'ballot',
  'primary',
  'secondaries',
  'maxReplicaCount',
] as const satisfies readonly (keyof PartitionDescription)[];

/** The meta server's own limit. A mistyped count must not fill the memory, either. */
const MAX_PARTITIONS = 1_000_000;

const MAX_REPLICAS = 100;

/** Where a description is used: the nodes that it may name, and what has them. */
export interface NodesInScope {
  readonly nodes: readonly ReplicaServer[];
  /** `the description` or `the cluster`, for error messages. */
  readonly owner: string;
}

/**
 * Parses a table, and checks it against the cluster that it becomes part of.
 *
 * @param others - The tables that exist already.
 * @throws PegasusError `ERR_INVALID_PARAMETERS`, or `ERR_APP_EXIST` when one of them has its name or its id.
 */
export function parseApp(value: unknown, path: string, scope: NodesInScope, others: readonly App[]): App {
  const given = check.objectWithKeys(value, path, APP_KEYS);
  const {
    appId = others.reduce((highest, app) => Math.max(highest, app.appId), 0) + 1,
    appType = 'pegasus',
    status = 'AVAILABLE',
    partitionCount = Array.isArray(given.partitions) ? given.partitions.length : 4,
    maxReplicaCount = 3,
    isStateful = true,
    createSecond = Math.floor(Date.now() / 1000),
    dropSecond = 0,
    expireSecond = 0,
    envs = {},
  } = given;
  const partitions = check.integer(partitionCount, `${path}.partitionCount`, 1, MAX_PARTITIONS);
  const replicas = check.integer(maxReplicaCount, `${path}.maxReplicaCount`, 1, MAX_REPLICAS);
  const app: App = {
    appId: check.integer(appId, `${path}.appId`, 1),
    appName: check.nonEmpty(given.appName, `${path}.appName`),
    appType: check.nonEmpty(appType, `${path}.appType`),
    status: check.oneOf(status, `${path}.status`, APP_STATUSES),
    partitionCount: partitions,
    maxReplicaCount: replicas,
    isStateful: check.boolean(isStateful, `${path}.isStateful`),
    createSecond: check.unixSeconds(createSecond, `${path}.createSecond`),
    dropSecond: check.unixSeconds(dropSecond, `${path}.dropSecond`),
    expireSecond: check.unixSeconds(expireSecond, `${path}.expireSecond`),
    envs: parseEnvs(envs, `${path}.envs`),
    partitions: Object.freeze(
      given.partitions === undefined
        ? placePartitions(partitions, replicas, aliveAddresses(scope.nodes))
        : parsePartitions(given.partitions, `${path}.partitions`, partitions, scope),
    ),
  };
  assertUnique(app, path, others);
  return Object.freeze(app);
}

/** Parses environment variables. Returns a frozen copy, in which `__proto__` is a key like any other. */
export function parseEnvs(value: unknown, path: string): Readonly<Record<string, string>> {
  const entries = Object.entries(check.object(value, path)).map(([key, env]) => [
    key,
    check.string(env, `${path}[${describeValue(key)}]`),
  ]);
  return Object.freeze(Object.fromEntries(entries));
}

/** Parses a partition's configuration; `defaults` takes the place of missing fields. */
export function parsePartition(
  value: unknown,
  path: string,
  defaults: Pick<Partition, 'pidx' | 'ballot'>,
  { nodes, owner }: NodesInScope,
): Partition {
  const given = check.objectWithKeys(value, path, PARTITION_KEYS);
  const known = nodes.map((node) => node.address);
  const member: check.Check<string> = (address, at) =>
    check.existingAddress(address, at, known, 'node', owner);
  const { pidx = defaults.pidx, ballot = defaults.ballot, secondaries = [], maxReplicaCount } = given;
  const partition: Partition = {
    pidx: check.integer(pidx, `${path}.pidx`),
    // The new partitions of a split have ballot -1 and want no replica until their parents have registered them.
    ballot: check.integer(ballot, `${path}.ballot`, -1),
    primary: given.primary === null ? null : member(given.primary, `${path}.primary`),
    secondaries: check.list(secondaries, `${path}.secondaries`, member),
    maxReplicaCount:
      maxReplicaCount === undefined
        ? undefined
        : check.integer(maxReplicaCount, `${path}.maxReplicaCount`, 0, MAX_REPLICAS),
  };
  check.unique([...(partition.primary === null ? [] : [partition.primary]), ...partition.secondaries], path);
  return freezePartition(partition);
}

/** Returns the addresses of the nodes that are alive. */
export function aliveAddresses(nodes: readonly ReplicaServer[]): string[] {
  return nodes.filter((node) => node.status === 'ALIVE').map((node) => node.address);
}

function parsePartitions(
  value: unknown,
  path: string,
  partitionCount: number,
  scope: NodesInScope,
): Partition[] {
  let last = -1;
  return check.list(value, path, (item, at) => {
    const partition = parsePartition(item, at, { pidx: last + 1, ballot: 0 }, scope);
    if (partition.pidx <= last || partition.pidx >= partitionCount) {
      throw invalidParameters(
        `${at}.pidx must ascend and stay below ${partitionCount}, not be ${partition.pidx}`,
      );
    }
    last = partition.pidx;
    return partition;
  });
}

/** Checks that no other table has the id of a table, and none in use its name. */
export function assertUnique(app: App, path: string, others: readonly App[]): void {
  const duplicate = others.find(
    (other) =>
      other.appId === app.appId ||
      (other.appName === app.appName && other.status !== 'DROPPED' && app.status !== 'DROPPED'),
  );
  if (duplicate === undefined) return;
  const same = duplicate.appId === app.appId ? `appId ${app.appId}` : `appName ${describeValue(app.appName)}`;
  throw new PegasusError('ERR_APP_EXIST', `${path}: there is a table with ${same} already`);
}
