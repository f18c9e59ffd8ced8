import type { ReplicaServer } from '../model/cluster.js';
import type { ReplicaCounts } from './replica-counts.js';

/** How evenly replicas lie on the nodes: 0 is even. */
export interface BalanceStddev {
  readonly primary: number;
  readonly total: number;
}

/**
 * The balance score of a real server (`greedy_load_balancer::score`): over the nodes that are alive and hold a
 * replica. The population form, but the sample form when a dead node still holds some, judged separately for
 * primaries and for all replicas. Fewer than two such nodes give 0.
 *
 * A node of unknown status counts as alive: a meta server soon takes the replicas of a dead node out of the partitions.
 */
export function balanceStddev(
  nodes: readonly ReplicaServer[],
  counts: ReadonlyMap<string, ReplicaCounts>,
): BalanceStddev {
  const primaries: number[] = [];
  const totals: number[] = [];
  let deadHoldsPrimary = false;
  let deadHoldsAny = false;
  for (const { address, status } of nodes) {
    const { primary, secondary } = counts.get(address) ?? { primary: 0, secondary: 0 };
    const total = primary + secondary;
    if (status !== 'UNALIVE') {
      if (total > 0) {
        primaries.push(primary);
        totals.push(total);
      }
    } else {
      deadHoldsPrimary ||= primary > 0;
      deadHoldsAny ||= total > 0;
    }
  }
  return { primary: stddev(primaries, deadHoldsPrimary), total: stddev(totals, deadHoldsAny) };
}

function stddev(values: readonly number[], isSample: boolean): number {
  if (values.length < 2) return 0;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / (isSample ? values.length - 1 : values.length));
  // Cut to hundredths the way the real server does it, so that the last digit is the same.
  return Math.trunc((deviation + 0.005) * 100) / 100;
}
