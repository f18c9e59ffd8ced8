import type { Body } from '../body.js';
import type { App, MaybePromise, Partition } from '../contracts.js';
import { PegasusError } from '../errors.js';
import { type AppFigures, appFigures, isFrozenPartition } from '../figures/app-figures.js';
import { type Health, replicaCount } from '../figures/health.js';
import type { ReplicaCounts } from '../figures/replica-counts.js';
import { blockWriter, keptBody } from '../kept.js';
import { type Rendering, UNFROZEN } from '../render.js';
import { sortedAddresses } from '../text/address.js';
import { addressOrDash, bracketed, count, outOf, type Plain, plain, text } from '../text/format.js';
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

const replicaRows = blockWriter(replicaOf, isFrozenPartition);

/** `/meta/app` */
export function appAnswer(
  found: App | undefined,
  asked: string,
  detail: boolean,
): MaybePromise<Body | PegasusError> {
  const app = availableApp(found, asked);
  if (app instanceof PegasusError) return app;
  return keptBody(app, detail ? 'app?detail' : 'app', () => renderApp(app, detail));
}

function* renderApp(app: App, detail: boolean): Rendering {
  if (!Object.isFrozen(app)) yield UNFROZEN;
  const wanted = count(app.maxReplicaCount, 'maxReplicaCount');
  const general = writeGeneral({
    app_name: text(app.appName, 'appName'),
    app_id: count(app.appId, 'appId'),
    partition_count: count(app.partitionCount, 'partitionCount'),
    max_replica_count: wanted,
  });
  yield `{"general":${general}`;
  if (detail) {
    const { health, replicaCounts } = yield* appFigures(app);
    yield ',"replicas":{';
    yield* replicaRows(app.partitions, wanted);
    yield `},"nodes":${nodesOf(replicaCounts)},"healthy":${healthyOf(health)}`;
  }
  yield '}\n';
}

function replicaOf(partition: Partition, wanted: Plain): string {
  const pidx = count(partition.pidx, 'pidx');
  return member(
    pidx,
    writeReplica({
      pidx,
      ballot: count(partition.ballot, 'ballot'),
      replica_count: outOf(count(replicaCount(partition), 'replica count'), wanted),
      primary: addressOrDash(partition.primary, 'primary'),
      secondaries: bracketed(partition.secondaries, 'secondaries'),
    }),
  );
}

function nodesOf(counts: AppFigures['replicaCounts']): string {
  const sum: ReplicaCounts = { primary: 0, secondary: 0 };
  const rows = sortedAddresses(counts.keys()).map((address) => {
    const { primary, secondary } = counts.get(address) as ReplicaCounts;
    sum.primary += primary;
    sum.secondary += secondary;
    return nodeOf(plain(address), { primary, secondary });
  });
  return jsonObject([...rows, nodeOf(plain('total'), sum)]);
}

function nodeOf(node: Plain, { primary, secondary }: ReplicaCounts): string {
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

function healthyOf(health: Health): string {
  return writeHealthy({
    fully_healthy_partition_count: count(health.fullyHealthy, 'fullyHealthy'),
    unhealthy_partition_count: count(health.unhealthy, 'unhealthy'),
    write_unhealthy_partition_count: count(health.writeUnhealthy, 'writeUnhealthy'),
    read_unhealthy_partition_count: count(health.readUnhealthy, 'readUnhealthy'),
  });
}
