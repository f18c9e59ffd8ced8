import type { PegasusError } from '../../model/errors.js';
import type { Connection } from './connection.js';
import { inLockOrder, join, LOCK_NODE } from './lock.js';
import { parseLockOwner } from './znode-codec.js';

/** What a candidate sees of the election. */
export interface Standing {
  /** Whether its own node has the lowest number. */
  readonly leads: boolean;
  /** Address of whoever has the lowest number; `null` when that cannot be read. */
  readonly primary: string | null;
}

export interface CandidateOptions {
  readonly lockPath: string;
  /** What its node says. */
  readonly address: string;
  /** Called when it has looked, and after every change. */
  onStanding(standing: Standing): void;
  /** Called each time when ZooKeeper refuses what it does (an ACL); it tries again later. */
  onRefused(error: PegasusError): void;
}

/**
 * Stands for election over one connection, by the protocol of Pegasus's meta servers: everyone holds an ephemeral node with a number, the
 * lowest leads, and each waits for the one before its own to go, so that one death wakes one successor. Who leads is watched as well, for
 * that is where a backup sends its clients.
 *
 * @returns A function that ends it; the node stays as long as the session.
 */
export function stand(connection: Connection, options: CandidateOptions): () => void {
  const { lockPath } = options;
  const sessionId = connection.session().id;
  let isLooking = false;
  let isChanged = false;
  let isOver = false;
  let retry: NodeJS.Timeout | undefined;

  function look(): void {
    isChanged = true;
    if (isLooking || isOver) return;
    isLooking = true;
    lookUntilSettled()
      .catch((error: PegasusError) => {
        // When the connection is lost the next one stands anew.
        if (error.code === 'ERR_NETWORK_FAILURE' || isOver) return;
        retry = setTimeout(look, connection.sessionTimeoutMs);
        options.onRefused(error);
      })
      .finally(() => {
        isLooking = false;
      });
  }

  async function lookUntilSettled(): Promise<void> {
    while (isChanged) {
      isChanged = false;
      const standing = await lookOnce();
      if (standing === undefined) isChanged = true;
      else if (!isChanged && !isOver) options.onStanding(standing);
    }
  }

  /** @returns `undefined` when it has changed on the way. */
  async function lookOnce(): Promise<Standing | undefined> {
    const names = inLockOrder((await connection.children(lockPath)) ?? []);
    const mine = await ownNode(names);
    if (mine === undefined) {
      await ensureAll(lockPath);
      await connection.createEphemeralSequential(join(lockPath, LOCK_NODE), Buffer.from(options.address));
      return undefined;
    }
    const [first = mine] = names;
    const before = names[names.indexOf(mine) - 1];
    const watched = new Set([mine, first, ...(before === undefined ? [] : [before])]);
    const found = await Promise.all(
      Array.from(watched, async (name) => ({ name, node: await connection.get(join(lockPath, name), look) })),
    );
    if (found.some(({ node }) => node === undefined)) return undefined;
    const owner = found.find(({ name }) => name === first)?.node;
    return { leads: first === mine, primary: (owner && parseLockOwner(owner.data)) ?? null };
  }

  /**
   * The node that this session holds. Told by the session and not by what was created: the answer to a creation may have been
   * lost with the connection. Of two, for that reason, only the first may stay.
   */
  async function ownNode(names: readonly string[]): Promise<string | undefined> {
    const stats = await Promise.all(names.map((name) => connection.get(join(lockPath, name))));
    const [mine, ...others] = names.filter((_, i) => stats[i]?.stat.ephemeralOwner.equals(sessionId));
    for (const name of others) await connection.remove(join(lockPath, name));
    return mine;
  }

  async function ensureAll(path: string): Promise<void> {
    const parts = path.split('/').slice(1);
    for (let depth = 1; depth <= parts.length; depth++) {
      await connection.ensure(`/${parts.slice(0, depth).join('/')}`);
    }
  }

  look();
  return () => {
    isOver = true;
    clearTimeout(retry);
  };
}
