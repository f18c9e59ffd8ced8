import { writeNode, writeNodeInDetail, writeNodesSummary } from '../../compiled/rows.js';
import type { ResponseBody } from '../../http/body.js';
import type { Cluster, NodeReplicaCounts } from '../../model/cluster.js';
import { type Compatibility, NODE_STATUSES, type NodeStatus } from '../../model/enums.js';
import type { MaybePromise } from '../../model/maybe-promise.js';
import { sortAddresses } from '../../render/addresses.js';
import { cachedDocument } from '../../render/body-cache.js';
import type { ChunkGenerator } from '../../render/chunk-buffer.js';
import { assertString, count, escapeJson, type JsonSafe, oneOf } from '../../render/format.js';
import { objectOf, property } from '../../render/json.js';
import { param } from '../../routing/params.js';
import { defineRoute, type Route, type TableReporter } from '../../routing/route.js';
import { appStats, isDeepFrozenApp } from '../../stats/app-stats.js';
import { clusterReplicaCounts } from '../../stats/cluster-stats.js';
import type { ReplicaCountsByNode } from '../../stats/replica-counts.js';
import * as wire from '../../wire/cluster.js';
import { byCompatibility } from './by-compatibility.js';
import { isDeepFrozenCluster, isFrozenCluster } from './frozen-cluster.js';
import { frozenCopyOfCluster } from './frozen-copy.js';
import { readCluster } from './operations.js';
import { tableLister } from './skip-invalid-tables.js';

/** Creates the route of `GET /meta/nodes`. */
export function nodesRoute(compatibility: Compatibility): Route {
  return defineRoute({
    path: '/meta/nodes',
    group: 'meta',
    access: 'read',
    summary: 'Lists the replica servers; with detail, also their replica counts.',
    params: { detail: param.flag() },
    rejectUnknownParams: true,
    source: readCluster,
    response: { 'application/json': wire.nodes },
    render: (cluster, { detail }, reporter) => renderNodes(cluster, detail, reporter, compatibility),
  });
}

const listStats = tableLister(appStats, isDeepFrozenApp);

/** Renders the nodes of a cluster. */
export function renderNodes(
  cluster: Cluster,
  detail: boolean,
  reporter: TableReporter,
  compatibility: Compatibility,
): MaybePromise<ResponseBody> {
  return detail
    ? DETAILED_DOCUMENTS[compatibility](cluster, reporter)
    : DOCUMENTS[compatibility](cluster, undefined);
}

const DOCUMENTS = byCompatibility((compatibility) =>
  cachedDocument(
    isFrozenCluster,
    (cluster: Cluster) => nodesObject(cluster, undefined, compatibility),
    frozenCopyOfCluster,
  ),
);

const DETAILED_DOCUMENTS = byCompatibility((compatibility) =>
  cachedDocument(
    isDeepFrozenCluster,
    (cluster: Cluster, reporter: TableReporter) => withDetail(cluster, reporter, compatibility),
    frozenCopyOfCluster,
  ),
);

function* withDetail(
  cluster: Cluster,
  reporter: TableReporter,
  compatibility: Compatibility,
): ChunkGenerator {
  const { blocks, reportSkipped } = listStats(cluster.apps);
  yield* nodesObject(cluster, clusterReplicaCounts(blocks), compatibility);
  return reportSkipped(reporter);
}

const NO_REPLICAS: NodeReplicaCounts = { primary: 0, secondary: 0 };

/** @param counts - Replica counts by node; `undefined` without detail. */
function* nodesObject(
  { nodes }: Cluster,
  counts: ReplicaCountsByNode | undefined,
  compatibility: Compatibility,
): ChunkGenerator {
  const statuses = new Map(
    nodes.map(({ address, status }) => [
      assertString(address, 'address'),
      oneOf(status, NODE_STATUSES, 'status'),
    ]),
  );
  const given = new Map(nodes.map(({ address, replicaCounts }) => [address, replicaCounts]));
  const rows = sortAddresses(statuses.keys(), compatibility).map((address) =>
    nodeRow(
      address,
      statuses.get(address) as NodeStatus & JsonSafe,
      counts && (given.get(address) ?? counts.get(address) ?? NO_REPLICAS),
    ),
  );
  const all = [...statuses.values()];
  const summary = writeNodesSummary({
    total_node_count: count(all.length, 'nodes'),
    alive_node_count: countOf(all, 'ALIVE'),
    unalive_node_count: countOf(all, 'UNALIVE'),
  });
  yield `{"details":${objectOf(rows)},"summary":${summary}}\n`;
}

function nodeRow(
  address: string,
  status: NodeStatus & JsonSafe,
  counts: NodeReplicaCounts | undefined,
): string {
  const node = escapeJson(address);
  if (counts === undefined) return property(node, writeNode({ address: node, status }));
  const { primary, secondary } = counts;
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
}

/** One node of unknown status makes both counts unknown: "0 of 3 alive" would be a false alarm. */
function countOf(statuses: readonly NodeStatus[], status: NodeStatus): JsonSafe {
  if (statuses.includes('UNKNOWN')) return 'unknown' as JsonSafe;
  return count(statuses.filter((other) => other === status).length, 'nodes');
}
