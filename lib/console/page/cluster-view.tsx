import { About } from './about-card.js';
import { Changes } from './changes-list.js';
import { useText } from './i18n.js';
import { linkTo } from './location.js';
import { Bar, Card, HealthBadge, Stat, ViewHead, WithData } from './parts.js';
import { States } from './states.js';
import { type Health, readTables, severity, type Table } from './tables.js';
import { usePoll } from './use-poll.js';
import type { Apps, Cluster, Nodes } from './wire.js';

const MAX_SHOWN = 8;

/** Shows the health of the cluster at a glance. */
export function ClusterView() {
  const t = useText();
  const apps = usePoll<Apps>('meta/apps?detail');
  const nodes = usePoll<Nodes>('meta/nodes?detail');
  const cluster = usePoll<Cluster>('meta/cluster');
  return (
    <>
      <ViewHead title={t('nav.cluster')} />
      <WithData poll={apps}>
        {(data) => (
          <Overview
            tables={readTables(data)}
            nodes={nodes.data}
            cluster={cluster.data}
            age={apps.ageSeconds}
          />
        )}
      </WithData>
    </>
  );
}

function Overview(props: {
  tables: readonly Table[];
  nodes: Nodes | undefined;
  cluster: Cluster | undefined;
  age: number;
}) {
  const t = useText();
  const { tables, cluster, age } = props;
  const nodes = Object.values(props.nodes?.details ?? {});
  const dead = nodes.filter(({ status }) => status !== 'ALIVE').length;
  const served = tables.filter(({ health }) => health !== 'inactive');
  const bad = served
    .filter(({ health }) => health !== 'ok')
    .toSorted((a, b) => severity(b.health) - severity(a.health));
  const partitions = served.reduce((sum, table) => sum + table.partitions, 0);
  const healthy = served.reduce((sum, table) => sum + table.healthy, 0);
  const replicas = nodes.reduce((sum, node) => sum + Number(node.replica_count ?? 0), 0);
  const worst: Health = bad[0]?.health ?? (dead > 0 ? 'degraded' : 'ok');
  return (
    <>
      <div class={`verdict ${worst}`} role="status">
        <span class="verdict-mark" aria-hidden="true" />
        <span>
          {bad.length === 0 && dead === 0 && t('cluster.good', served.length, nodes.length)}
          {bad.length > 0 &&
            `${t(bad.length === 1 ? 'cluster.bad.one' : 'cluster.bad', bad.length, served.length)} `}
          {dead > 0 && t(dead === 1 ? 'cluster.dead.one' : 'cluster.dead', dead, nodes.length)}
        </span>
      </div>
      <div class="stats">
        <Stat label={t('cluster.tables')} value={served.length} note={<States tables={tables} />} />
        <Stat
          label={t('cluster.nodes')}
          value={nodes.length}
          note={
            <>
              <Bar
                label={t('cluster.alive', nodes.length - dead)}
                parts={[
                  { tone: 'ok', value: nodes.length - dead },
                  { tone: 'unreadable', value: dead },
                ]}
              />
              {t('cluster.alive', nodes.length - dead)}
            </>
          }
        />
        <Stat
          label={t('cluster.partitions')}
          value={partitions.toLocaleString('en')}
          note={
            <>
              <Bar
                label={`${healthy} ${t('health.ok')}`}
                parts={[
                  { tone: 'ok', value: healthy },
                  { tone: 'degraded', value: partitions - healthy },
                ]}
              />
              {healthy.toLocaleString('en')} {t('health.ok').toLowerCase()}
            </>
          }
        />
        <Stat
          label={t('cluster.replicas')}
          value={replicas.toLocaleString('en')}
          note={cluster && <Deviation cluster={cluster} />}
        />
      </div>
      <div class="columns">
        <Card title={t('cluster.attention')}>
          {bad.length === 0 ? <p class="muted">{t('cluster.none')}</p> : <Attention tables={bad} />}
        </Card>
        <Card title={t('changes.title')}>
          <Changes />
        </Card>
      </div>
      {cluster && <About cluster={cluster} age={age} />}
    </>
  );
}

function Deviation({ cluster }: { cluster: Cluster }) {
  const t = useText();
  return (
    <>
      {t('cluster.stddevAll')} {cluster.total_replica_count_stddev}
    </>
  );
}

function Attention({ tables }: { tables: readonly Table[] }) {
  const t = useText();
  return (
    <>
      <ul class="attention">
        {tables.slice(0, MAX_SHOWN).map(({ id, name, health, healthy, partitions }) => (
          <li key={id}>
            <a class="name" href={linkTo('tables', name)} title={name}>
              {name}
            </a>
            <span class="muted number">
              {healthy}/{partitions}
            </span>
            <HealthBadge health={health} />
          </li>
        ))}
      </ul>
      {tables.length > MAX_SHOWN && (
        <p>
          <a href={linkTo('tables', undefined, { show: 'problems' })}>{t('cluster.all', tables.length)}</a>
        </p>
      )}
    </>
  );
}
