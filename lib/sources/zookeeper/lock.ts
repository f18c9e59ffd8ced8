/** The lock by which meta servers elect their primary: `<lock_root>/dsn.meta.server.leader/LOCKNODE0000000003`. */

const LOCK = 'dsn.meta.server.leader';
export const LOCK_NODE = 'LOCKNODE';

/** Where the lock lies below its root. */
export function lockPath(lockRoot: string): string {
  return join(lockRoot, LOCK);
}

/** The lock's nodes with the lowest number first: that one leads. What is no such node is left out. */
export function inLockOrder(names: readonly string[]): string[] {
  return names
    .filter((name) => /^LOCKNODE-?\d+$/.test(name))
    .map((name) => ({ name, number: Number(name.slice(LOCK_NODE.length)) }))
    .sort((a, b) => a.number - b.number)
    .map(({ name }) => name);
}

/** A path of two parts; the first may be the root. */
export function join(parent: string, child: string): string {
  return parent === '/' ? `/${child}` : `${parent}/${child}`;
}
