import type { Cluster } from '../contracts.js';
import { replicaCountsOfAll } from '../figures/replica-counts.js';
import { sortedAddresses } from '../text/address.js';
import { count, literal, text } from '../text/format.js';
import { jsonObject, member, rowWriter } from '../text/json.js';
import { NODE_STATUSES, type NodeStatus } from '../vocabulary.js';
import { availableApps } from './available.js';

const writeNode = rowWriter('address', 'status');
const writeNodeInDetail = rowWriter('address', 'status', 'replica_count', 'primary_count', 'secondary_count');
const writeSummary = rowWriter('total_node_count', 'alive_node_count', 'unalive_node_count');

/** `/meta/nodes` */
export function nodesAnswer({ apps, nodes }: Cluster, detail: boolean): string {
  const statusOf = new Map(
    nodes.map(({ address, status }) => [text(address, 'address'), literal(status, NODE_STATUSES, 'status')]),
  );
  const counts = detail ? replicaCountsOfAll(availableApps(apps)) : undefined;
  const rows = sortedAddresses(statusOf.keys()).map((address) => {
    const status = statusOf.get(address) as NodeStatus;
    if (counts === undefined) return member(address, writeNode({ address, status }));
    const { primary, secondary } = counts.get(address) ?? { primary: 0, secondary: 0 };
    return member(
      address,
      writeNodeInDetail({
        address,
        status,
        replica_count: count(primary + secondary, 'replica count'),
        primary_count: count(primary, 'primary count'),
        secondary_count: count(secondary, 'secondary count'),
      }),
    );
  });
  const statuses = [...statusOf.values()];
  const summary = writeSummary({
    total_node_count: count(statuses.length, 'nodes'),
    alive_node_count: countOf(statuses, 'ALIVE'),
    unalive_node_count: countOf(statuses, 'UNALIVE'),
  });
  return jsonObject([member('details', jsonObject(rows)), member('summary', summary)]);
}

/** A single node of unknown status leaves both counts unknown: 0 of 3 alive would be an alarm, and an invention. */
function countOf(statuses: readonly NodeStatus[], status: NodeStatus): string {
  if (statuses.includes('UNKNOWN')) return 'unknown';
  return count(statuses.filter((other) => other === status).length, 'nodes');
}
