import type { ResponseBody } from '../../http/body.js';
import type { App, Cluster } from '../../model/cluster.js';
import { NODE_STATUSES, type NodeStatus } from '../../model/enums.js';
import type { MaybePromise } from '../../model/maybe-promise.js';
import { sortAddresses } from '../../render/addresses.js';
import { assertString, count, escapeJson, type JsonSafe, oneOf } from '../../render/format.js';
import { objectOf, property, rowWriter } from '../../render/json.js';
import { type Rendering, UNFROZEN } from '../../render/time-slicing.js';
import type { ReportTable } from '../../routing/route.js';
import { appStats } from '../../stats/app-stats.js';
import { clusterStats } from '../../stats/cluster-stats.js';
import { availableApps, isFrozenCluster } from './app-availability.js';
import { listingBody, withSoundTables } from './skip-invalid-tables.js';

const writeNode = rowWriter('address', 'status');
const writeNodeInDetail = rowWriter('address', 'status', 'replica_count', 'primary_count', 'secondary_count');
const writeSummary = rowWriter('total_node_count', 'alive_node_count', 'unalive_node_count');

/** `/meta/nodes` */
export function nodesAnswer(
  cluster: Cluster,
  detail: boolean,
  reportTable: ReportTable,
): MaybePromise<ResponseBody> {
  return listingBody(cluster, detail ? 'nodes?detail' : 'nodes', reportTable, (note) =>
    renderNodes(cluster, detail, note),
  );
}

function* renderNodes(cluster: Cluster, detail: boolean, note: ReportTable): Rendering {
  if (!isFrozenCluster(cluster)) yield UNFROZEN;
  const render = (apps: readonly App[]) => renderRows(cluster, apps, detail);
  yield* withSoundTables(cluster.apps, render, appStats, note);
}

function* renderRows({ nodes }: Cluster, apps: readonly App[], detail: boolean): Rendering {
  const statusOf = new Map(
    nodes.map(({ address, status }) => [
      assertString(address, 'address'),
      oneOf(status, NODE_STATUSES, 'status'),
    ]),
  );
  const counts = detail ? (yield* clusterStats(yield* availableApps(apps))).replicaCounts : undefined;
  const rows = sortAddresses(statusOf.keys()).map((address) => {
    const status = statusOf.get(address) as NodeStatus & JsonSafe;
    const node = escapeJson(address);
    if (counts === undefined) return property(node, writeNode({ address: node, status }));
    const { primary, secondary } = counts.get(address) ?? { primary: 0, secondary: 0 };
    return property(
      node,
      writeNodeInDetail({
        address: node,
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
  yield `{"details":${objectOf(rows)},"summary":${summary}}\n`;
}

/** A single node of unknown status leaves both counts unknown: 0 of 3 alive would be an alarm, and an invention. */
function countOf(statuses: readonly NodeStatus[], status: NodeStatus): JsonSafe {
  if (statuses.includes('UNKNOWN')) return 'unknown' as JsonSafe;
  return count(statuses.filter((other) => other === status).length, 'nodes');
}
