import { useMemo } from 'preact/hooks';
import { type Column, DataTable } from './data-table.js';
import { useText } from './i18n.js';
import { linkTo, type Place, replaceQuery } from './location.js';
import { Bar, HealthBadge, ViewHead, WithData } from './parts.js';
import { readTables, severity, type Table } from './tables.js';
import { usePoll } from './use-poll.js';
import type { Apps } from './wire.js';

/** Lists the tables, sorted and filtered. */
export function TablesView({ place }: { place: Place }) {
  const apps = usePoll<Apps>('meta/apps?detail');
  return <WithData poll={apps}>{(data) => <Tables apps={data} place={place} />}</WithData>;
}

function Tables({ apps, place }: { apps: Apps; place: Place }) {
  const t = useText();
  const tables = useMemo(() => readTables(apps), [apps]);
  const search = place.query.get('search') ?? '';
  const onlyBad = place.query.get('show') === 'problems';
  const wanted = search.toLowerCase();
  const items = tables.filter(
    ({ id, name, health }) =>
      (!onlyBad || (health !== 'ok' && health !== 'inactive')) &&
      (wanted === '' || name.toLowerCase().includes(wanted) || String(id) === wanted),
  );
  return (
    <>
      <ViewHead title={t('nav.tables')} note={t('tables.count', items.length, tables.length)}>
        <div class="tools">
          <input
            type="search"
            placeholder={t('tables.search')}
            aria-label={t('tables.search')}
            value={search}
            onInput={(event) => replaceQuery(place, { search: event.currentTarget.value })}
          />
          <fieldset class="segments" aria-label={t('tables.health')}>
            <button type="button" aria-pressed={!onlyBad} onClick={() => replaceQuery(place, { show: '' })}>
              {t('tables.all')}
            </button>
            <button
              type="button"
              aria-pressed={onlyBad}
              onClick={() => replaceQuery(place, { show: 'problems' })}
            >
              {t('tables.problems')}
            </button>
          </fieldset>
        </div>
      </ViewHead>
      <div class="card flush">
        <DataTable
          label={t('nav.tables')}
          columns={columnsOf(t)}
          items={items}
          keyOf={({ id }) => id}
          sort={place.query.get('sort') ?? 'health'}
          onSort={(sort) => replaceQuery(place, { sort })}
          empty={t('tables.none')}
          isLong
        />
      </div>
    </>
  );
}

function columnsOf(t: ReturnType<typeof useText>): readonly Column<Table>[] {
  return [
    { key: 'id', title: t('tables.id'), isNumber: true, sortBy: ({ id }) => id, cell: ({ id }) => id },
    {
      key: 'name',
      title: t('tables.name'),
      sortBy: ({ name }) => name,
      cell: ({ name, health }) =>
        health === 'inactive' ? (
          <span class="name" title={name}>
            {name}
          </span>
        ) : (
          <a class="name" href={linkTo('tables', name)} title={name}>
            {name}
          </a>
        ),
    },
    {
      key: 'health',
      title: t('tables.health'),
      sortBy: ({ health, id }) => (5 - severity(health)) * 1e9 + id,
      cell: ({ health, status }) => (
        <>
          <HealthBadge health={health} />
          {health === 'inactive' && <span class="muted"> {status}</span>}
        </>
      ),
    },
    {
      key: 'healthy',
      title: t('tables.healthy'),
      isMinor: true,
      sortBy: ({ healthy, partitions }) => (partitions === 0 ? 1 : healthy / partitions),
      cell: ({ healthy, partitions, health }) =>
        health === 'inactive' ? (
          '-'
        ) : (
          <span class="meter">
            <Bar
              label={`${healthy}/${partitions}`}
              parts={[
                { tone: 'ok', value: healthy },
                { tone: health, value: partitions - healthy },
              ]}
            />
            <span class="number">
              {healthy}/{partitions}
            </span>
          </span>
        ),
    },
    {
      key: 'partitions',
      title: t('tables.partitions'),
      isNumber: true,
      sortBy: ({ partitions }) => partitions,
      cell: ({ partitions }) => partitions,
    },
    {
      key: 'replicas',
      title: t('tables.replicas'),
      isNumber: true,
      isMinor: true,
      sortBy: ({ replicas }) => replicas,
      cell: ({ replicas }) => replicas,
    },
    {
      key: 'envs',
      title: t('tables.envs'),
      isNumber: true,
      isMinor: true,
      sortBy: ({ envs }) => envs,
      cell: ({ envs }) => envs,
    },
    {
      key: 'created',
      title: t('tables.created'),
      isMinor: true,
      sortBy: ({ created }) => created,
      cell: ({ created }) => <span class="nowrap">{created.replace(/\.0+$/, '')}</span>,
    },
  ];
}
