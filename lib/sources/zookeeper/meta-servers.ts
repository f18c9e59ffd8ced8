import type { PegasusError } from '../../model/errors.js';
import { inLockOrder, join, lockPath } from './lock.js';
import type { Follower, StopFollowing } from './watch.js';
import { parseLockOwner } from './znode-codec.js';

/** The meta servers that run now. */
export interface RunningMetas {
  /** Their addresses in the order in which they came; the first one leads. A primary that has died stands here until its session times out. */
  addresses(): readonly string[];
}

/**
 * Follows the lock. Where it lies is a setting of its own in Pegasus; of several places the first counts in which somebody holds it.
 *
 * @param onProblem - Called when a node of it is garbage, or is refused.
 */
export function followMetas(
  follower: Follower,
  lockRoots: readonly string[],
  onProblem: (error: PegasusError) => void,
): RunningMetas {
  const places = lockRoots.map((lockRoot) => followLock(follower, lockPath(lockRoot), onProblem));
  return { addresses: () => places.map((place) => place.addresses()).find(({ length }) => length > 0) ?? [] };
}

function followLock(
  follower: Follower,
  path: string,
  onProblem: (error: PegasusError) => void,
): RunningMetas {
  const owners = new Map<string, { address: string | undefined; readonly stop: StopFollowing }>();
  let order: readonly string[] = [];

  function followOwner(name: string): void {
    const owner = {
      address: undefined as string | undefined,
      stop: follower.data(join(path, name), {
        read: (data) => {
          owner.address = data && parseLockOwner(data);
        },
        refused: onProblem,
      }),
    };
    owners.set(name, owner);
  }

  follower.children(path, {
    read(names = []) {
      order = inLockOrder(names);
      for (const [name, owner] of owners) {
        if (order.includes(name)) continue;
        owner.stop();
        owners.delete(name);
      }
      for (const name of order) if (!owners.has(name)) followOwner(name);
    },
    refused: onProblem,
  });

  return {
    addresses: () => {
      const found = order.map((name) => owners.get(name)?.address);
      // Whoever leads under a name that cannot be read leads all the same: nobody else is taken for the primary.
      if (found[0] === undefined) return [];
      return found.filter((address) => address !== undefined);
    },
  };
}
