import { useState } from 'preact/hooks';
import { type Column, DataTable } from './data-table.js';
import { type Translate, useText } from './i18n.js';
import { Card, HealthBadge } from './parts.js';
import { type Partition, severity } from './tables.js';

/** Lists the partitions of a table. */
export function PartitionList({ partitions }: { partitions: readonly Partition[] }) {
  const t = useText();
  const [sort, setSort] = useState('index');
  const [onlyBad, setOnlyBad] = useState(false);
  const items = onlyBad ? partitions.filter(({ health }) => health !== 'ok') : partitions;
  return (
    <Card
      title={t('table.list')}
      flush
      aside={
        <label class="check">
          <input
            type="checkbox"
            checked={onlyBad}
            onChange={(event) => setOnlyBad(event.currentTarget.checked)}
          />
          {t('table.onlyBad')}
        </label>
      }
    >
      <DataTable
        label={t('table.list')}
        columns={partitionColumns(t)}
        items={items}
        keyOf={({ index }) => index}
        sort={sort}
        onSort={setSort}
        empty={t('cluster.none')}
        isLong
      />
    </Card>
  );
}

function partitionColumns(t: Translate): readonly Column<Partition>[] {
  return [
    {
      key: 'index',
      title: t('table.partition'),
      isNumber: true,
      sortBy: ({ index }) => index,
      cell: ({ index }) => index,
    },
    {
      key: 'health',
      title: t('tables.health'),
      sortBy: ({ health }) => 5 - severity(health),
      cell: ({ health }) => <HealthBadge health={health} />,
    },
    {
      key: 'ballot',
      title: t('table.ballot'),
      isNumber: true,
      sortBy: ({ ballot }) => Number(ballot),
      cell: ({ ballot }) => ballot,
    },
    {
      key: 'primary',
      title: t('table.primary'),
      sortBy: ({ primary = '' }) => primary,
      cell: ({ primary }) => primary ?? <span class="muted">{t('table.none')}</span>,
    },
    {
      key: 'secondaries',
      title: t('table.secondaries'),
      isMinor: true,
      cell: ({ secondaries }) =>
        secondaries.length === 0 ? <span class="muted">{t('table.none')}</span> : secondaries.join(', '),
    },
  ];
}
