import { useMemo, useState } from 'preact/hooks';
import { DataTable } from './data-table.js';
import { useText } from './i18n.js';
import { linkTo } from './location.js';
import { PartitionList } from './partition-list.js';
import { MapLegend, PartitionMap } from './partition-map.js';
import { Bar, Card, HealthBadge, Stat, ViewHead, WithData } from './parts.js';
import { type Health, type Partition, readPartitions, severity } from './tables.js';
import { usePoll } from './use-poll.js';
import type { AppDetail, Nodes } from './wire.js';

type ReplicasOfNode = Readonly<Record<'node' | 'primary' | 'secondary' | 'total', string>>;

const NO_NODES: ReadonlySet<string> = new Set();

/** Shows one table: its partitions by nodes, its replicas by node and its environment variables. */
export function TableView({ name }: { name: string }) {
  const t = useText();
  const app = usePoll<AppDetail>(`meta/app?name=${encodeURIComponent(name)}&detail`);
  return (
    <>
      <p class="crumb">
        <a href={linkTo('tables')}>← {t('table.back')}</a>
      </p>
      <WithData poll={app}>{(data) => <Table app={data} />}</WithData>
    </>
  );
}

function Table({ app }: { app: AppDetail }) {
  const t = useText();
  const { data: nodes } = usePoll<Nodes>('meta/nodes?detail');
  const partitions = useMemo(() => readPartitions(app), [app]);
  const rows = Object.values(app.nodes ?? {}).filter(({ node }) => node !== 'total');
  const dead = useMemo(
    () =>
      nodes === undefined
        ? NO_NODES
        : new Set(
            Object.values(nodes.details)
              .filter(({ status }) => status !== 'ALIVE')
              .map(({ address }) => address),
          ),
    [nodes],
  );
  const addresses = useMemo(() => nodesOf(partitions, app, dead), [partitions, app, dead]);
  const bad = partitions.filter(({ health }) => health !== 'ok');
  const worst = bad.reduce<Health>(
    (one, { health }) => (severity(health) > severity(one) ? health : one),
    'ok',
  );
  const { app_name, app_id, max_replica_count } = app.general;
  return (
    <>
      <ViewHead title={app_name} note={<HealthBadge health={worst} />} />
      <div class="stats">
        <Stat label={t('tables.id')} value={app_id} />
        <Stat label={t('tables.partitions')} value={partitions.length.toLocaleString('en')} />
        <Stat label={t('tables.replicas')} value={max_replica_count} />
        <Stat
          label={t('tables.healthy')}
          value={(partitions.length - bad.length).toLocaleString('en')}
          tone={worst}
          note={
            <Bar
              label={`${partitions.length - bad.length}/${partitions.length}`}
              parts={[
                { tone: 'ok', value: partitions.length - bad.length },
                { tone: worst, value: bad.length },
              ]}
            />
          }
        />
      </div>
      <Card title={t('table.map')} aside={<MapLegend />}>
        <PartitionMap partitions={partitions} nodes={addresses} dead={dead} />
      </Card>
      <div class="columns">
        <Card title={t('table.perNode')} flush>
          <PerNode rows={rows} />
        </Card>
        <Envs name={app_name} />
      </div>
      <PartitionList partitions={partitions} />
    </>
  );
}

/** Returns the nodes that hold a replica, and the dead ones. */
function nodesOf(
  partitions: readonly Partition[],
  app: AppDetail,
  dead: ReadonlySet<string>,
): readonly string[] {
  const listed = Object.keys(app.nodes ?? {}).filter((node) => node !== 'total');
  const used = partitions.flatMap(({ primary, secondaries }) =>
    primary === undefined ? secondaries : [primary, ...secondaries],
  );
  return [...new Set([...listed, ...used, ...dead])].sort();
}

function PerNode({ rows }: { rows: readonly ReplicasOfNode[] }) {
  const t = useText();
  const [sort, setSort] = useState('node');
  return (
    <DataTable
      label={t('table.perNode')}
      items={rows}
      keyOf={({ node }) => node}
      sort={sort}
      onSort={setSort}
      columns={[
        {
          key: 'node',
          title: t('table.node'),
          sortBy: ({ node }) => node,
          cell: ({ node }) => <span class="name">{node}</span>,
        },
        ...(['primary', 'secondary', 'total'] as const).map((key) => ({
          key,
          title: t(`table.${key}`),
          isNumber: true,
          sortBy: (row: ReplicasOfNode) => Number(row[key]),
          cell: (row: ReplicasOfNode) => row[key],
        })),
      ]}
    />
  );
}

function Envs({ name }: { name: string }) {
  const t = useText();
  const envs = usePoll<Record<string, string>>(`meta/app_envs?name=${encodeURIComponent(name)}`);
  return (
    <Card title={t('table.envs')}>
      <WithData poll={envs}>
        {(data) =>
          Object.keys(data).length === 0 ? (
            <p class="muted">{t('table.noEnvs')}</p>
          ) : (
            <dl class="facts mono">
              {Object.entries(data).map(([key, value]) => (
                <div key={key}>
                  <dt>{key}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
            </dl>
          )
        }
      </WithData>
    </Card>
  );
}
