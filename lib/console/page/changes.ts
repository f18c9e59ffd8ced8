import { type Health, isProblem, readTables } from './tables.js';
import type { Apps, Cluster, Nodes } from './wire.js';

/** A change that the page saw. */
export interface Change {
  readonly id: number;
  readonly time: Date;
  readonly kind: 'down' | 'up' | 'joined' | 'left' | 'created' | 'dropped' | 'health' | 'primary';
  /** The address of a node or the name of a table. */
  readonly subject: string;
  /** The state after the change. */
  readonly health: Health;
}

const MAX_CHANGES = 100;

const changes: Change[] = [];
let lastApps: Apps | undefined;
let lastNodes: Nodes | undefined;
let lastPrimary: string | undefined;
let count = 0;

/** Returns the changes since the page was opened, the latest first. */
export function seenChanges(): readonly Change[] {
  return changes;
}

/** Compares the state with the one before, and keeps what differs. */
export function noteChanges(
  apps: Apps | undefined,
  nodes: Nodes | undefined,
  cluster: Cluster | undefined,
): void {
  const primary = cluster?.primary_meta_server;
  if (primary !== undefined && primary !== lastPrimary) {
    if (lastPrimary !== undefined) add('primary', primary, 'ok');
    lastPrimary = primary;
  }
  if (apps !== undefined && apps !== lastApps) {
    if (lastApps !== undefined) compareTables(lastApps, apps);
    lastApps = apps;
  }
  if (nodes !== undefined && nodes !== lastNodes) {
    if (lastNodes !== undefined) compareNodes(lastNodes, nodes);
    lastNodes = nodes;
  }
}

function add(kind: Change['kind'], subject: string, health: Health): void {
  count += 1;
  changes.unshift({ id: count, time: new Date(), kind, subject, health });
  changes.splice(MAX_CHANGES);
}

function compareNodes(before: Nodes, after: Nodes): void {
  const statuses = ({ details }: Nodes) =>
    new Map(Object.values(details).map(({ address, status }) => [address, status]));
  const old = statuses(before);
  for (const [address, status] of statuses(after)) {
    const isAlive = status === 'ALIVE';
    if (!old.has(address)) add('joined', address, isAlive ? 'ok' : 'unreadable');
    else if (old.get(address) !== status)
      add(isAlive ? 'up' : 'down', address, isAlive ? 'ok' : 'unreadable');
    old.delete(address);
  }
  for (const address of old.keys()) add('left', address, 'degraded');
}

function compareTables(before: Apps, after: Apps): void {
  const old = new Map(readTables(before).map((table) => [table.id, table]));
  for (const { id, name, health } of readTables(after)) {
    const known = old.get(id);
    old.delete(id);
    if (known?.health === health) continue;
    if (known === undefined) add('created', name, health);
    else if (health === 'inactive') add('dropped', name, health);
    else add('health', name, health);
  }
  for (const { name, health } of old.values())
    if (isProblem(health) || health === 'ok') add('dropped', name, 'inactive');
}
