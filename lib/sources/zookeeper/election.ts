import { randomUUID } from 'node:crypto';
import type { MetaRole } from '../../model/cluster.js';
import type { MetaStateSource } from '../../model/source.js';
import * as check from '../../validate/checks.js';
import { type Standing, stand } from './candidate.js';
import {
  checkOptionalFunction,
  checkPath,
  checkServers,
  checkSessionTimeout,
  reporter,
} from './check-options.js';
import { loadClientLibrary } from './client-library.js';
import { join, lockPath as lockPathOf } from './lock.js';
import { SHARED_OPTIONS, type ZookeeperOptions } from './options.js';
import { readiness } from './readiness.js';
import { keepSession } from './session.js';
import { elapsedSince, type Moment } from './timestamp.js';

/** Options of {@link electPrimary}. */
export interface ElectionOptions extends ZookeeperOptions {
  /** Below which znode the hosts elect their primary; all of them must say the same. It is made when it is not there. */
  readonly lockRoot: string;
  /** This host's own address, `ip:port` or `host:port`, by which the others know it. */
  readonly address: string;
  /**
   * Called for every redirect, with the primary's address: gives the base URL of its interface, for hosts that serve it by https or
   * below a prefix.
   *
   * @defaultValue `http://` and the address
   */
  readonly urlOf?: ((address: string) => string) | undefined;
}

/** This host's part in an election. See {@link electPrimary}. */
export interface Election {
  /** Whether this host is the primary now, and if not, where that is. */
  role(): MetaRole;
  /** The same source, but for its role: that is what the election says. */
  metaState(source: MetaStateSource): MetaStateSource;
  /**
   * Waits until this host takes part, and knows who leads.
   *
   * @param timeoutMs - Default: 30,000. It takes part all the same when that is over.
   * @throws PegasusError `ERR_TIMEOUT`; `ERR_SERVICE_NOT_ACTIVE` when it was closed.
   */
  ready(timeoutMs?: number): Promise<void>;
  /** Steps down at once and leaves; another host takes over without waiting for a time-out. */
  close(): Promise<void>;
  /** The same as {@link Election.close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Which part of the session's time-out this host goes on as the primary after ZooKeeper last confirmed its session. ZooKeeper counts from the last
 * request that its leader has heard of: a heartbeat (a fifth) and half a tick of its own (a quarter at most) may lie between the two.
 */
const LEASE = 1 / 2;

/**
 * Elects one primary among several hosts, by the protocol and in the znodes by which Pegasus's meta servers do it: an ephemeral
 * sequential node for each, and the lowest number leads.
 *
 * No two hosts call themselves primary at the same time. One that no longer hears from ZooKeeper, or was frozen, steps down after half of the session's
 * time-out, by its own clocks, looked at when it is asked; another can follow only when the whole of it is over. What no clock can
 * prevent is a host that is frozen between saying that it is the primary and sending its answer.
 *
 * While ZooKeeper is down nobody can be elected: the primary steps down, and all hosts answer 503 until it is back.
 *
 * @throws PegasusError `ERR_INVALID_PARAMETERS` at once, when an option is not what it must be; `Error` when the package
 *   `node-zookeeper-client` is not installed.
 *
 * @example Several hosts with the same tables: one answers, the others redirect to it.
 * ```ts
 * import { createServer } from 'node:http';
 * import { createPegasusHandler, memoryCluster } from 'pegasus-http';
 * import { electPrimary } from 'pegasus-http/zookeeper';
 *
 * const election = electPrimary({
 *   servers: ['10.0.0.1:2181', '10.0.0.2:2181', '10.0.0.3:2181'],
 *   lockRoot: '/orders/gateways',
 *   address: '10.0.1.1:34601',
 * });
 * const tables = memoryCluster({ apps: [{ appName: 'orders' }] });
 * const metaState = election.metaState(tables.metaState);
 * const server = createServer(createPegasusHandler({ ...tables, metaState })).listen(34601);
 *
 * process.once('SIGTERM', async () => {
 *   await election.close();
 *   server.close();
 * });
 * ```
 */
export function electPrimary(options: ElectionOptions): Election {
  check.objectWithKeys(
    options,
    'electPrimary',
    [...SHARED_OPTIONS, 'lockRoot', 'address', 'urlOf'],
    'option',
  );
  const servers = checkServers(options.servers);
  const lockPath = lockPathOf(checkPath(options.lockRoot, 'lockRoot'));
  const address = check.address(options.address, 'address');
  const sessionTimeoutMs = checkSessionTimeout(options.sessionTimeoutMs);
  const urlOf = checkOptionalFunction(options.urlOf, 'urlOf') ?? ((primary: string) => `http://${primary}`);
  const report = reporter(options.onError);

  let standing: Standing | undefined;
  /** When ZooKeeper last confirmed the session in which that is so, and how long it lasts from then on. */
  let confirmed: { readonly at: () => Moment; readonly sessionTimeoutMs: number } | undefined;
  let problem = 'ZooKeeper has not been reached yet';
  let hasReported = false;
  let stepOut: (() => void) | undefined;
  let isClosed = false;
  const waiters = readiness(
    () => (isClosed ? 'the election is closed' : standing === undefined ? problem : undefined),
    () => isClosed,
  );

  const keeper = keepSession({
    library: loadClientLibrary(),
    servers,
    sessionTimeoutMs,
    quorumProbe: join(lockPath, `probe-${randomUUID()}`),
    onConnected(connection) {
      stepOut = stand(connection, {
        lockPath,
        address,
        onStanding(seen) {
          standing = seen;
          confirmed = { at: connection.heard, sessionTimeoutMs: connection.sessionTimeoutMs };
          hasReported = false;
          waiters.wake();
        },
        onRefused(error) {
          standing = undefined;
          problem = error.message;
          report(error);
        },
      });
    },
    onLost({ error, isExpired }) {
      stepOut?.();
      problem = error.message;
      if (confirmed !== undefined) {
        const last = confirmed.at();
        confirmed = { ...confirmed, at: () => last };
      }
      if (isExpired) standing = undefined;
      // Once for a loss; the attempts that fail until it is over are no news.
      if (!hasReported) report(error);
      hasReported = true;
    },
  });

  /** Whether the session was confirmed within a part of its time-out. */
  function isConfirmed(part: number): boolean {
    return confirmed !== undefined && elapsedSince(confirmed.at()) < confirmed.sessionTimeoutMs * part;
  }

  function role(): MetaRole {
    if (isClosed || standing === undefined) return { role: 'backup', primaryUrl: null };
    if (standing.leads)
      return isConfirmed(LEASE) ? { role: 'primary' } : { role: 'backup', primaryUrl: null };
    const { primary } = standing;
    return { role: 'backup', primaryUrl: primary !== null && isConfirmed(1) ? urlOf(primary) : null };
  }

  async function close(): Promise<void> {
    isClosed = true;
    stepOut?.();
    waiters.wake();
    await keeper.close();
  }

  return {
    role,
    metaState: (source) => ({
      role,
      app: (name, call) => source.app(name, call),
      cluster: (call) => source.cluster(call),
      ...(source.staleSince === undefined ? {} : { staleSince: (call) => source.staleSince?.(call) }),
    }),
    ready: waiters.ready,
    close,
    [Symbol.asyncDispose]: close,
  };
}
