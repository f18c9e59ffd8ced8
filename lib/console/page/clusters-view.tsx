import { CLUSTERS, type ListedCluster } from './clusters.js';
import { useText } from './i18n.js';
import { HealthBadge, UnknownBadge, ViewHead } from './parts.js';
import { BASE } from './request.js';
import { States } from './states.js';
import { type Health, isProblem, readTables, severity } from './tables.js';
import { usePoll } from './use-poll.js';
import type { Apps, Nodes } from './wire.js';

/** Lists the clusters of the server with their health. */
export function ClustersView() {
  const t = useText();
  return (
    <>
      <ViewHead title={t('nav.clusters')} note={CLUSTERS.length} />
      <ul class="clusters">
        {CLUSTERS.map((cluster) => (
          <ClusterCard key={cluster.name} cluster={cluster} />
        ))}
      </ul>
    </>
  );
}

function ClusterCard({ cluster }: { cluster: ListedCluster }) {
  const t = useText();
  const { name, url } = cluster;
  const { data: apps, problem } = usePoll<Apps>(new URL('meta/apps?detail', url).href);
  const { data: nodes } = usePoll<Nodes>(new URL('meta/nodes?detail', url).href);
  const tables = apps === undefined ? [] : readTables(apps).filter(({ health }) => health !== 'inactive');
  const bad = tables.filter(({ health }) => isProblem(health));
  const all = Object.values(nodes?.details ?? {});
  const dead = all.filter(({ status }) => status !== 'ALIVE').length;
  const worst = bad.reduce<Health>(
    (one, { health }) => (severity(health) > severity(one) ? health : one),
    dead > 0 ? 'degraded' : 'ok',
  );
  return (
    <li class="card">
      <header class="card-head">
        <h2>
          <a href={new URL('console/', url).href}>{name}</a>
        </h2>
        {problem !== undefined ? <UnknownBadge problem={problem} /> : apps && <HealthBadge health={worst} />}
      </header>
      {problem !== undefined && <p class="muted">{t(`problem.${problem.kind}`)}</p>}
      {problem === undefined && apps !== undefined && (
        <>
          <States tables={tables} />
          <p class="muted">
            {bad.length === 0
              ? t('cluster.good', tables.length, all.length)
              : t(bad.length === 1 ? 'cluster.bad.one' : 'cluster.bad', bad.length, tables.length)}{' '}
            {dead > 0 && t(dead === 1 ? 'cluster.dead.one' : 'cluster.dead', dead, all.length)}
          </p>
        </>
      )}
      <p class="muted small mono">{url.href.replace(BASE.origin, '')}</p>
    </li>
  );
}
