import type { App, AppHealth, BalanceOperations, Cluster, ReplicaServer } from '../../../model/cluster.js';
import { APP_STATUSES, META_FUNCTION_LEVELS, NODE_STATUSES } from '../../../model/enums.js';
import { type AppStats, appStats, appStatsInSteps } from '../../../stats/app-stats.js';
import { balanceStddev } from '../../../stats/balance.js';
import { clusterReplicaCounts, statsBlocks } from '../../../stats/cluster-stats.js';
import type { ReplicaCountsByNode } from '../../../stats/replica-counts.js';
import type { StateMetricKey } from './declarations.js';

/** One value of a gauge. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The values of all gauges that follow from a snapshot. */
export type StateSamples = Readonly<Record<StateMetricKey, readonly Sample[]>>;

/** What {@link stateSamples} returns. */
export interface StateReading {
  readonly samples: StateSamples;
  /** Why tables are omitted as invalid. */
  readonly errors: readonly unknown[];
  /** Whether the same snapshot always gives the same values. */
  readonly isFrozen: boolean;
}

/** The labels of `health`: the words of the metrics of Pegasus 2.6. Each partition counts once. */
const HEALTHS = ['healthy', 'writable_ill', 'unwritable', 'unreadable'] as const;

type PartitionCounts = Readonly<Record<(typeof HEALTHS)[number], number>>;

const BALANCE_OPERATIONS: readonly [label: string, key: keyof BalanceOperations][] = [
  ['move_primary', 'movePrimary'],
  ['copy_primary', 'copyPrimary'],
  ['copy_secondary', 'copySecondary'],
];

/**
 * Computes the values of a snapshot. A table that is invalid is omitted, as the endpoints omit it.
 *
 * @param maxTables - How many tables have values of their own: the least healthy ones.
 * @throws If the snapshot itself is invalid.
 */
export function* stateSamples(cluster: Cluster, maxTables: number): Generator<void, StateReading, void> {
  const errors: unknown[] = [];
  const stats: AppStats[] = [];
  for (const app of cluster.apps) {
    if (app.status !== 'AVAILABLE') continue;
    try {
      const reading = yield* appStatsInSteps(app);
      // A table that is not frozen may have changed during a pause.
      stats.push(reading.isFrozen ? reading : appStats(app));
    } catch (error) {
      errors.push(error);
    }
    yield;
  }
  const replicaCounts = clusterReplicaCounts(statsBlocks(stats));
  const shown = leastHealthy(stats, maxTables);
  const isFrozen = errors.length === 0 && isFrozenCluster(cluster) && stats.every((one) => one.isFrozen);
  const stddev = cluster.replicaCountStddev ?? balanceStddev(cluster.nodes, replicaCounts);
  const samples: StateSamples = {
    primaryMetaKnown: [sample(cluster.primaryMetaServer === null ? 0 : 1)],
    metaServers: [sample(cluster.metaServers.length)],
    functionLevel: META_FUNCTION_LEVELS.filter((level) => level === cluster.metaFunctionLevel).map((level) =>
      sample(1, { level }),
    ),
    primaryStddev: [sample(stddev.primary)],
    totalStddev: [sample(stddev.total)],
    balanceOperations: balanceSamples(cluster.balanceOperations),
    omittedTables: [
      sample(stats.length - shown.length, { reason: 'max_tables' }),
      sample(errors.length, { reason: 'invalid' }),
    ],
    tables: countBy(cluster.apps, APP_STATUSES),
    partitions: healthSamples(sumOf(stats.map(({ health }) => partitionCounts(health)))),
    tablePartitions: shown.flatMap(({ app, health }) =>
      healthSamples(partitionCounts(health), { table: wellFormed(app.appName) }),
    ),
    nodes: countBy(cluster.nodes, NODE_STATUSES),
    nodeAlive: cluster.nodes
      .filter(({ status }) => status !== 'UNKNOWN')
      .map(({ address, status }) => sample(status === 'ALIVE' ? 1 : 0, { node: address })),
    nodeReplicas: cluster.nodes.flatMap((node) => replicaSamples(node, replicaCounts)),
  };
  return { samples, errors, isFrozen };
}

/** Replaces what cannot be sent as UTF-8. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\uFFFD');
}

function sample(value: number, labels: Sample['labels'] = {}): Sample {
  return { labels, value };
}

/** Counts each partition once: Pegasus counts one that is unreadable among the unwritable and the unhealthy ones, too. */
function partitionCounts(health: Readonly<AppHealth>): PartitionCounts {
  const { fullyHealthy, unhealthy, writeUnhealthy, readUnhealthy } = health;
  return {
    healthy: fullyHealthy,
    writable_ill: unhealthy - writeUnhealthy,
    unwritable: writeUnhealthy - readUnhealthy,
    unreadable: readUnhealthy,
  };
}

function sumOf(counts: readonly PartitionCounts[]): PartitionCounts {
  const sums = { healthy: 0, writable_ill: 0, unwritable: 0, unreadable: 0 };
  for (const one of counts) for (const health of HEALTHS) sums[health] += one[health];
  return sums;
}

function healthSamples(counts: PartitionCounts, labels: Sample['labels'] = {}): Sample[] {
  return HEALTHS.map((health) => sample(counts[health], { ...labels, health }));
}

/** Returns the tables in their order, without the healthiest ones if there are more than `max`. */
function leastHealthy(stats: readonly AppStats[], max: number): readonly AppStats[] {
  if (stats.length <= max) return stats;
  const ranked = stats
    .map((one, order) => ({ one, order }))
    .sort((a, b) => compareHealth(a.one.health, b.one.health) || a.order - b.order);
  return ranked.slice(0, max).map(({ one }) => one);
}

function compareHealth(a: Readonly<AppHealth>, b: Readonly<AppHealth>): number {
  return (
    b.readUnhealthy - a.readUnhealthy || b.writeUnhealthy - a.writeUnhealthy || b.unhealthy - a.unhealthy
  );
}

function balanceSamples(operations: Cluster['balanceOperations']): Sample[] {
  if (operations === 'unknown') return [];
  return BALANCE_OPERATIONS.map(([operation, key]) => sample(operations[key], { operation }));
}

/** Counts by status. Each status has a value, so that 0 is told from unknown. */
function countBy<Status extends string>(
  all: readonly { readonly status: Status }[],
  statuses: readonly Status[],
): Sample[] {
  return statuses.map((status) => sample(all.filter((one) => one.status === status).length, { status }));
}

function replicaSamples(
  { address, replicaCounts }: ReplicaServer,
  derived: ReplicaCountsByNode,
): readonly Sample[] {
  const { primary, secondary } = replicaCounts ?? derived.get(address) ?? { primary: 0, secondary: 0 };
  return [
    sample(primary, { node: address, role: 'primary' }),
    sample(secondary, { node: address, role: 'secondary' }),
  ];
}

/** Whether a snapshot without its tables is deeply frozen. */
function isFrozenCluster(cluster: Cluster): boolean {
  const { apps, nodes, metaServers, balanceOperations, replicaCountStddev } = cluster;
  const parts = [cluster, apps, nodes, metaServers, balanceOperations, replicaCountStddev];
  return (
    parts.every(Object.isFrozen) &&
    nodes.every((node) => Object.isFrozen(node) && Object.isFrozen(node.replicaCounts)) &&
    apps.every((app: App) => Object.isFrozen(app))
  );
}
