import type { ReplicaServer } from '../model/cluster.js';
import type { ReplicaCountsByNode } from './replica-counts.js';

/** How evenly replicas are spread over nodes, as standard deviations. 0 is even. */
export interface BalanceStddev {
  readonly primary: number;
  readonly total: number;
}

/**
 * Computes the balance score of a real server (`greedy_load_balancer::score`) over the alive nodes that hold a replica. It uses the
 * population form, or the sample form if a dead node still holds replicas, decided separately for primaries and for all
 * replicas. Fewer than two such nodes give 0.
 *
 * A node of unknown status counts as alive, because a meta server soon removes the replicas of a dead node from the partitions.
 */
export function balanceStddev(nodes: readonly ReplicaServer[], counts: ReplicaCountsByNode): BalanceStddev {
  const primaries: number[] = [];
  const totals: number[] = [];
  let deadHoldsPrimary = false;
  let deadHoldsAny = false;
  for (const { address, status, replicaCounts } of nodes) {
    const { primary, secondary } = replicaCounts ?? counts.get(address) ?? { primary: 0, secondary: 0 };
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
  // Rounded to hundredths as the real server does it, so that the last digit is equal.
  return Math.trunc((deviation + 0.005) * 100) / 100;
}
