import type { App, Partition, ReplicaServer } from '../../model/cluster.js';
import { APP_STATUSES } from '../../model/enums.js';
import { invalidParameters, PegasusError } from '../../model/errors.js';
import * as check from '../../validate/checks.js';
import { describeValue } from '../../validate/describe-value.js';
import type { AppDescription, PartitionDescription } from './description.js';
import { frozenPartition, placed } from './partitions.js';

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
] as const satisfies readonly (keyof AppDescription)[];

const PARTITION_KEYS = [
  'pidx',
  'ballot',
  'primary',
  'secondaries',
] as const satisfies readonly (keyof PartitionDescription)[];

/** As the meta server bounds it; also what keeps a slip of the finger from filling the memory. */
const MOST_PARTITIONS = 1_000_000;

/**
 * Checks a table against the cluster that it is to live in.
 *
 * @param others - The tables that are there already.
 * @throws `ERR_INVALID_PARAMETERS`, or `ERR_APP_EXIST` when one of them has its name or its id.
 */
export function parseApp(
  value: unknown,
  where: string,
  nodes: readonly ReplicaServer[],
  others: readonly App[],
): App {
  const given = check.objectWithKeys(value, where, APP_KEYS);
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
  const partitions = check.integer(partitionCount, `${where}.partitionCount`, 1, MOST_PARTITIONS);
  const replicas = check.integer(maxReplicaCount, `${where}.maxReplicaCount`, 1, 100);
  const app: App = {
    appId: check.integer(appId, `${where}.appId`, 1),
    appName: check.nonEmpty(given.appName, `${where}.appName`),
    appType: check.nonEmpty(appType, `${where}.appType`),
    status: check.oneOf(status, `${where}.status`, APP_STATUSES),
    partitionCount: partitions,
    maxReplicaCount: replicas,
    isStateful: check.boolean(isStateful, `${where}.isStateful`),
    createSecond: check.unixSeconds(createSecond, `${where}.createSecond`),
    dropSecond: check.unixSeconds(dropSecond, `${where}.dropSecond`),
    expireSecond: check.unixSeconds(expireSecond, `${where}.expireSecond`),
    envs: parseEnvs(envs, `${where}.envs`),
    partitions: Object.freeze(
      given.partitions === undefined
        ? placed(partitions, replicas, livingAddresses(nodes))
        : parsePartitions(given.partitions, `${where}.partitions`, partitions, nodes),
    ),
  };
  refuseDouble(app, where, others);
  return Object.freeze(app);
}

/** Checks environment variables and gives a frozen copy, in which `__proto__` is a key like any other. */
export function parseEnvs(value: unknown, where: string): Readonly<Record<string, string>> {
  const entries = Object.entries(check.object(value, where)).map(([key, env]) => [
    key,
    check.string(env, `${where}[${describeValue(key)}]`),
  ]);
  return Object.freeze(Object.fromEntries(entries));
}

/** Checks a partition's configuration; `defaults` stand in for what it does not say. */
export function parsePartition(
  value: unknown,
  where: string,
  defaults: Pick<Partition, 'pidx' | 'ballot'>,
  nodes: readonly ReplicaServer[],
): Partition {
  const given = check.objectWithKeys(value, where, PARTITION_KEYS);
  const known = nodes.map((node) => node.address);
  const member: check.Check<string> = (address, at) => check.oneOf(address, at, known);
  const { pidx = defaults.pidx, ballot = defaults.ballot, secondaries = [] } = given;
  const partition: Partition = {
    pidx: check.integer(pidx, `${where}.pidx`),
    ballot: check.integer(ballot, `${where}.ballot`),
    primary: given.primary === null ? null : member(given.primary, `${where}.primary`),
    secondaries: check.list(secondaries, `${where}.secondaries`, member),
  };
  check.unique([...(partition.primary === null ? [] : [partition.primary]), ...partition.secondaries], where);
  return frozenPartition(partition);
}

/** Addresses of the nodes that are alive. */
export function livingAddresses(nodes: readonly ReplicaServer[]): string[] {
  return nodes.filter((node) => node.status === 'ALIVE').map((node) => node.address);
}

function parsePartitions(
  value: unknown,
  where: string,
  partitionCount: number,
  nodes: readonly ReplicaServer[],
): Partition[] {
  let last = -1;
  return check.list(value, where, (item, at) => {
    const partition = parsePartition(item, at, { pidx: last + 1, ballot: 0 }, nodes);
    if (partition.pidx <= last || partition.pidx >= partitionCount) {
      throw invalidParameters(
        `${at}.pidx must ascend and stay below ${partitionCount}, not be ${partition.pidx}`,
      );
    }
    last = partition.pidx;
    return partition;
  });
}

function refuseDouble(app: App, where: string, others: readonly App[]): void {
  const double = others.find(
    (other) =>
      other.appId === app.appId ||
      (other.appName === app.appName && other.status !== 'DROPPED' && app.status !== 'DROPPED'),
  );
  if (double === undefined) return;
  const same = double.appId === app.appId ? `appId ${app.appId}` : `appName ${describeValue(app.appName)}`;
  throw new PegasusError('ERR_APP_EXIST', `${where}: there is a table with ${same} already`);
}
