/** Names of the znodes by which meta servers elect their primary: `<lock_root>/dsn.meta.server.leader/LOCKNODE0000000003`. */

const LOCK = 'dsn.meta.server.leader';

/** The first part of a lock node's name. ZooKeeper appends a number of 10 digits. */
export const LOCK_NODE = 'LOCKNODE';

/** Returns the path of the lock below its root. */
export function lockPath(lockRoot: string): string {
  return join(lockRoot, LOCK);
}

/**
 * Returns the names of the lock nodes, lowest number first: the first one is the primary. Other names are dropped.
 *
 * A signed number is no lock node, as in Pegasus. ZooKeeper counts beyond 2147483647 with `LOCKNODE-2147483648`, and a meta
 * server that took this for the lowest number would be a second primary.
 */
export function inLockOrder(names: readonly string[]): string[] {
  return names
    .filter(isLockNode)
    .map((name) => ({ name, number: Number(name.slice(LOCK_NODE.length)) }))
    .sort((a, b) => a.number - b.number || (a.name < b.name ? -1 : 1))
    .map(({ name }) => name);
}

/** Whether a name is that of a lock node. Ten digits are exact as a number, and ZooKeeper writes no more. */
export function isLockNode(name: string): boolean {
  return /^LOCKNODE\d{1,10}$/.test(name);
}

/** Joins two parts of a path. The first can be the root. */
export function join(parent: string, child: string): string {
  return parent === '/' ? `/${child}` : `${parent}/${child}`;
}
