import type { ResponseBody } from '../../http/body.js';
import type { App, Partition } from '../../model/cluster.js';
import { PegasusError } from '../../model/errors.js';
import type { MaybePromise } from '../../model/maybe-promise.js';
import { sortAddresses } from '../../render/addresses.js';
import { blockWriter, keptBody } from '../../render/body-cache.js';
import {
  addressOrDash,
  bracketList,
  count,
  escapeJson,
  type JsonSafe,
  jsonText,
  ratio,
} from '../../render/format.js';
import { objectOf, property, rowWriter } from '../../render/json.js';
import { type Rendering, UNFROZEN } from '../../render/time-slicing.js';
import { type AppStats, appStats, isFrozenPartition } from '../../stats/app-stats.js';
import { type Health, replicaCount } from '../../stats/health.js';
import type { ReplicaCounts } from '../../stats/replica-counts.js';
import { availableApp } from './app-availability.js';

const writeGeneral = rowWriter('app_name', 'app_id', 'partition_count', 'max_replica_count');
const writeReplica = rowWriter('pidx', 'ballot', 'replica_count', 'primary', 'secondaries');
const writeNode = rowWriter('node', 'primary', 'secondary', 'total');
const writeHealthy = rowWriter(
  'fully_healthy_partition_count',
  'unhealthy_partition_count',
  'write_unhealthy_partition_count',
  'read_unhealthy_partition_count',
);

const replicaRows = blockWriter(replicaOf, isFrozenPartition);

/** `/meta/app` */
export function appAnswer(
  found: App | undefined,
  asked: string,
  detail: boolean,
): MaybePromise<ResponseBody | PegasusError> {
  const app = availableApp(found, asked);
  if (app instanceof PegasusError) return app;
  return keptBody(app, detail ? 'app?detail' : 'app', () => renderApp(app, detail));
}

function* renderApp(app: App, detail: boolean): Rendering {
  if (!Object.isFrozen(app)) yield UNFROZEN;
  const wanted = count(app.maxReplicaCount, 'maxReplicaCount');
  const general = writeGeneral({
    app_name: jsonText(app.appName, 'appName'),
    app_id: count(app.appId, 'appId'),
    partition_count: count(app.partitionCount, 'partitionCount'),
    max_replica_count: wanted,
  });
  yield `{"general":${general}`;
  if (detail) {
    const { health, replicaCounts } = yield* appStats(app);
    yield ',"replicas":{';
    yield* replicaRows(app.partitions, wanted);
    yield `},"nodes":${nodesOf(replicaCounts)},"healthy":${healthyOf(health)}`;
  }
  yield '}\n';
}

function replicaOf(partition: Partition, wanted: JsonSafe): string {
  const pidx = count(partition.pidx, 'pidx');
  return property(
    pidx,
    writeReplica({
      pidx,
      ballot: count(partition.ballot, 'ballot'),
      replica_count: ratio(count(replicaCount(partition), 'replica count'), wanted),
      primary: addressOrDash(partition.primary, 'primary'),
      secondaries: bracketList(partition.secondaries, 'secondaries'),
    }),
  );
}

function nodesOf(counts: AppStats['replicaCounts']): string {
  const sum: ReplicaCounts = { primary: 0, secondary: 0 };
  const rows = sortAddresses(counts.keys()).map((address) => {
    const { primary, secondary } = counts.get(address) as ReplicaCounts;
    sum.primary += primary;
    sum.secondary += secondary;
    return nodeOf(escapeJson(address), { primary, secondary });
  });
  return objectOf([...rows, nodeOf(escapeJson('total'), sum)]);
}

function nodeOf(node: JsonSafe, { primary, secondary }: ReplicaCounts): string {
  return property(
    node,
    writeNode({
      node,
      primary: count(primary, 'primary'),
      secondary: count(secondary, 'secondary'),
      total: count(primary + secondary, 'total'),
    }),
  );
}

function healthyOf(health: Health): string {
  return writeHealthy({
    fully_healthy_partition_count: count(health.fullyHealthy, 'fullyHealthy'),
    unhealthy_partition_count: count(health.unhealthy, 'unhealthy'),
    write_unhealthy_partition_count: count(health.writeUnhealthy, 'writeUnhealthy'),
    read_unhealthy_partition_count: count(health.readUnhealthy, 'readUnhealthy'),
  });
}
