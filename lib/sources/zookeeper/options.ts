import type { Cluster } from '../../model/cluster.js';
import type { PegasusError } from '../../model/errors.js';
import type { MaybePromise } from '../../model/maybe-promise.js';

/**
 * A value, or a function that returns it or a promise of it. The function is called for every response that shows the value. It returns
 * `undefined` while it does not know the value, which then counts as not given.
 */
export type ValueOrGetter<T> = T | (() => MaybePromise<T | undefined>);

/** Options that both {@link zookeeperCluster} and {@link electPrimary} take. */
export interface ZookeeperOptions {
  /**
   * The ZooKeeper servers: `'10.0.0.1:2181,10.0.0.2:2181'`, or an array of `host:port`. Each needs a port (ZooKeeper's default is
   * 2181). A path behind the servers (chroot) belongs in `clusterRoot` and `lockRoot`. A server with an IPv6 address needs a host name.
   */
  readonly servers: string | readonly string[];
  /**
   * The session timeout in milliseconds. ZooKeeper grants 2 to 20 of its own ticks (2 s each by default). After two thirds of it
   * without a response, the client connects to another server.
   *
   * @defaultValue 10,000
   */
  readonly sessionTimeoutMs?: number | undefined;
  /**
   * Called once for each fault, at once. Exceptions from this function are ignored.
   *
   * - `ERR_NETWORK_FAILURE`: ZooKeeper cannot be reached, the connection is lost, or the session has expired.
   * - `ERR_OBJECT_NOT_FOUND`: `clusterRoot` has no child `apps`.
   * - `ERR_ZOOKEEPER_OPERATION`: ZooKeeper refuses an operation, for example because of an ACL.
   * - `ERR_INVALID_DATA`: a znode cannot be read.
   */
  readonly onError?: ((error: PegasusError) => void) | undefined;
  /**
   * Called once after a fault of ZooKeeper as a whole (`ERR_NETWORK_FAILURE`, `ERR_OBJECT_NOT_FOUND`), when it is over. Exceptions from
   * this function are ignored.
   *
   * @param message - What is back, as a sentence for a log.
   */
  readonly onRecover?: ((message: string) => void) | undefined;
}

/** Options of {@link zookeeperCluster}. */
export interface ZookeeperClusterOptions extends ZookeeperOptions {
  /**
   * The cluster's root znode: `cluster_root` in section `[meta_server]` of the meta servers' `config.ini`. For example
   * `/pegasus/<cluster>` in production, `/pegasus/onebox/<host>` in a onebox.
   */
  readonly clusterRoot: string;
  /**
   * The znode below which the meta servers elect their primary: `distributed_lock_service_parameters` in section `[meta_server]` of
   * `config.ini`.
   *
   * @defaultValue `<clusterRoot>/lock`, or `clusterRoot` if no meta server holds a lock there
   */
  readonly lockRoot?: string | undefined;
  /**
   * How long the last known state is served after contact with ZooKeeper was lost, in milliseconds. Then requests get 503
   * `ERR_SERVICE_NOT_ACTIVE`. `Infinity` for no limit, 0 for never.
   *
   * @defaultValue 60,000
   */
  readonly maxStaleMs?: number | undefined;
  /**
   * Maximum number of concurrent reads, from 1 to 10,000.
   *
   * @defaultValue 256
   */
  readonly maxConcurrentReads?: number | undefined;
  /**
   * Whether this handler redirects its clients to the primary meta server, as a backup does. A function takes the primary's
   * `host:port` and returns the base URL of its HTTP interface, without a user, a query or a fragment.
   *
   * @defaultValue `false`: this handler answers by itself
   */
  readonly redirectToPrimary?: boolean | ((address: string) => string) | undefined;
  /**
   * The replica servers whose status your application knows. They are listed even without a replica. Every other node with a replica
   * is `UNKNOWN`. A node may be given by IP address or by host name: it is shown in the form that the tables have.
   */
  readonly nodes?: ValueOrGetter<Cluster['nodes']> | undefined;
  /**
   * The configured meta servers, `host:port` each.
   *
   * @defaultValue the live ones, in order of arrival
   */
  readonly metaServers?: ValueOrGetter<readonly string[]> | undefined;
  /** @defaultValue `unknown` */
  readonly metaFunctionLevel?: ValueOrGetter<Cluster['metaFunctionLevel']> | undefined;
  /** @defaultValue `unknown` */
  readonly balanceOperations?: ValueOrGetter<Cluster['balanceOperations']> | undefined;
  /**
   * The ZooKeeper servers as Pegasus has them configured, if this process reaches them by other addresses.
   *
   * @defaultValue `servers`
   */
  readonly zookeeperHosts?: readonly string[] | undefined;
}

/** Options of {@link electPrimary}. */
export interface ElectionOptions extends ZookeeperOptions {
  /** The znode below which the hosts elect their primary, the same for all of them. It is created if it does not exist. */
  readonly lockRoot: string;
  /** This host's own address, `ip:port` or `host:port`. The other hosts redirect to it. */
  readonly address: string;
  /**
   * Returns the base URL of the primary's HTTP interface, for hosts that serve it over https or below a prefix. Called for every
   * redirect.
   *
   * @param address - The primary's `address`.
   * @defaultValue `http://` and the address
   */
  readonly resolveUrl?: ((address: string) => string) | undefined;
}
