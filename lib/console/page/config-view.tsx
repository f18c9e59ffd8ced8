import { useState } from 'preact/hooks';
import { ConfigDialog } from './config-dialog.js';
import { type Column, DataTable } from './data-table.js';
import { type Translate, useText } from './i18n.js';
import { type Place, replaceQuery } from './location.js';
import { ViewHead, WithData } from './parts.js';
import { pollerOf } from './poller.js';
import { usePoll } from './use-poll.js';
import { hasPath } from './views.js';
import type { ConfigRow, Configs, Listing } from './wire.js';

const MUTABLE = 'flag_tag::FT_MUTABLE';

/** Lists the configuration of the server, and changes it where the server allows that. */
export function ConfigView({ place }: { place: Place }) {
  const configs = usePoll<Configs>('configs');
  return <WithData poll={configs}>{(data) => <Flags flags={Object.values(data)} place={place} />}</WithData>;
}

function Flags({ flags, place }: { flags: readonly ConfigRow[]; place: Place }) {
  const t = useText();
  const { data: listing } = usePoll<Listing>('');
  const [changing, setChanging] = useState<ConfigRow>();
  const [done, setDone] = useState<string>();
  const search = place.query.get('search') ?? '';
  const wanted = search.toLowerCase();
  const shown = flags.filter(({ name, section, description }) =>
    `${name} ${section} ${description}`.toLowerCase().includes(wanted),
  );
  const canChange = listing !== undefined && hasPath(listing, '/updateConfig');
  function close(changed: boolean): void {
    if (changed) {
      setDone(changing?.name);
      void pollerOf('configs').poll();
    }
    setChanging(undefined);
  }
  return (
    <>
      <ViewHead title={t('nav.config')} note={t('tables.count', shown.length, flags.length)}>
        <div class="tools">
          <input
            type="search"
            placeholder={t('config.search')}
            aria-label={t('config.search')}
            value={search}
            onInput={(event) => replaceQuery(place, { search: event.currentTarget.value })}
          />
        </div>
      </ViewHead>
      <p class="status-line" role="status">
        {done !== undefined && t('config.done', done)}
      </p>
      <div class="card flush">
        <DataTable
          label={t('nav.config')}
          columns={columnsOf(t, canChange ? setChanging : undefined)}
          items={shown}
          keyOf={({ name }) => name}
          sort={place.query.get('sort') ?? 'name'}
          onSort={(sort) => replaceQuery(place, { sort })}
          isLong
        />
      </div>
      {changing !== undefined && <ConfigDialog flag={changing} onClose={close} />}
    </>
  );
}

function columnsOf(
  t: Translate,
  onChange: ((flag: ConfigRow) => void) | undefined,
): readonly Column<ConfigRow>[] {
  return [
    {
      key: 'name',
      title: t('config.name'),
      sortBy: ({ name }) => name,
      cell: ({ name, description }) => (
        <span class="name mono" title={description}>
          {name}
        </span>
      ),
    },
    {
      key: 'value',
      title: t('config.value'),
      sortBy: ({ value }) => value,
      cell: ({ value }) => (
        <span class="name mono strong" title={value}>
          {value}
        </span>
      ),
    },
    {
      key: 'change',
      title: t('config.change'),
      cell: (flag) =>
        flag.tags === MUTABLE && flag.type !== 'FV_STRING' && onChange !== undefined ? (
          <button
            type="button"
            class="small"
            aria-label={`${t('config.change')} ${flag.name}`}
            onClick={() => onChange(flag)}
          >
            {t('config.change')}
          </button>
        ) : (
          <span class="muted">{t(flag.tags === MUTABLE ? 'config.mutable' : 'config.fixed')}</span>
        ),
    },
    {
      key: 'section',
      title: t('config.section'),
      isMinor: true,
      sortBy: ({ section }) => section,
      cell: ({ section }) => section,
    },
    {
      key: 'type',
      title: t('config.type'),
      isMinor: true,
      sortBy: ({ type }) => type,
      cell: ({ type }) => <span class="muted">{type.replace('FV_', '').toLowerCase()}</span>,
    },
    {
      key: 'description',
      title: t('config.description'),
      isRest: true,
      isMinor: true,
      cell: ({ description }) => (
        <span class="name muted" title={description}>
          {description}
        </span>
      ),
    },
  ];
}
