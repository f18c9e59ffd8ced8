import { createPegasusClient } from '../../client/index.js';
import type { Compatibility } from '../../index.js';
import * as check from '../../validate/checks.js';

/** The options of one cluster of the gateway. */
export interface ClusterOptions {
  /** The prefix of its paths, without slashes; `undefined` for a single cluster, which is served at the root. */
  readonly name: string | undefined;
  /** Names the options in error messages: `gateway.json: clusters[0]`. */
  readonly path: string;
  readonly servers: readonly string[] | undefined;
  readonly zookeeper:
    | { readonly servers: readonly string[]; readonly root: string; readonly lockRoot: string | undefined }
    | undefined;
  readonly compatibility: Compatibility;
  readonly maxAgeMs: number;
  readonly maxStaleMs: number;
  /** The time zone of the meta servers; `undefined` for that of this process. */
  readonly timeZone: string | undefined;
}

/** The values of a cluster that does not have its own. */
export type ClusterDefaults = Pick<ClusterOptions, 'compatibility' | 'maxAgeMs' | 'maxStaleMs' | 'timeZone'>;

const KEYS = ['name', 'servers', 'zookeeper', 'compatibility', 'maxAgeMs', 'maxStaleMs', 'timeZone'] as const;

/** Paths of the gateway itself, which no cluster may hide. */
export const RESERVED = [
  'console',
  'healthz',
  'openapi.json',
  'prometheus',
  'readyz',
  'recentStartTime',
  'version',
];

/**
 * Checks the clusters of a file.
 *
 * @throws PegasusError with the path of the key, what is wrong, and what would be right.
 */
export function parseClusters(value: unknown, file: string, defaults: ClusterDefaults): ClusterOptions[] {
  const clusters = check.list(value, 'clusters', (cluster, path) =>
    parseCluster(cluster, path, file, defaults),
  );
  if (clusters.length === 0) check.fail('clusters', 'an array of at least one cluster', value);
  check.unique(
    clusters.map(({ name = '' }) => name),
    'clusters: name',
  );
  return clusters;
}

function parseCluster(value: unknown, path: string, file: string, defaults: ClusterDefaults): ClusterOptions {
  const given = check.objectWithKeys(value, path, KEYS);
  const { name, servers, zookeeper } = given;
  if (servers === undefined && zookeeper === undefined)
    check.fail(path, 'a cluster with "servers", "zookeeper" or both', value);
  const { compatibility = defaults.compatibility, maxAgeMs = defaults.maxAgeMs } = given;
  const { maxStaleMs = defaults.maxStaleMs, timeZone = defaults.timeZone } = given;
  return {
    name: parseName(name, `${path}.name`),
    path: `${file}: ${path}`,
    servers: servers === undefined ? undefined : parseServers(servers, `${path}.servers`),
    zookeeper: zookeeper === undefined ? undefined : parseZookeeper(zookeeper, `${path}.zookeeper`),
    compatibility: check.oneOf(compatibility, `${path}.compatibility`, ['2.5', '2.6']),
    maxAgeMs: check.integer(maxAgeMs, `${path}.maxAgeMs`, 0, 3_600_000),
    maxStaleMs: check.integer(maxStaleMs, `${path}.maxStaleMs`, 0, 86_400_000),
    timeZone: timeZone === undefined ? undefined : parseTimeZone(timeZone, `${path}.timeZone`),
  };
}

/** Checks a time zone as the client does. */
export function parseTimeZone(value: unknown, path: string): string {
  const timeZone = value as string;
  try {
    createPegasusClient({ servers: '127.0.0.1:1', timeZone }).close();
    return timeZone;
  } catch {
    return check.fail(path, 'a time zone such as "Asia/Shanghai" or "+08:00"', value);
  }
}

function parseName(value: unknown, path: string): string {
  if (typeof value !== 'string' || !/^[\w-][\w.-]{0,99}$/.test(value))
    return check.fail(path, 'a name of letters, digits, "-", "_" and "." that paths begin with', value);
  if (RESERVED.includes(value))
    check.fail(path, `another name, because the gateway itself serves /${value}`, value);
  return value;
}

function parseZookeeper(value: unknown, path: string): ClusterOptions['zookeeper'] {
  const { servers, root, lockRoot } = check.objectWithKeys(value, path, ['servers', 'root', 'lockRoot']);
  return {
    servers: parseServers(servers, `${path}.servers`),
    root: parseRoot(root, `${path}.root`),
    lockRoot: lockRoot === undefined ? undefined : parseRoot(lockRoot, `${path}.lockRoot`),
  };
}

/** Checks a path of ZooKeeper. */
export function parseRoot(value: unknown, path: string): string {
  const isPath = typeof value === 'string' && /^(\/[^/\s]+)+$/.test(value);
  return isPath ? value : check.fail(path, 'a path such as "/pegasus/c1"', value);
}

/** Checks addresses: an array, or a text with commas. */
export function parseServers(value: unknown, path: string): readonly string[] {
  const items = typeof value === 'string' ? value.split(',').map((item) => item.trim()) : value;
  if (!Array.isArray(items) || items.length === 0)
    check.fail(path, '"host:port,host:port" or an array of them', value);
  const servers = check.list(items, path, check.address);
  check.unique(servers, path);
  return servers;
}
