import type { Cluster } from '../contracts.js';
import type { PegasusError } from '../errors.js';
import * as check from '../sources/check.js';

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

const DAY_MS = 86_400_000;

/** The list of servers, whichever way it was given. */
export function checkServers(value: unknown): readonly string[] {
  const servers = typeof value === 'string' ? value.split(',').map((server) => server.trim()) : value;
  const checked = check.list(servers, 'servers', server);
  if (checked.length === 0) check.wrong('servers', 'at least one address', servers);
  return Object.freeze(checked);
}

/** The client library takes servers apart at their colons, and so knows no IPv6 literals. */
function server(value: unknown, where: string): string {
  const address = check.address(value, where);
  return address.startsWith('[') ? check.wrong(where, 'a host name or an IPv4 address', value) : address;
}

/** A znode's path, without a slash at its end. */
export function checkPath(value: unknown, where: string): string {
  if (typeof value === 'string' && /^(\/[^/\0]+)+\/?$|^\/$/.test(value) && !/\/\.{1,2}(\/|$)/.test(value)) {
    return value === '/' ? value : value.replace(/\/$/, '');
  }
  return check.wrong(where, 'the path of a znode such as "/pegasus/temp"', value);
}

export function checkSessionTimeout(value: unknown = 10_000): number {
  return check.integer(value, 'sessionTimeoutMs', 100, DAY_MS);
}

export function checkOptionalFunction<F>(value: F, where: string): F {
  if (value === undefined || typeof value === 'function') return value;
  return check.wrong(where, 'a function', value);
}

/** Calls the host back; whatever it does stays there. */
export function reporter(onError: unknown): (error: PegasusError) => void {
  const report = checkOptionalFunction(onError as ZookeeperOptions['onError'], 'onError');
  return (error) => {
    new Promise((resolve) => resolve(report?.(error))).catch(() => {});
  };
}
