import type { App, Partition } from '../contracts.js';
import { healthOf, replicaCount } from '../figures/health.js';
import { type ReplicaCounts, replicaCountsOf } from '../figures/replica-counts.js';
import { sortedAddresses } from '../text/address.js';
import { addressOrDash, ascending, commaJoined, count, text } from '../text/format.js';
import { jsonObject, member, rowWriter } from '../text/json.js';
import { availableApp } from './available.js';

const writeGeneral = rowWriter('app_name', 'app_id', 'partition_count', 'max_replica_count');
const writeReplica = rowWriter('pidx', 'ballot', 'replica_count', 'primary', 'secondaries');
const writeNode = rowWriter('node', 'primary', 'secondary', 'total');
const writeHealthy = rowWriter(
  'fully_healthy_partition_count',
  'unhealthy_partition_count',
  'write_unhealthy_partition_count',
  'read_unhealthy_partition_count',
);

/** `/meta/app` */
export function appAnswer(found: App | undefined, asked: string, detail: boolean): string {
  const app = availableApp(found, asked);
  const general = member(
    'general',
    writeGeneral({
      app_name: text(app.appName, 'appName'),
      app_id: count(app.appId, 'appId'),
      partition_count: count(app.partitionCount, 'partitionCount'),
      max_replica_count: count(app.maxReplicaCount, 'maxReplicaCount'),
    }),
  );
  if (!detail) return jsonObject([general]);
  return jsonObject([
    general,
    member('replicas', replicasOf(app)),
    member('nodes', nodesOf(app)),
    member('healthy', healthyOf(app)),
  ]);
}

function replicasOf(app: App): string {
  ascending(app.partitions, (partition) => partition.pidx, 'pidx');
  const wanted = count(app.maxReplicaCount, 'maxReplicaCount');
  return jsonObject(app.partitions.map((partition) => replicaOf(partition, wanted)));
}

function replicaOf(partition: Partition, wanted: string): string {
  const pidx = count(partition.pidx, 'pidx');
  return member(
    pidx,
    writeReplica({
      pidx,
      ballot: count(partition.ballot, 'ballot'),
      replica_count: `${replicaCount(partition)}/${wanted}`,
      primary: addressOrDash(partition.primary, 'primary'),
      secondaries: `[${commaJoined(partition.secondaries, 'secondaries')}]`,
    }),
  );
}

function nodesOf(app: App): string {
  const counts = replicaCountsOf(app);
  const sum: ReplicaCounts = { primary: 0, secondary: 0 };
  const rows = sortedAddresses(counts.keys()).map((address) => {
    const { primary, secondary } = counts.get(address) as ReplicaCounts;
    sum.primary += primary;
    sum.secondary += secondary;
    return nodeOf(address, { primary, secondary });
  });
  return jsonObject([...rows, nodeOf('total', sum)]);
}

function nodeOf(node: string, { primary, secondary }: ReplicaCounts): string {
  return member(
    node,
    writeNode({
      node,
      primary: count(primary, 'primary'),
      secondary: count(secondary, 'secondary'),
      total: count(primary + secondary, 'total'),
    }),
  );
}

function healthyOf(app: App): string {
  const health = healthOf(app);
  return writeHealthy({
    fully_healthy_partition_count: count(health.fullyHealthy, 'fullyHealthy'),
    unhealthy_partition_count: count(health.unhealthy, 'unhealthy'),
    write_unhealthy_partition_count: count(health.writeUnhealthy, 'writeUnhealthy'),
    read_unhealthy_partition_count: count(health.readUnhealthy, 'readUnhealthy'),
  });
}
