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
import type { AppDescription, ClusterDescription } from './description.js';
import { parseApp } from './parse-app.js';
import { type DescribedApp, type DescribedOperations, parseOperations } from './parse-operations.js';

/** A valid description, with the defaults in the place of missing fields. */
export interface ParsedDescription {
  readonly version: ProcessVersion;
  readonly startSecond: number;
  /** Base URL of each meta server, in configured order. */
  readonly metaServerUrls: ReadonlyMap<string, string>;
  readonly cluster: Cluster;
  readonly perfCounters: readonly PerfCounter[];
  readonly operations: DescribedOperations;
}

const OWNER = 'the description';

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
  'backupPolicies',
  'bulkLoadFiles',
  'disabledFeatures',
  'perfCounters',
] as const satisfies readonly (keyof ClusterDescription)[];

/**
 * Parses the description of a cluster.
 *
 * @throws PegasusError `ERR_INVALID_PARAMETERS` that says what is wrong, and path.
 */
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
  const describedApps: DescribedApp[] = [];
  const scope = { nodes, owner: OWNER };
  check.list(given.apps ?? [], 'apps', (description, path) => {
    const app = parseApp(description, path, scope, apps);
    apps.push(app);
    describedApps.push({ app, description: description as AppDescription, path });
  });
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
        primaryMetaServer === null
          ? null
          : check.existingAddress(primaryMetaServer, 'primaryMetaServer', addresses, 'meta server', OWNER),
      zookeeperHosts: Object.freeze(check.list(zookeeperHosts, 'zookeeperHosts', check.address)),
      zookeeperRoot: check.nonEmpty(zookeeperRoot, 'zookeeperRoot'),
      metaFunctionLevel: check.oneOf(metaFunctionLevel, 'metaFunctionLevel', META_FUNCTION_LEVELS),
      balanceOperations: parseBalanceOperations(balanceOperations, 'balanceOperations'),
    }),
    perfCounters,
    operations: parseOperations(given, describedApps),
  };
}

/** Parses one perf counter, of a description or of an operation. */
export function parsePerfCounter(value: unknown, path: string): PerfCounter {
  const given = check.objectWithKeys(value, path, [
    'name',
    'type',
    'value',
    'p50',
    'p90',
    'p95',
    'p99',
    'p999',
    'description',
  ]);
  const name = check.nonEmpty(given.name, `${path}.name`);
  const description = check.string(given.description, `${path}.description`);
  const type = check.oneOf(given.type, `${path}.type`, PERF_COUNTER_TYPES);
  if (type === 'PERCENTILE') {
    const p99 = check.number(given.p99, `${path}.p99`);
    const p999 = check.number(given.p999, `${path}.p999`);
    const others = (['p50', 'p90', 'p95'] as const)
      .filter((figure) => given[figure] !== undefined)
      .map((figure) => [figure, check.number(given[figure], `${path}.${figure}`)]);
    return Object.freeze({ name, type, ...Object.fromEntries(others), p99, p999, description });
  }
  return Object.freeze({ name, type, value: check.number(given.value, `${path}.value`), description });
}

function metaServer(value: unknown, path: string): [address: string, url: string] {
  if (typeof value !== 'object') return metaServer({ address: value }, path);
  const given = check.objectWithKeys(value, path, ['address', 'url']);
  const address = check.address(given.address, path);
  return [address, given.url === undefined ? `http://${address}` : check.baseUrl(given.url, `${path}.url`)];
}

function replicaServer(value: unknown, path: string): ReplicaServer {
  if (typeof value !== 'object') return replicaServer({ address: value, status: 'ALIVE' }, path);
  const given = check.objectWithKeys(value, path, ['address', 'status']);
  const address = check.address(given.address, path);
  return Object.freeze({ address, status: check.oneOf(given.status, `${path}.status`, NODE_STATUSES) });
}

function processVersion(value: unknown, path: string): ProcessVersion {
  const given = check.objectWithKeys(value, path, ['version', 'gitCommit']);
  const version = check.string(given.version, `${path}.version`);
  return Object.freeze({ version, gitCommit: check.string(given.gitCommit, `${path}.gitCommit`) });
}

/** Parses the operations that the balancer would start. */
export function parseBalanceOperations(value: unknown, path: string): BalanceOperations | 'unknown' {
  if (value === 'unknown') return value;
  const given = check.objectWithKeys(value, path, ['movePrimary', 'copyPrimary', 'copySecondary']);
  return Object.freeze({
    movePrimary: check.integer(given.movePrimary, `${path}.movePrimary`),
    copyPrimary: check.integer(given.copyPrimary, `${path}.copyPrimary`),
    copySecondary: check.integer(given.copySecondary, `${path}.copySecondary`),
  });
}
