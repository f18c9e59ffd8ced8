import { useEffect, useRef, useState } from 'preact/hooks';
import { ScrollFrame } from './frame.js';
import { useText } from './i18n.js';
import { drawMap, type MapLayout, mapLayout, partitionAt } from './map-drawing.js';
import { useThemeVersion } from './preferences.js';
import type { Partition } from './tables.js';

/** Up to this many partitions every replica is a labelled cell; beyond it the map is drawn. */
const MAX_CELLS = 64;

/** Shows which node holds which partition. */
export function PartitionMap(props: {
  partitions: readonly Partition[];
  nodes: readonly string[];
  dead: ReadonlySet<string>;
}) {
  return props.partitions.length <= MAX_CELLS ? <CellMap {...props} /> : <DrawnMap {...props} />;
}

/** Explains the colours. */
export function MapLegend() {
  const t = useText();
  return (
    <ul class="legend" aria-hidden="true">
      <li>
        <span class="key primary" /> {t('table.primary')}
      </li>
      <li>
        <span class="key secondary" /> {t('table.secondary')}
      </li>
      <li>
        <span class="key degraded" /> {t('table.missing')}
      </li>
      <li>
        <span class="key unreadable" /> {t('health.unreadable')}
      </li>
    </ul>
  );
}

function CellMap({
  partitions,
  nodes,
  dead,
}: {
  partitions: readonly Partition[];
  nodes: readonly string[];
  dead: ReadonlySet<string>;
}) {
  const t = useText();
  return (
    <ScrollFrame class="map-frame" label={t('table.map')}>
      <table class="map">
        <thead>
          <tr>
            <th scope="col">{t('table.node')}</th>
            {partitions.map(({ index, health }) => (
              <th key={index} scope="col" class={`number ${health}`}>
                {index}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {nodes.map((node) => (
            <tr key={node}>
              <th scope="row" class={dead.has(node) ? 'dead' : ''}>
                {node}
                {dead.has(node) && <span class="tag unreadable">{t('nodes.UNALIVE')}</span>}
              </th>
              {partitions.map((partition) => (
                <td key={partition.index}>
                  <Cell partition={partition} node={node} />
                </td>
              ))}
            </tr>
          ))}
          <tr class="missing-row">
            <th scope="row">{t('table.missing')}</th>
            {partitions.map(({ index, missing, health }) => (
              <td key={index}>
                {missing > 0 && (
                  <span class={`cell ${health}`} title={t(`health.${health}`)}>
                    {missing}
                  </span>
                )}
              </td>
            ))}
          </tr>
        </tbody>
      </table>
    </ScrollFrame>
  );
}

function Cell({ partition, node }: { partition: Partition; node: string }) {
  const t = useText();
  const role =
    partition.primary === node ? 'primary' : partition.secondaries.includes(node) ? 'secondary' : undefined;
  if (role === undefined) return <span class="cell empty-cell" aria-hidden="true" />;
  return (
    <span class={`cell ${role}`} title={`${partition.index} · ${node} · ${t(`table.${role}`)}`}>
      <span aria-hidden="true">{role === 'primary' ? 'P' : 'S'}</span>
      <span class="hidden">{t(`table.${role}`)}</span>
    </span>
  );
}

function DrawnMap({ partitions, nodes }: { partitions: readonly Partition[]; nodes: readonly string[] }) {
  const t = useText();
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [width, setWidth] = useState(0);
  const [pointed, setPointed] = useState<Partition>();
  const theme = useThemeVersion();
  useEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const layout: MapLayout = mapLayout(width, partitions.length, nodes.length);
  // The theme changes the colours that are drawn.
  useEffect(() => {
    if (canvas.current !== null && width > 0) drawMap(canvas.current, layout, partitions, nodes);
  }, [width, partitions, nodes, theme]);
  return (
    <div ref={frame} class="drawn-map">
      <p class="pointed" aria-hidden="true">
        {pointed === undefined
          ? t('table.map.rows', nodes.join(' · '))
          : `${t('table.partition')} ${pointed.index} · ${t(`health.${pointed.health}`)} · ${t('table.primary')} ${
              pointed.primary ?? '-'
            } · ${t('table.secondaries')} ${pointed.secondaries.join(', ') || '-'}`}
      </p>
      <canvas
        ref={canvas}
        role="img"
        aria-label={t('table.map.label', partitions.length, nodes.length)}
        onPointerMove={(event) => setPointed(partitions[partitionAt(layout, event.offsetX, event.offsetY)])}
        onPointerLeave={() => setPointed(undefined)}
      />
    </div>
  );
}
