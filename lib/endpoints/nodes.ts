import type { Body } from '../body.js';
import type { App, Cluster, MaybePromise } from '../contracts.js';
import { appFigures } from '../figures/app-figures.js';
import { clusterFigures } from '../figures/cluster-figures.js';
import { type Rendering, UNFROZEN } from '../render.js';
import type { ReportTable } from '../route.js';
import { sortedAddresses } from '../text/address.js';
import { count, literal, type Plain, plain, string } from '../text/format.js';
import { jsonObject, member, rowWriter } from '../text/json.js';
import { NODE_STATUSES, type NodeStatus } from '../vocabulary.js';
import { availableApps, isFrozenCluster } from './available.js';
import { listingBody, withSoundTables } from './sound-tables.js';

const writeNode = rowWriter('address', 'status');
const writeNodeInDetail = rowWriter('address', 'status', 'replica_count', 'primary_count', 'secondary_count');
const writeSummary = rowWriter('total_node_count', 'alive_node_count', 'unalive_node_count');

/** `/meta/nodes` */
export function nodesAnswer(cluster: Cluster, detail: boolean, reportTable: ReportTable): MaybePromise<Body> {
  return listingBody(cluster, detail ? 'nodes?detail' : 'nodes', reportTable, (note) =>
    renderNodes(cluster, detail, note),
  );
}

function* renderNodes(cluster: Cluster, detail: boolean, note: ReportTable): Rendering {
  if (!isFrozenCluster(cluster)) yield UNFROZEN;
  const render = (apps: readonly App[]) => renderRows(cluster, apps, detail);
  yield* withSoundTables(cluster.apps, render, appFigures, note);
}

function* renderRows({ nodes }: Cluster, apps: readonly App[], detail: boolean): Rendering {
  const statusOf = new Map(
    nodes.map(({ address, status }) => [
      string(address, 'address'),
      literal(status, NODE_STATUSES, 'status'),
    ]),
  );
  const counts = detail ? (yield* clusterFigures(yield* availableApps(apps))).replicaCounts : undefined;
  const rows = sortedAddresses(statusOf.keys()).map((address) => {
    const status = statusOf.get(address) as NodeStatus & Plain;
    const node = plain(address);
    if (counts === undefined) return member(node, writeNode({ address: node, status }));
    const { primary, secondary } = counts.get(address) ?? { primary: 0, secondary: 0 };
    return member(
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
  yield `{"details":${jsonObject(rows)},"summary":${summary}}\n`;
}

/** A single node of unknown status leaves both counts unknown: 0 of 3 alive would be an alarm, and an invention. */
function countOf(statuses: readonly NodeStatus[], status: NodeStatus): Plain {
  if (statuses.includes('UNKNOWN')) return 'unknown' as Plain;
  return count(statuses.filter((other) => other === status).length, 'nodes');
}
