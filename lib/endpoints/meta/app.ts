import { writeAppGeneral, writeAppHealthy, writeAppNode, writeAppReplica } from '../../compiled/rows.js';
import type { ResponseBody } from '../../http/body.js';
import type { App, Partition } from '../../model/cluster.js';
import type { Compatibility } from '../../model/enums.js';
import type { PegasusError } from '../../model/errors.js';
import type { MaybePromise } from '../../model/maybe-promise.js';
import { sortAddresses } from '../../render/addresses.js';
import { cachedRows } from '../../render/block-cache.js';
import { cachedDocument } from '../../render/body-cache.js';
import type { ChunkGenerator } from '../../render/chunk-buffer.js';
import {
  addressOrDash,
  ballot,
  bracketList,
  count,
  escapeJson,
  type JsonSafe,
  jsonText,
  ratio,
} from '../../render/format.js';
import { objectOf, property } from '../../render/json.js';
import { param } from '../../routing/params.js';
import { defineRoute, type Route } from '../../routing/route.js';
import { appStats, appStatsInSteps, isFrozenPartition } from '../../stats/app-stats.js';
import { type Health, replicaCount } from '../../stats/health.js';
import type { ReplicaCounts, ReplicaCountsByNode } from '../../stats/replica-counts.js';
import * as wire from '../../wire/meta.js';
import { appNameParam, isAvailable, notAvailable } from './app-availability.js';
import { byCompatibility } from './by-compatibility.js';
import { frozenCopyOfApp } from './frozen-copy.js';
import { readApp } from './operations.js';

/** Creates the route of `GET /meta/app`. */
export function appRoute(compatibility: Compatibility): Route {
  return defineRoute({
    path: '/meta/app',
    group: 'meta',
    access: 'read',
    summary: 'Returns one table; with detail, also its partitions, nodes and health.',
    params: { name: appNameParam, detail: param.flag() },
    rejectUnknownParams: true,
    source: readApp,
    response: { 'application/json': wire.app },
    render: (found, { name, detail }) => renderApp(found, name, detail, compatibility),
  });
}

const replicaRows = cachedRows(replicaRow, isFrozenPartition);

/** Renders a table, or returns why it is not available. */
export function renderApp(
  found: App | undefined,
  name: string,
  detail: boolean,
  compatibility: Compatibility,
): MaybePromise<ResponseBody | PegasusError> {
  if (!isAvailable(found)) return notAvailable(found, name);
  return detail ? DETAILED_DOCUMENTS[compatibility](found, undefined) : generalDocument(found, undefined);
}

const generalDocument = cachedDocument(isFrozenInGeneral, general, frozenCopyOfApp);

const DETAILED_DOCUMENTS = byCompatibility((compatibility) =>
  cachedDocument(isDeepFrozen, (app: App) => withDetail(app, compatibility), frozenCopyOfApp),
);

/** Whether all that {@link generalRow} reads is frozen. Partitions matter only where they have a count of their own. */
function isFrozenInGeneral(app: App): boolean {
  const [first] = app.partitions;
  if (first?.maxReplicaCount === undefined) return Object.isFrozen(app);
  return [app, app.partitions, first].every(Object.isFrozen);
}

function* isDeepFrozen(app: App): Generator<void, boolean, void> {
  if (!Object.isFrozen(app)) return false;
  return (yield* appStatsInSteps(app)).isFrozen;
}

function* general(app: App): ChunkGenerator {
  yield `{"general":${generalRow(app)}}\n`;
}

function* withDetail(app: App, compatibility: Compatibility): ChunkGenerator {
  const { health, replicaCounts } = appStats(app);
  yield `{"general":${generalRow(app)},"replicas":{`;
  yield* replicaRows(app.partitions, count(app.maxReplicaCount, 'maxReplicaCount'));
  yield `},"nodes":${nodesObject(replicaCounts, compatibility)},"healthy":${healthyRow(health)}}\n`;
}

function generalRow(app: App): string {
  return writeAppGeneral({
    app_name: jsonText(app.appName, 'appName'),
    app_id: count(app.appId, 'appId'),
    partition_count: count(app.partitionCount, 'partitionCount'),
    // A real server prints the count of partition 0.
    max_replica_count: count(app.partitions[0]?.maxReplicaCount ?? app.maxReplicaCount, 'maxReplicaCount'),
  });
}

function replicaRow(partition: Partition, appMaxReplicaCount: JsonSafe): string {
  const pidx = count(partition.pidx, 'pidx');
  const { maxReplicaCount } = partition;
  const max = maxReplicaCount === undefined ? appMaxReplicaCount : count(maxReplicaCount, 'maxReplicaCount');
  return property(
    pidx,
    writeAppReplica({
      pidx,
      ballot: ballot(partition.ballot, 'ballot'),
      replica_count: ratio(count(replicaCount(partition), 'replica count'), max),
      primary: addressOrDash(partition.primary, 'primary'),
      secondaries: bracketList(partition.secondaries, 'secondaries'),
    }),
  );
}

function nodesObject(counts: ReplicaCountsByNode, compatibility: Compatibility): string {
  const sum: ReplicaCounts = { primary: 0, secondary: 0 };
  const rows = sortAddresses(counts.keys(), compatibility).map((address) => {
    const { primary, secondary } = counts.get(address) as ReplicaCounts;
    if (address === 'total') throw new TypeError('a node must not be named "total", the key of the sum');
    sum.primary += primary;
    sum.secondary += secondary;
    return nodeRow(escapeJson(address), { primary, secondary });
  });
  return objectOf([...rows, nodeRow(escapeJson('total'), sum)]);
}

function nodeRow(node: JsonSafe, { primary, secondary }: ReplicaCounts): string {
  return property(
    node,
    writeAppNode({
      node,
      primary: count(primary, 'primary'),
      secondary: count(secondary, 'secondary'),
      total: count(primary + secondary, 'total'),
    }),
  );
}

function healthyRow(health: Health): string {
  return writeAppHealthy({
    fully_healthy_partition_count: count(health.fullyHealthy, 'fullyHealthy'),
    unhealthy_partition_count: count(health.unhealthy, 'unhealthy'),
    write_unhealthy_partition_count: count(health.writeUnhealthy, 'writeUnhealthy'),
    read_unhealthy_partition_count: count(health.readUnhealthy, 'readUnhealthy'),
  });
}
