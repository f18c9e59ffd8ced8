import { type Column, DataTable } from './data-table.js';
import { type Translate, useText } from './i18n.js';
import { type Place, replaceQuery } from './location.js';
import { Stat, ViewHead, WithData } from './parts.js';
import { usePoll } from './use-poll.js';
import type { Nodes } from './wire.js';

interface Node {
  readonly address: string;
  readonly status: string;
  readonly primaries: number;
  readonly secondaries: number;
  readonly total: number;
}

/** Shows the replica servers and how the replicas are spread over them. */
export function NodesView({ place }: { place: Place }) {
  const nodes = usePoll<Nodes>('meta/nodes?detail');
  return <WithData poll={nodes}>{(data) => <NodeList nodes={readNodes(data)} place={place} />}</WithData>;
}

function readNodes({ details }: Nodes): readonly Node[] {
  return Object.values(details).map((row) => ({
    address: row.address,
    status: row.status,
    primaries: Number(row.primary_count ?? 0),
    secondaries: Number(row.secondary_count ?? 0),
    total: Number(row.replica_count ?? 0),
  }));
}

function NodeList({ nodes, place }: { nodes: readonly Node[]; place: Place }) {
  const t = useText();
  const alive = nodes.filter(({ status }) => status === 'ALIVE');
  const sum = (key: 'primaries' | 'total') => alive.reduce((total, node) => total + node[key], 0);
  const mean = alive.length === 0 ? 0 : sum('total') / alive.length;
  const most = Math.max(1, ...nodes.map(({ total }) => total));
  const dead = nodes.length - alive.length;
  return (
    <>
      <ViewHead title={t('nav.nodes')} note={t('cluster.alive', alive.length)} />
      <div class="stats">
        <Stat label={t('nodes.ALIVE')} value={alive.length} tone="ok" />
        <Stat label={t('nodes.UNALIVE')} value={dead} {...(dead > 0 && { tone: 'unreadable' as const })} />
        <Stat label={t('nodes.primaries')} value={sum('primaries').toLocaleString('en')} />
        <Stat label={t('nodes.total')} value={sum('total').toLocaleString('en')} />
      </div>
      <div class="card flush">
        <DataTable
          label={t('nav.nodes')}
          columns={columnsOf(t, mean, most)}
          items={nodes}
          keyOf={({ address }) => address}
          sort={place.query.get('sort') ?? 'status'}
          onSort={(sort) => replaceQuery(place, { sort })}
          isLong
        />
      </div>
    </>
  );
}

function columnsOf(t: Translate, mean: number, most: number): readonly Column<Node>[] {
  return [
    {
      key: 'address',
      title: t('nodes.address'),
      sortBy: ({ address }) => address,
      cell: ({ address }) => <span class="name">{address}</span>,
    },
    {
      key: 'status',
      title: t('nodes.status'),
      sortBy: ({ status, address }) => `${status === 'ALIVE' ? 1 : 0}${address}`,
      cell: ({ status }) => (
        <span class={`badge ${status === 'ALIVE' ? 'ok' : 'unreadable'}`}>
          <span class="dot" aria-hidden="true" />
          {status === 'ALIVE' || status === 'UNALIVE' ? t(`nodes.${status}`) : status}
        </span>
      ),
    },
    {
      key: 'bars',
      title: t('nodes.bars'),
      isMinor: true,
      cell: (node) => <NodeBar node={node} most={most} />,
    },
    {
      key: 'primaries',
      title: t('nodes.primaries'),
      isNumber: true,
      sortBy: ({ primaries }) => primaries,
      cell: ({ primaries }) => primaries,
    },
    {
      key: 'secondaries',
      title: t('nodes.secondaries'),
      isNumber: true,
      sortBy: ({ secondaries }) => secondaries,
      cell: ({ secondaries }) => secondaries,
    },
    {
      key: 'deviation',
      title: t('nodes.deviation'),
      isNumber: true,
      isMinor: true,
      sortBy: ({ total }) => total - mean,
      cell: ({ total, status }) => (status === 'ALIVE' ? signed(total - mean) : '-'),
    },
  ];
}

function signed(value: number): string {
  const text = Math.abs(value).toFixed(1);
  if (text === '0.0') return '0';
  return value > 0 ? `+${text}` : `−${text}`;
}

/** Draws the replicas of a node as a part of the fullest node. */
function NodeBar({ node, most }: { node: Node; most: number }) {
  const t = useText();
  const { address, primaries, secondaries } = node;
  const width = (value: number) => (element: HTMLSpanElement | null) => {
    if (element) element.style.width = `${(100 * value) / most}%`;
  };
  return (
    <span class="node-bar" role="img" aria-label={t('nodes.bar', address, primaries, secondaries)}>
      <span class="bar-part primary" ref={width(primaries)} />
      <span class="bar-part secondary" ref={width(secondaries)} />
    </span>
  );
}
