import { PegasusError } from '../../model/errors.js';
import type { Connection } from './connection.js';
import { inLockOrder, isLockNode, join, LOCK_NODE } from './lock.js';
import { parseLockOwner } from './znode-codec.js';

/** The election as one candidate sees it. */
export interface ElectionState {
  /** Whether the candidate's own lock node has the lowest number. */
  readonly isLeader: boolean;
  /** Address of the owner of the lowest number; `null` if it cannot be read. */
  readonly primary: string | null;
}

/** Parameters of {@link joinElection}. */
export interface CandidateOptions {
  readonly lockPath: string;
  /** The data of the candidate's lock node. */
  readonly address: string;
  /** Called with the first state, and after every change. */
  onState(state: ElectionState): void;
  /** Called each time ZooKeeper refuses an operation (an ACL), or gives a number that is no lock node. The candidate tries again. */
  onError(error: PegasusError): void;
}

/**
 * Joins an election over one connection, by the protocol of Pegasus's meta servers. Each candidate holds an ephemeral node with a
 * number, and the lowest number leads. Each watches the node before its own, so that one death wakes one successor, and the leader's
 * node, because a backup redirects its clients there.
 *
 * @returns A function that leaves the election. The node lives as long as the session.
 */
export function joinElection(connection: Connection, options: CandidateOptions): () => void {
  const { lockPath } = options;
  const sessionId = connection.session().id;
  let isRefreshing = false;
  let isDirty = false;
  let isOver = false;
  let retryTimer: NodeJS.Timeout | undefined;

  function refresh(): void {
    isDirty = true;
    if (isRefreshing || isOver) return;
    isRefreshing = true;
    refreshUntilClean()
      .catch((error: PegasusError) => {
        // After the loss of the connection, the next connection joins anew.
        if (error.code === 'ERR_NETWORK_FAILURE' || isOver) return;
        retryTimer = setTimeout(() => {
          retryTimer = undefined;
          refresh();
        }, connection.sessionTimeoutMs);
        options.onError(error);
      })
      .finally(() => {
        isRefreshing = false;
      });
  }

  async function refreshUntilClean(): Promise<void> {
    while (isDirty && !isOver) {
      isDirty = false;
      const state = await refreshOnce();
      if (state === undefined) isDirty = true;
      else if (!isDirty && !isOver) options.onState(state);
    }
  }

  /** @returns `undefined` if the election changed during the reads. */
  async function refreshOnce(): Promise<ElectionState | undefined> {
    const names = inLockOrder((await connection.children(lockPath)) ?? []);
    const own = await findOwnNode(names);
    if (own === undefined) {
      await createOwnNode();
      return undefined;
    }
    const [first = own] = names;
    const before = names[names.indexOf(own) - 1];
    const watched = new Set([own, first, ...(before === undefined ? [] : [before])]);
    const found = await Promise.all(
      Array.from(watched, async (name) => ({
        name,
        node: await connection.get(join(lockPath, name), refresh),
      })),
    );
    if (found.some(({ node }) => node === undefined)) return undefined;
    const owner = found.find(({ name }) => name === first)?.node;
    return { isLeader: first === own, primary: (owner && parseLockOwner(owner.data)) ?? null };
  }

  /**
   * Finds the node that this session owns. The session says so, and not the response to the creation, which can be lost with the
   * connection. For the same reason the session can own two: only the first one stays.
   */
  async function findOwnNode(names: readonly string[]): Promise<string | undefined> {
    const stats = await Promise.all(names.map((name) => connection.get(join(lockPath, name))));
    const [own, ...others] = names.filter((_, i) => stats[i]?.stat.ephemeralOwner.equals(sessionId));
    for (const name of others) await connection.remove(join(lockPath, name));
    return own;
  }

  /** @throws PegasusError `ERR_ZOOKEEPER_OPERATION` if ZooKeeper's counter has gone beyond 2147483647 and is negative. */
  async function createOwnNode(): Promise<void> {
    await ensureAll(lockPath);
    const path = await connection.createEphemeralSequential(
      join(lockPath, LOCK_NODE),
      Buffer.from(options.address),
    );
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (isLockNode(name)) return;
    await connection.remove(path);
    throw new PegasusError(
      'ERR_ZOOKEEPER_OPERATION',
      `ZooKeeper's counter below ${lockPath} has overflowed (${name}): stop all candidates and remove ${lockPath}`,
    );
  }

  async function ensureAll(path: string): Promise<void> {
    const parts = path.split('/').slice(1);
    for (let depth = 1; depth <= parts.length; depth++) {
      await connection.ensure(`/${parts.slice(0, depth).join('/')}`);
    }
  }

  // A candidate that may not read a lock node any more gets no event from ZooKeeper, not even for its removal.
  const checkTimer = setInterval(() => {
    if (retryTimer === undefined) refresh();
  }, connection.sessionTimeoutMs / 2).unref();
  refresh();
  return () => {
    isOver = true;
    clearInterval(checkTimer);
    clearTimeout(retryTimer);
  };
}
