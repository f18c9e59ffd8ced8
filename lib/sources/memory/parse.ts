import type {
  App,
  BalanceOperations,
  Cluster,
  PerfCounter,
  ProcessVersion,
  ReplicaServer,
} from '../../model/cluster.js';
import { META_FUNCTION_LEVELS, NODE_STATUSES, PERF_COUNTER_TYPES } from '../../model/enums.js';
import * as check from '../../validate/checks.js';
import { startTimeSeconds } from '../start-time.js';
import type { ClusterDescription } from './description.js';
import { parseApp } from './parse-app.js';

/** A description, checked and with its defaults filled in. */
export interface ParsedDescription {
  readonly version: ProcessVersion;
  readonly startSecond: number;
  /** Base URL of each meta server, in configured order. */
  readonly metaServerUrls: ReadonlyMap<string, string>;
  readonly cluster: Cluster;
  readonly perfCounters: readonly PerfCounter[];
}

const CLUSTER_KEYS = [
  'version',
  'startSecond',
  'metaServers',
  'primaryMetaServer',
  'zookeeperHosts',
  'zookeeperRoot',
  'metaFunctionLevel',
  'balanceOperations',
  'nodes',
  'apps',
  'perfCounters',
] as const satisfies readonly (keyof ClusterDescription)[];

/** @throws `ERR_INVALID_PARAMETERS` that says what is wrong, and where. */
export function parseDescription(description: unknown): ParsedDescription {
  const given = check.objectWithKeys(description, 'description', CLUSTER_KEYS);
  const {
    version = { version: 'unknown', gitCommit: 'unknown' },
    startSecond = startTimeSeconds(),
    metaServers = ['127.0.0.1:34601'],
    zookeeperHosts = ['127.0.0.1:2181'],
    zookeeperRoot = '/pegasus',
    metaFunctionLevel = 'steady',
    balanceOperations = { movePrimary: 0, copyPrimary: 0, copySecondary: 0 },
  } = given;
  const metas = check.list(metaServers, 'metaServers', metaServer);
  const addresses = metas.map(([address]) => address);
  check.unique(addresses, 'metaServers');
  const nodes = check.list(given.nodes ?? [], 'nodes', replicaServer);
  check.unique(
    nodes.map((node) => node.address),
    'nodes',
  );
  const { primaryMetaServer = addresses[0] ?? null } = given;
  const apps: App[] = [];
  check.list(given.apps ?? [], 'apps', (app, where) => apps.push(parseApp(app, where, nodes, apps)));
  const perfCounters = check.list(given.perfCounters ?? [], 'perfCounters', parsePerfCounter);
  check.unique(
    perfCounters.map((counter) => counter.name),
    'perfCounters',
  );
  return {
    version: processVersion(version, 'version'),
    startSecond: check.unixSeconds(startSecond, 'startSecond'),
    metaServerUrls: new Map(metas),
    cluster: Object.freeze({
      apps: Object.freeze(apps.sort((a, b) => a.appId - b.appId)),
      nodes: Object.freeze(nodes),
      metaServers: Object.freeze(addresses),
      primaryMetaServer:
        primaryMetaServer === null ? null : check.oneOf(primaryMetaServer, 'primaryMetaServer', addresses),
      zookeeperHosts: Object.freeze(check.list(zookeeperHosts, 'zookeeperHosts', check.address)),
      zookeeperRoot: check.nonEmpty(zookeeperRoot, 'zookeeperRoot'),
      metaFunctionLevel: check.oneOf(metaFunctionLevel, 'metaFunctionLevel', META_FUNCTION_LEVELS),
      balanceOperations: parseBalanceOperations(balanceOperations, 'balanceOperations'),
    }),
    perfCounters,
  };
}

/** Checks one perf counter, of a description or of an operation. */
export function parsePerfCounter(value: unknown, where: string): PerfCounter {
  const given = check.objectWithKeys(value, where, ['name', 'type', 'value', 'p99', 'p999', 'description']);
  const name = check.nonEmpty(given.name, `${where}.name`);
  const description = check.string(given.description, `${where}.description`);
  const type = check.oneOf(given.type, `${where}.type`, PERF_COUNTER_TYPES);
  if (type === 'PERCENTILE') {
    const p99 = check.number(given.p99, `${where}.p99`);
    return Object.freeze({ name, type, p99, p999: check.number(given.p999, `${where}.p999`), description });
  }
  return Object.freeze({ name, type, value: check.number(given.value, `${where}.value`), description });
}

function metaServer(value: unknown, where: string): [address: string, url: string] {
  if (typeof value !== 'object') return metaServer({ address: value }, where);
  const given = check.objectWithKeys(value, where, ['address', 'url']);
  const address = check.address(given.address, where);
  return [address, given.url === undefined ? `http://${address}` : check.baseUrl(given.url, `${where}.url`)];
}

function replicaServer(value: unknown, where: string): ReplicaServer {
  if (typeof value !== 'object') return replicaServer({ address: value, status: 'ALIVE' }, where);
  const given = check.objectWithKeys(value, where, ['address', 'status']);
  const address = check.address(given.address, where);
  return Object.freeze({ address, status: check.oneOf(given.status, `${where}.status`, NODE_STATUSES) });
}

function processVersion(value: unknown, where: string): ProcessVersion {
  const given = check.objectWithKeys(value, where, ['version', 'gitCommit']);
  const version = check.string(given.version, `${where}.version`);
  return Object.freeze({ version, gitCommit: check.string(given.gitCommit, `${where}.gitCommit`) });
}

function parseBalanceOperations(value: unknown, where: string): BalanceOperations | 'unknown' {
  if (value === 'unknown') return value;
  const given = check.objectWithKeys(value, where, ['movePrimary', 'copyPrimary', 'copySecondary']);
  return Object.freeze({
    movePrimary: check.integer(given.movePrimary, `${where}.movePrimary`),
    copyPrimary: check.integer(given.copyPrimary, `${where}.copyPrimary`),
    copySecondary: check.integer(given.copySecondary, `${where}.copySecondary`),
  });
}
