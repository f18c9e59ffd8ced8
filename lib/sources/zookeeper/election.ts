import { randomUUID } from 'node:crypto';
import type { MetaRole } from '../../model/cluster.js';
import type { MetaStateSource } from '../../model/source.js';
import { forwardMetaState } from '../forward-meta-state.js';
import { createOutageReport } from '../outage-report.js';
import { elapsedSince, type Timestamp } from '../timestamp.js';
import { type ElectionState, joinElection } from './candidate.js';
import { loadClientLibrary } from './client-library.js';
import { join, lockPath as lockPathOf } from './lock.js';
import type { ElectionOptions } from './options.js';
import { createReadiness } from './readiness.js';
import { resolveElectionOptions } from './resolve-options.js';
import { createSessionManager } from './session.js';

/** This host's part in an election. See {@link electPrimary}. */
export interface Election {
  /** Returns whether this host is the primary now, and where the primary is if not. */
  role(): MetaRole;
  /**
   * Gives a source the role of this election.
   *
   * @param source - The meta state of this host. It is not changed.
   * @returns A source with the same tables and the same operations.
   */
  wrap(source: MetaStateSource): MetaStateSource;
  /**
   * Waits until this host takes part and knows the primary.
   *
   * @param timeoutMs - Longest wait in milliseconds; 30,000 by default. The host goes on after it.
   * @throws PegasusError `ERR_TIMEOUT` with the reason; `ERR_SERVICE_NOT_ACTIVE` after `close()`.
   */
  ready(timeoutMs?: number): Promise<void>;
  /** Steps down at once and leaves. Another host takes over without waiting for a timeout. */
  close(): Promise<void>;
  /** Calls {@link Election.close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * The part of the session timeout for which this host stays primary after ZooKeeper last confirmed its session. ZooKeeper counts from
 * the last request that its leader has seen: a heartbeat (a fifth) and half a tick of ZooKeeper (a quarter at most) can lie between.
 */
const LEASE = 1 / 2;

/**
 * Elects one primary among several hosts. The protocol and the znodes are those of Pegasus's meta servers: each host holds an
 * ephemeral sequential node, and the lowest number leads.
 *
 * No two hosts are primary at the same time. A host that loses contact with ZooKeeper, or was suspended, steps down after half of the
 * session timeout; it checks its own clocks at each request. Another host takes over once the whole timeout is over. One case remains: a
 * host that is suspended between its check and its response.
 *
 * While ZooKeeper is down, no primary can be elected: the primary steps down, and all hosts respond with 503 until ZooKeeper is back.
 *
 * @returns The election, which this host joins at once.
 * @throws TypeError if an option is wrong; `Error` if the package `node-zookeeper-client` is not installed.
 *
 * @example Several hosts with the same tables: the primary answers, the others redirect to it.
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
 * const metaState = election.wrap(tables.metaState);
 * const server = createServer(createPegasusHandler({ ...tables, metaState })).listen(34601, '127.0.0.1');
 *
 * process.once('SIGTERM', async () => {
 *   await election.close();
 *   server.close();
 * });
 * ```
 */
export function electPrimary(options: ElectionOptions): Election {
  const { servers, sessionTimeoutMs, address, primaryUrl, ...resolved } = resolveElectionOptions(options);
  const lockPath = lockPathOf(resolved.lockRoot);
  const outage = createOutageReport(resolved);

  let state: ElectionState | undefined;
  /** When ZooKeeper last confirmed the session of `state`, and how long the session lives from then on. */
  let confirmed: { readonly at: () => Timestamp; readonly sessionTimeoutMs: number } | undefined;
  let problem = 'ZooKeeper has not been reached yet';
  let leaveElection: (() => void) | undefined;
  let isClosed = false;
  const readiness = createReadiness(
    () => (isClosed ? 'the election is closed' : state === undefined ? problem : undefined),
    () => isClosed,
  );

  const sessions = createSessionManager({
    library: loadClientLibrary(),
    servers,
    sessionTimeoutMs,
    quorumProbe: join(lockPath, `probe-${randomUUID()}`),
    onConnected(connection, server) {
      leaveElection = joinElection(connection, {
        lockPath,
        address,
        onState(seen) {
          state = seen;
          confirmed = { at: connection.lastAckAt, sessionTimeoutMs: connection.sessionTimeoutMs };
          outage.end(`ZooKeeper at ${server} has answered: this host takes part in the election again`);
          readiness.notify();
        },
        onError(error) {
          state = undefined;
          problem = error.message;
          resolved.report(error);
        },
      });
    },
    onLost({ error, isExpired }) {
      leaveElection?.();
      problem = error.message;
      if (confirmed !== undefined) {
        const last = confirmed.at();
        confirmed = { ...confirmed, at: () => last };
      }
      if (isExpired) state = undefined;
      outage.begin(error);
    },
  });

  /** Whether ZooKeeper confirmed the session within a part of its timeout. */
  function isConfirmed(part: number): boolean {
    return confirmed !== undefined && elapsedSince(confirmed.at()) < confirmed.sessionTimeoutMs * part;
  }

  function role(): MetaRole {
    if (isClosed || state === undefined) return { role: 'backup', primaryUrl: null };
    if (state.isLeader)
      return isConfirmed(LEASE) ? { role: 'primary' } : { role: 'backup', primaryUrl: null };
    const { primary } = state;
    return { role: 'backup', primaryUrl: primary !== null && isConfirmed(1) ? primaryUrl(primary) : null };
  }

  async function close(): Promise<void> {
    isClosed = true;
    leaveElection?.();
    readiness.notify();
    await sessions.close();
  }

  return {
    role,
    wrap: (source) => ({ ...forwardMetaState(source), role }),
    ready: readiness.ready,
    close,
    [Symbol.asyncDispose]: close,
  };
}
