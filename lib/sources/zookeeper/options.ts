import type { Cluster } from '../../model/cluster.js';
import type { PegasusError } from '../../model/errors.js';
import * as check from '../../validate/checks.js';
import {
  checkOptionalFunction,
  checkPath,
  checkServers,
  checkSessionTimeout,
  reporter,
} from './check-options.js';
import { join } from './lock.js';

/** What a host knows and ZooKeeper does not: a value, or a function that is called for every answer that shows it. */
export type Supplied<T> = T | (() => T);

/** What both {@link zookeeperCluster} and {@link electPrimary} need to reach ZooKeeper. */
export interface ZookeeperOptions {
  /** `host:port` of each server of ZooKeeper, as a list or joined by commas. */
  readonly servers: string | readonly string[];
  /**
   * After how long ZooKeeper may forget us, in milliseconds. A server that has been silent for two thirds of it is left for another.
   * ZooKeeper grants 2 to 20 of its own ticks (2 s each, by default), whatever is asked for.
   *
   * @defaultValue 10,000
   */
  readonly sessionTimeoutMs?: number | undefined;
  /**
   * Called once for every loss: a connection lost, a session expired (`ERR_NETWORK_FAILURE`), a znode that cannot be read
   * (`ERR_INVALID_DATA`, or `ERR_ZOOKEEPER_OPERATION` when ZooKeeper refuses it). What this function throws is ignored.
   */
  readonly onError?: ((error: PegasusError) => void) | undefined;
}

/** Options of {@link zookeeperCluster}. */
export interface ZookeeperClusterOptions extends ZookeeperOptions {
  /** The cluster's znode: `/pegasus/<cluster>` in production, `/pegasus/onebox/<host>` in a onebox. */
  readonly clusterRoot: string;
  /**
   * Below which znode the meta servers elect their primary: Pegasus's own setting `distributed_lock_service` root.
   *
   * @defaultValue `<clusterRoot>/lock`, and `clusterRoot` itself when nobody holds the lock there
   */
  readonly lockRoot?: string | undefined;
  /**
   * For how long the last known state is handed out after ZooKeeper was lost, in milliseconds; then the answers are 503
   * `ERR_SERVICE_NOT_ACTIVE`. `Infinity` for ever, 0 not at all.
   *
   * @defaultValue 60,000
   */
  readonly staleLimitMs?: number | undefined;
  /**
   * How many znodes are read at the same time, at most.
   *
   * @defaultValue 256
   */
  readonly maxConcurrentReads?: number | undefined;
  /**
   * Whether this host sends its clients to the elected primary meta server, as a backup does, or answers by itself. A function is given the primary's
   * address and gives the base URL to redirect to, for meta servers whose HTTP interface is not simply there.
   *
   * @defaultValue `false`
   */
  readonly redirectToPrimary?: boolean | ((address: string) => string) | undefined;
  /**
   * Replica servers whose status the host knows. They are listed even when they hold no replica; every other node that holds one
   * is `UNKNOWN`.
   */
  readonly nodes?: Supplied<Cluster['nodes']> | undefined;
  /**
   * The configured meta servers.
   *
   * @defaultValue those that run now, in the order in which they came
   */
  readonly metaServers?: Supplied<readonly string[]> | undefined;
  /** @defaultValue `unknown` */
  readonly metaFunctionLevel?: Supplied<Cluster['metaFunctionLevel']> | undefined;
  /** @defaultValue `unknown` */
  readonly balanceOperations?: Supplied<Cluster['balanceOperations']> | undefined;
  /**
   * The servers of ZooKeeper as Pegasus has them configured, when this host reaches them by other addresses.
   *
   * @defaultValue `servers`
   */
  readonly zookeeperHosts?: readonly string[] | undefined;
}

export const SHARED_OPTIONS = [
  'servers',
  'sessionTimeoutMs',
  'onError',
] as const satisfies (keyof ZookeeperOptions)[];

const CLUSTER_OPTIONS = [
  ...SHARED_OPTIONS,
  'clusterRoot',
  'lockRoot',
  'staleLimitMs',
  'maxConcurrentReads',
  'redirectToPrimary',
  'nodes',
  'metaServers',
  'metaFunctionLevel',
  'balanceOperations',
  'zookeeperHosts',
] as const satisfies (keyof ZookeeperClusterOptions)[];

/** {@link ZookeeperClusterOptions} checked, with the defaults in their places. */
export interface ClusterSettings
  extends Pick<ZookeeperClusterOptions, 'nodes' | 'metaServers' | 'metaFunctionLevel' | 'balanceOperations'> {
  readonly servers: readonly string[];
  readonly clusterRoot: string;
  /** Where the lock may lie; of several the first counts in which somebody holds it. */
  readonly lockRoots: readonly string[];
  readonly sessionTimeoutMs: number;
  readonly staleLimitMs: number;
  readonly maxConcurrentReads: number;
  readonly zookeeperHosts: readonly string[];
  /** As `/meta/cluster` shows it. */
  readonly zookeeperRoot: string;
  /** Gives the base URL of a primary's interface; `undefined` where this host answers itself. */
  readonly redirectUrlOf: ((address: string) => string) | undefined;
  report(error: PegasusError): void;
}

/**
 * Checks the options, whoever wrote them.
 *
 * @throws `ERR_INVALID_PARAMETERS` that says which is wrong.
 */
export function readClusterOptions(options: ZookeeperClusterOptions): ClusterSettings {
  check.objectWithKeys(options, 'zookeeperCluster', CLUSTER_OPTIONS, 'option');
  const servers = checkServers(options.servers);
  const clusterRoot = checkPath(options.clusterRoot, 'clusterRoot');
  const { lockRoot, zookeeperHosts, staleLimitMs = 60_000, maxConcurrentReads = 256 } = options;
  const { nodes, metaServers, metaFunctionLevel, balanceOperations } = options;
  return {
    servers,
    clusterRoot,
    lockRoots:
      lockRoot === undefined ? [join(clusterRoot, 'lock'), clusterRoot] : [checkPath(lockRoot, 'lockRoot')],
    sessionTimeoutMs: checkSessionTimeout(options.sessionTimeoutMs),
    staleLimitMs: staleLimit(staleLimitMs),
    maxConcurrentReads: check.integer(maxConcurrentReads, 'maxConcurrentReads', 1, 10_000),
    zookeeperHosts:
      zookeeperHosts === undefined
        ? servers
        : Object.freeze(check.list(zookeeperHosts, 'zookeeperHosts', check.address)),
    zookeeperRoot: clusterRoot,
    redirectUrlOf: redirectUrl(options.redirectToPrimary ?? false),
    report: reporter(options.onError),
    nodes,
    metaServers,
    metaFunctionLevel,
    balanceOperations,
  };
}

function redirectUrl(
  redirect: NonNullable<ZookeeperClusterOptions['redirectToPrimary']>,
): ClusterSettings['redirectUrlOf'] {
  if (typeof redirect === 'boolean') return redirect ? (address) => `http://${address}` : undefined;
  return checkOptionalFunction(redirect, 'redirectToPrimary');
}

function staleLimit(value: unknown): number {
  return typeof value === 'number' && value >= 0
    ? value
    : check.fail('staleLimitMs', 'a number of milliseconds from 0 to Infinity', value);
}
