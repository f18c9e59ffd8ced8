import { useState } from 'preact/hooks';
import { type Column, DataTable } from './data-table.js';
import { type Translate, useText } from './i18n.js';
import { amountText, type FunctionRow, type ProfileTree } from './profile-model.js';

/** Lists the functions of a profile. */
export function FunctionTable({ tree, search }: { tree: ProfileTree; search: string }) {
  const t = useText();
  const [sort, setSort] = useState('-self');
  const wanted = search.toLowerCase();
  return (
    <DataTable
      label={t('profile.top')}
      columns={columnsOf(t, tree)}
      items={tree.functions.filter(({ name, file }) => `${name} ${file}`.toLowerCase().includes(wanted))}
      keyOf={({ key }) => key}
      sort={sort}
      onSort={setSort}
      isLong
    />
  );
}

function columnsOf(t: Translate, { root, unit }: ProfileTree): readonly Column<FunctionRow>[] {
  const share = (amount: number) => `${root.value === 0 ? 0 : ((100 * amount) / root.value).toFixed(1)} %`;
  const amount = (key: 'self' | 'total', title: string): Column<FunctionRow> => ({
    key,
    title,
    isNumber: true,
    sortBy: (row) => row[key],
    cell: (row) => (
      <span class="nowrap">
        {amountText(row[key], unit)} <span class="muted share">{share(row[key])}</span>
      </span>
    ),
  });
  return [
    {
      key: 'name',
      title: t('profile.function'),
      sortBy: ({ name }) => name,
      cell: ({ name }) => (
        <span class="name mono" title={name}>
          {name}
        </span>
      ),
    },
    amount('self', t('profile.self')),
    amount('total', t('profile.cumulative')),
    {
      key: 'file',
      title: t('profile.file'),
      isRest: true,
      isMinor: true,
      sortBy: ({ file }) => file,
      cell: ({ file, line }) => (
        <span class="name muted" title={file}>
          {file === '' ? '' : `${shortPath(file)}${line > 0 ? `:${line}` : ''}`}
        </span>
      ),
    },
  ];
}

/** Keeps the end of a path, which tells files apart. */
function shortPath(file: string): string {
  const parts = file.split('/');
  return parts.length <= 3 ? file : `…/${parts.slice(-3).join('/')}`;
}
